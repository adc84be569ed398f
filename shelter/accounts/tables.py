"""The list of a team: how it sorts, and what its file shows."""

from django.utils.translation import gettext_lazy as _

from shelter.accounts.models import Membership
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
