"""The list of sites: how it sorts, and what its file shows."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shelter.db import by_name
from shelter.ui.export import Column
from shelter.ui.lists import SortField
from sites.models import Site

SORTABLE: dict[str, list[SortField]] = {
    "name": [by_name("name")],
    "organisation": [by_name("organisation__name"), by_name("name")],
    "scheme": ["scheme"],
    "capacity": ["capacity"],
    "declared": ["declared_capacity"],
}


def _address(site: Site) -> str:
    """Never a confidential one (A12)."""
    return gettext("confidential") if site.address_is_confidential else site.address


def _other_names(site: Site) -> str:
    """None of a site that is named by its initials."""
    return "" if site.address_is_confidential else ", ".join(alias.name for alias in site.aliases.all())


EXPORT: list[Column[Site]] = [
    Column(_("Name"), lambda site: site.name_outside, width=30),
    Column(_("Other names"), _other_names, width=40),
    Column(_("Organisation"), lambda site: site.organisation.name, width=20),
    Column(_("Scheme"), lambda site: site.get_scheme_display(), width=32),
    Column(_("Audience"), lambda site: site.get_audience_display(), width=20),
    Column(_("Audience in words"), lambda site: site.audience_note, width=40),
    Column(_("Address"), _address, width=40),
    Column(_("Beds"), lambda site: site.beds),  # type: ignore[attr-defined]  # counted by with_capacity()
    Column(_("Beds closed"), lambda site: site.closed),  # type: ignore[attr-defined]
    Column(_("Capacity tonight"), lambda site: site.capacity),  # type: ignore[attr-defined]
    Column(_("Capacity of the agreement"), lambda site: site.declared_capacity),
    Column(_("Opened on"), lambda site: site.opened_on),
    Column(_("Closes on"), lambda site: site.closed_on),
]
