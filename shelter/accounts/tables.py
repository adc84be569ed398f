"""The list of a team, how it sorts and what its file shows; and the file of the policy table."""

from collections.abc import Sequence

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from shelter.accounts.forms import TeamFilter
from shelter.accounts.models import Membership, User
from shelter.accounts.policy import Can, InfoClass
from shelter.accounts.wording import Row
from shelter.db import by_name
from shelter.exports.lists import NamedList, Selection
from shelter.ui.export import Column
from shelter.ui.lists import SortField

SORTABLE: dict[str, list[SortField]] = {
    "name": [by_name("user__name")],
    "role": ["role", by_name("user__name")],
    "site": [by_name("site__name"), by_name("user__name")],
    "starts": ["starts_on"],
    "ends": ["ends_on"],
}

COLUMNS: list[Column[Membership]] = [
    Column(_("Name"), lambda membership: membership.user.name, width=30),
    Column(_("E-mail address"), lambda membership: membership.user.email, width=36),
    Column(_("Role"), lambda membership: membership.get_role_display(), width=30),
    Column(_("Site"), lambda membership: membership.site.name_outside if membership.site else "", width=30),
    Column(_("From"), lambda membership: membership.starts_on),
    Column(_("Until"), lambda membership: membership.ends_on),
]

POLICY_EXPORT: list[Column[Row]] = [
    Column(_("Role"), lambda row: row.role.label, width=34),
    *(
        Column(kind.label, lambda row, number=number: row.cells[number], width=24)  # type: ignore[misc]
        for number, kind in enumerate(InfoClass)
    ),
    Column(_("May give these roles"), lambda row: ", ".join(row.may_give), width=60),
]


def _asked(user: User, query: QueryDict) -> Selection:
    """The memberships of the list, by name. The whole house is no list of sites."""
    filters = TeamFilter(query, user=user)
    found = filters.apply(Membership.objects.visible_to(user)).by_name()
    site = filters.cleaned_data.get("site")
    sites = frozenset({site.pk}) if site else user.access.sites(Can.SEE_TEAM)
    if not site and user.access.everywhere(Can.SEE_TEAM):
        sites = frozenset()
    return Selection(list(found.values_list("pk", flat=True)), sites, filters.in_words())


def _rows(user: User, memberships: Sequence[int], _query: QueryDict) -> list[Membership]:
    found = Membership.objects.visible_to(user).select_related("user", "site").in_bulk(memberships)
    return [found[key] for key in memberships if key in found]


TEAM = NamedList(
    kind="team",
    title=_("Team"),
    can=Can.SEE_TEAM,
    approver=Can.MANAGE_TEAM,
    info_class=InfoClass.ACCOUNTS,
    columns=COLUMNS,
    select=_asked,
    rows=_rows,
)
