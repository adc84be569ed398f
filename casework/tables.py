"""Lists that leave the house as workbooks: who follows whom, and no word of what was confided."""

from collections.abc import Sequence

from django.http import QueryDict
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from casework.filters import FollowedFilter
from residents.models import KeyWorker
from residents.querysets import KeyWorkerQuerySet
from shelter.accounts.models import User
from shelter.accounts.policy import Can, InfoClass
from shelter.exports.lists import NamedList, Selection
from shelter.ui.export import Column

COLUMNS: list[Column[KeyWorker]] = [
    Column(_("File"), lambda row: row.person.reference, 10),
    Column(_("Person"), lambda row: row.person.full_name, 30),
    Column(_("Key worker"), lambda row: str(row.user), 26),
    Column(_("Site"), lambda row: row.site.name_outside, 24),
    Column(_("Since"), lambda row: row.starts_on, 12),
]


def _asked(user: User, query: QueryDict) -> Selection:
    """The persons of the list whom the user may take out of the house, by name."""
    filters = FollowedFilter(query, user=user)
    sites = user.access.sites(Can.EXPORT_PEOPLE)
    followed = filters.apply(filters.followed()).filter(site__in=sites).order_by("person__search_name", "person")
    site = filters.cleaned_data.get("site")
    words = [(now_("Whose follow-ups"), str(filters.whose.label)), *filters.in_words()]
    persons = dict.fromkeys(followed.values_list("person", flat=True))
    return Selection(list(persons), sites & {site.pk} if site else sites, words)


def _rows(user: User, people: Sequence[int], _query: QueryDict) -> KeyWorkerQuerySet:
    """Everyone who follows one of them, at the sites whose lists the user may take out."""
    sites = user.access.sites(Can.EXPORT_PEOPLE)
    rows = KeyWorker.objects.valid().filter(person__in=people, site__in=sites).select_related("person", "user", "site")
    return rows.order_by("person__search_name", "person", "pk")


FOLLOWED = NamedList(
    kind="followed",
    title=_("Follow-up"),
    can=Can.EXPORT_PEOPLE,
    approver=Can.APPROVE_EXPORT,
    info_class=InfoClass.IDENTITY,
    columns=COLUMNS,
    select=_asked,
    rows=_rows,
    persons=list,
)
