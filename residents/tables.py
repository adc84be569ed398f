"""Lists that leave the house as workbooks: no phone, no residence status beside a name (A11), no confidential address."""

from collections.abc import Sequence

from django.http import QueryDict
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from residents.filters import AccessFilter, EmergencyFilter, PeopleFilter, ReadingFilter, SeenFilter
from residents.forms import as_uuid
from residents.models import BreakGlass, Person, ReadingAlert
from residents.querysets import BreakGlassQuerySet, PersonQuerySet, ReadingAlertQuerySet
from residents.selectors.people import Row, rows
from residents.selectors.readings import Access, Seen
from shelter.accounts.models import User
from shelter.accounts.policy import Can, InfoClass
from shelter.exports.lists import NamedList, Selection
from shelter.ui.export import Column

COLUMNS: list[Column[Row]] = [
    Column(_("File"), lambda row: row.person.reference, 10),
    Column(_("Last name or single name"), lambda row: row.person.last_name, 26),
    Column(_("First name"), lambda row: row.person.first_name, 26),
    Column(_("Name in use"), lambda row: row.person.known_as, 20),
    Column(_("Born"), lambda row: row.person.birth, 18),
    Column(_("Gender"), lambda row: row.person.get_gender_display(), 14),
    Column(_("Nationalities"), lambda row: row.person.nationality_names, 26),
    Column(_("Languages"), lambda row: row.person.language_names, 26),
    Column(_("Site"), lambda row: row.stay.site.name_outside if row.stay else "", 24),
    Column(pgettext_lazy("furniture", "Bed"), lambda row: str(row.bed) if row.bed else "", 12),
    Column(_("Arrived on"), lambda row: row.stay.arrived_on if row.stay else None, 12),
    Column(_("Left on"), lambda row: row.stay.left_on if row.stay else None, 12),
    Column(_("Nights"), lambda row: row.nights, 8),
]

ACCESSES: list[Column[Access]] = [
    Column(_("When"), lambda access: access.at, 18),
    Column(_("Who"), lambda access: access.reader, 28),
    Column(_("What"), lambda access: access.what, 24),
    Column(_("How"), lambda access: access.how, 22),
    Column(_("Page"), lambda access: access.where, 30),
    Column(_("Why"), lambda access: access.why, 20),
]

READINGS: list[Column[ReadingAlert]] = [
    Column(_("First time"), lambda noticed: noticed.first_at, 18),
    Column(_("Who"), lambda noticed: noticed.user.name, 28),
    Column(_("What was noticed"), lambda noticed: noticed.get_kind_display(), 30),
    Column(_("File"), lambda noticed: noticed.reference, 12),
    Column(_("Site"), lambda noticed: noticed.site.name_outside, 24),
    Column(_("Times"), lambda noticed: noticed.times, 10),
]

SEEN_COLUMNS: list[Column[Seen]] = [
    Column(_("File"), lambda seen: seen.reference, 12),
    Column(_("First time"), lambda seen: seen.first_at, 18),
    Column(_("Last time"), lambda seen: seen.last_at, 18),
    Column(_("Times"), lambda seen: seen.times, 10),
    Column(_("What"), lambda seen: seen.what, 40),
    Column(_("How"), lambda seen: seen.how, 40),
]


OPENED: list[Column[BreakGlass]] = [
    Column(_("Opened"), lambda opened: opened.opened_at, 18),
    Column(_("Ended"), lambda opened: opened.ends_at, 18),
    Column(_("Who"), lambda opened: opened.user.name, 28),
    Column(_("What"), lambda opened: opened.get_of_class_display(), 24),
    Column(_("File"), lambda opened: opened.reference, 12),
    Column(_("Site"), lambda opened: opened.site.name_outside, 24),
    Column(_("Reviewed"), lambda opened: opened.reviewed_at, 18),
    Column(_("Reviewed by"), lambda opened: opened.reviewed_by.name if opened.reviewed_by else "", 28),
    Column(_("Verdict"), lambda opened: opened.get_verdict_display(), 18),
]


def _asked(user: User, query: QueryDict) -> Selection:
    """Those of the list whom the user may take out of the house, by name."""
    filters = PeopleFilter(query, user=user)
    allowed = filters.people().visible_to(user, Can.EXPORT_PEOPLE).order_by("search_name", "pk")
    site = filters.cleaned_data.get("site")
    sites = user.access.sites(Can.EXPORT_PEOPLE)
    words = [(now_("Which people"), str(filters.state.label)), *filters.in_words()]
    return Selection(list(allowed.values_list("pk", flat=True)), sites & {site.pk} if site else sites, words)


def _rows(user: User, people: Sequence[int], _query: QueryDict) -> list[Row]:
    allowed = Person.objects.visible_to(user, Can.EXPORT_PEOPLE).in_bulk(people)
    return rows(user, [allowed[key] for key in people if key in allowed])


PEOPLE = NamedList(
    kind="people",
    title=_("People"),
    can=Can.EXPORT_PEOPLE,
    approver=Can.APPROVE_EXPORT,
    info_class=InfoClass.IDENTITY,
    columns=COLUMNS,
    select=_asked,
    rows=_rows,
    persons=list,
)


def _person_asked(user: User, query: QueryDict) -> PersonQuerySet:
    return Person.objects.visible_to(user, Can.SEE_ACCESS_LOG).filter(public_id=as_uuid(query.get("person")))


