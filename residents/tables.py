"""Lists that leave the house as workbooks: no phone, no residence status beside a name (A11), no confidential address."""

from collections.abc import Sequence

from django.http import QueryDict
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from residents.filters import PeopleFilter
from residents.models import Person, ReadingAlert
from residents.selectors.people import Row, rows
from residents.selectors.readings import Access
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
    Column(_("Site"), lambda row: row.stay.site.name if row.stay else "", 24),
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
    Column(_("Site"), lambda noticed: noticed.site.name, 24),
    Column(_("Times"), lambda noticed: noticed.times, 10),
]


def _asked(user: User, query: QueryDict) -> Selection:
    """Those of the list whom the user may take out of the house, by name."""
    filters = PeopleFilter(query, user=user)
    allowed = filters.people().visible_to(user, Can.EXPORT_PEOPLE).order_by("search_name", "pk")
    site = filters.cleaned_data.get("site")
    sites = user.access.sites(Can.EXPORT_PEOPLE)
    words = [(now_("Which people"), str(filters.state.label)), *filters.in_words()]
    return Selection(list(allowed.values_list("pk", flat=True)), sites & {site.pk} if site else sites, words)


def _rows(user: User, people: Sequence[int]) -> list[Row]:
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
    of_persons=True,
)
