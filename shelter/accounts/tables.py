"""The list of a team, how it sorts and what its file shows; and the file of the policy table."""

from django.utils.translation import gettext_lazy as _

from shelter.accounts.models import Membership
from shelter.accounts.policy import InfoClass
from shelter.accounts.wording import Row
from shelter.db import by_name
from shelter.ui.export import Column
from shelter.ui.lists import SortField

SORTABLE: dict[str, list[SortField]] = {
    "name": [by_name("user__name")],
    "role": ["role", by_name("user__name")],
    "site": [by_name("site__name"), by_name("user__name")],
    "starts": ["starts_on"],
    "ends": ["ends_on"],
}

EXPORT: list[Column[Membership]] = [
    Column(_("Name"), lambda membership: membership.user.name, width=30),
    Column(_("E-mail address"), lambda membership: membership.user.email, width=36),
    Column(_("Role"), lambda membership: membership.get_role_display(), width=30),
    Column(_("Site"), lambda membership: membership.site.name if membership.site else "", width=30),
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