def _log_asked(user: User, query: QueryDict) -> Selection:
    """One person: the log names their file by its number, and colleagues."""
    person = _person_asked(user, query).first()
    if person is None:
        return Selection([], frozenset())
    words = [(now_("File"), person.reference), *AccessFilter(query).in_words()]
    return Selection([person.pk], frozenset({person.registered_at_id}), words)


def _log_rows(user: User, persons: Sequence[int], query: QueryDict) -> list[Access]:
    found = _person_asked(user, query).filter(pk__in=persons).first()
    return AccessFilter(query).log_of(found)[:] if found else []


ACCESS_LOG = NamedList(
    kind="access_log",
    title=_("Access log"),
    can=Can.SEE_ACCESS_LOG,
    approver=Can.APPROVE_EXPORT,
    info_class=InfoClass.ACCESS_LOG,
    columns=ACCESSES,
    select=_log_asked,
    rows=_log_rows,
    persons=list,
    if_assigned=True,
)


def noticed(user: User, query: QueryDict) -> tuple[ReadingFilter, ReadingAlertQuerySet]:
    """The readings that an address asks for, and its filter."""
    filters = ReadingFilter(query)
    return filters, filters.noticed(ReadingAlert.objects.visible_to(user).select_related("user", "person", "site"))


def _readings_asked(user: User, query: QueryDict) -> Selection:
    filters, found = noticed(user, query)
    rows = list(found.order_by("-first_at", "-pk"))
    return Selection([row.pk for row in rows], frozenset(row.site_id for row in rows), filters.in_words())


def _readings_rows(user: User, readings: Sequence[int], _query: QueryDict) -> list[ReadingAlert]:
    seen = ReadingAlert.objects.visible_to(user).select_related("user", "person", "site").in_bulk(readings)
    return [seen[key] for key in readings if key in seen]


def _persons_read(readings: Sequence[int]) -> list[int]:
    # nosemgrep: unscoped-manager -- the keys come from a scoped selection, and row-level security stands beneath
    found = ReadingAlert.objects.filter(pk__in=readings).exclude(person=None)
    return list(found.order_by("person").values_list("person", flat=True).distinct())


READ = NamedList(
    kind="readings",
    title=_("Report on readings"),
    can=Can.SEE_READINGS,
    approver=Can.APPROVE_EXPORT,
    info_class=InfoClass.READINGS,
    columns=READINGS,
    select=_readings_asked,
    rows=_readings_rows,
    persons=_persons_read,
)


def _colleague_asked(user: User, query: QueryDict) -> User | None:
    return User.objects.visible_to(user, Can.SEE_READINGS).filter(public_id=as_uuid(query.get("member"))).first()


def _seen_asked(user: User, query: QueryDict) -> Selection:
    colleague = _colleague_asked(user, query)
    if colleague is None:
        return Selection([], frozenset())
    words = [(now_("Account"), colleague.name), *SeenFilter(query).in_words()]
    persons = [row.person_id for row in SeenFilter(query).seen_by(colleague)]
    return Selection(persons, user.access.sites(Can.SEE_READINGS), words)


def _seen_rows(user: User, persons: Sequence[int], query: QueryDict) -> list[Seen]:
    colleague = _colleague_asked(user, query)
    wanted = set(persons)
    return [row for row in SeenFilter(query).seen_by(colleague) if row.person_id in wanted] if colleague else []


SEEN = NamedList(
    kind="seen",
    title=_("What an account has seen"),
    can=Can.SEE_READINGS,
    approver=Can.APPROVE_EXPORT,
    info_class=InfoClass.READINGS,
    columns=SEEN_COLUMNS,
    select=_seen_asked,
    rows=_seen_rows,
    persons=list,
)


def opened_in_emergency(user: User, query: QueryDict) -> tuple[EmergencyFilter, BreakGlassQuerySet]:
    """The emergency accesses that an address asks for, and its filter."""
    filters = EmergencyFilter(query, user=user)
    seen = BreakGlass.objects.visible_to(user).select_related("user", "site", "reviewed_by")
    return filters, filters.opened(seen)


def _emergencies_asked(user: User, query: QueryDict) -> Selection:
    filters, found = opened_in_emergency(user, query)
    rows = list(found.order_by("-opened_at", "-pk"))
    words = [(now_("Which ones"), str(filters.state.label)), *filters.in_words()]
    return Selection([row.pk for row in rows], frozenset(row.site_id for row in rows), words)


def _emergencies_rows(user: User, opened: Sequence[int], _query: QueryDict) -> list[BreakGlass]:
    seen = BreakGlass.objects.visible_to(user).select_related("user", "site", "reviewed_by").in_bulk(opened)
    return [seen[key] for key in opened if key in seen]


def _persons_opened(opened: Sequence[int]) -> list[int]:
    # nosemgrep: unscoped-manager -- the keys come from a scoped selection, and row-level security stands beneath
    found = BreakGlass.objects.filter(pk__in=opened).order_by("person")
    return list(found.values_list("person", flat=True).distinct())


EMERGENCY_LIST = NamedList(
    kind="emergencies",
    title=_("Emergency accesses"),
    can=Can.SEE_EMERGENCIES,
    approver=Can.APPROVE_EXPORT,
    info_class=InfoClass.READINGS,
    columns=OPENED,
    select=_emergencies_asked,
    rows=_emergencies_rows,
    persons=_persons_opened,
)
