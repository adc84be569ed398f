"""The pages of sites, by subject."""

from sites.views.beds import add_beds, add_rooms, edit_bed, put_back, remove_room, retire_bed, retire_room, room
from sites.views.closures import close_beds, reopen
from sites.views.organisations import add_organisation, edit_organisation, organisations
from sites.views.sites import add_site, edit_site, export, site, sites

__all__ = [
    "add_beds",
    "add_organisation",
    "add_rooms",
    "add_site",
    "close_beds",
    "edit_bed",
    "edit_organisation",
    "edit_site",
    "export",
    "organisations",
    "put_back",
    "remove_room",
    "reopen",
    "retire_bed",
    "retire_room",
    "room",
    "site",
    "sites",
]
