"""Where one can go from any page: the doors of the side menu, the switch between sites, the search."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shelter.accounts.access import Access, Place
from shelter.accounts.policy import Can
from shelter.http import Request


@dataclass(frozen=True)
class Door:
    """A page of the menu, shown to those who may do ``can`` at one site at least.

    ``if_assigned``: also to those who may do it for the persons assigned to them only.
    ``by_site``: the page shows one site when its address says ``?site=``. ``on_phone``: the bottom bar offers it too, by
    ``short`` where the label is long. ``behind``: the names of its further pages that do not lie below its address.
    """

    label: Promise
    icon: str
    url_name: str
    can: Can
    if_assigned: bool = False
    by_site: bool = False
    on_phone: bool = False
    short: Promise | None = None
    behind: tuple[str, ...] = ()

    def opens_to(self, access: Access) -> bool:
        return access.may_if_assigned(self.can) if self.if_assigned else access.may(self.can)


@dataclass(frozen=True)
class Group:
    label: Promise | str
    doors: tuple[Door, ...]


TONIGHT = Door(_("Tonight"), icon="moon-stars", url_name="dashboard", can=Can.SEE_TONIGHT, by_site=True, on_phone=True)
PEOPLE = Door(
    _("People"),
    icon="person-lines-fill",
    url_name="residents:people",
    can=Can.SEE_PEOPLE,
    by_site=True,
    on_phone=True,
    behind=("residents:move", "residents:depart", "residents:correct_stay"),
)
GROUPS = (
    Group(
        "",
        (
            TONIGHT,
            Door(
                _("Beds"),
                icon="grid-3x3-gap",
                url_name="residents:beds",
                can=Can.SEE_BEDS,
                by_site=True,
                on_phone=True,
                behind=("residents:bed_board", "residents:bed_nights", "residents:night_list"),
            ),
            Door(
                _("Intake and waiting list"),
                icon="door-open",
                url_name="residents:waiting_list",
                can=Can.SEE_WAITING,
                by_site=True,
                on_phone=True,
                short=pgettext_lazy("menu", "Intake"),
                behind=("residents:admit", "residents:admit_new", "residents:admit_person"),
            ),
        ),
    ),
    Group(
        pgettext_lazy("menu", "Support"),
        (
            PEOPLE,
            Door(_("Follow-up"), icon="folder2-open", url_name="casework:mine", can=Can.SEE_PEOPLE, if_assigned=True),
        ),
    ),
    Group(
        pgettext_lazy("menu", "Steering"),
        (
            Door(_("Imports"), icon="box-arrow-in-down", url_name="imports:list", can=Can.IMPORT, on_phone=True),
            Door(_("Exports"), icon="download", url_name="exports:list", can=Can.EXPORT_PEOPLE),
            Door(_("Sites and beds"), icon="buildings", url_name="sites:list", can=Can.SEE_PLACES),
            Door(_("Team"), icon="people", url_name="accounts:team", can=Can.SEE_TEAM),
            Door(_("Report on readings"), icon="eye", url_name="residents:readings", can=Can.SEE_READINGS),
            Door(_("Emergency accesses"), icon="unlock", url_name="residents:emergencies", can=Can.SEE_EMERGENCIES),
            Door(_("Rules of access"), icon="shield-lock", url_name="accounts:policy", can=Can.SEE_POLICY),
        ),
    ),
)


@dataclass(frozen=True)
class Link:
    """A door as this user sees it now. ``current``: "page" on that very page, "true" on a page behind it, or empty."""

    label: Promise
    short: Promise
    icon: str
    href: str
    current: str
    on_phone: bool


@dataclass(frozen=True)
class LinkGroup:
    label: Promise | str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class SiteChoice:
    name: str | Promise
    href: str
    icon: str
    current: bool


@dataclass(frozen=True)
class SiteSwitcher:
    """The sites a user may look at tonight, and the one this page shows. No choice for those with a single site or none."""

    current: str
    choices: tuple[SiteChoice, ...]


def menu_for(request: Request) -> list[LinkGroup]:
    """The groups of links this user may follow; none without a right, and no group without a link."""
    here = _door_of(request)

    def links(doors: tuple[Door, ...]) -> Iterator[Link]:
        for door in doors:
            if door.opens_to(request.user.access):
                href = _href(door.url_name)
                current = "" if door is not here else "page" if href == request.path else "true"
                yield Link(door.label, door.short or door.label, door.icon, href, current, door.on_phone)

    groups = (LinkGroup(group.label, tuple(links(group.doors))) for group in GROUPS)
    return [group for group in groups if group.links]


def site_switcher_for(request: Request) -> SiteSwitcher:
    """Choosing a site keeps the page where the page knows sites, and leads to tonight's page otherwise."""
    access, match = request.user.access, request.resolver_match
    places = [place for place in access.places if access.may(Can.SEE_TONIGHT, place.id)]
    path_arguments = dict(match.kwargs) if match else {}
    slug = path_arguments.get("site") or request.GET.get("site", "")
    here = _door_of(request)
    whole = _href((here if here and here.by_site else TONIGHT).url_name)
    if len(places) < 2:
        return SiteSwitcher(places[0].name if places else "", ())

    def address(place: Place) -> str:
        if match and path_arguments.keys() == {"site"}:
            return reverse(match.view_name, kwargs={"site": place.slug})
        return f"{whole}?{urlencode({'site': place.slug})}"

    choices = [SiteChoice(place.name, address(place), "house-door", place.slug == slug) for place in places]
    current = next((choice.name for choice in choices if choice.current), "")
    return SiteSwitcher(str(current), (SiteChoice(_("All sites"), whole, "grid", not current), *choices))


def search_address_for(request: Request) -> str:
    """Where the search box of the top bar leads; empty for those who may not look for people."""
    return _href(PEOPLE.url_name) if request.user.access.may(PEOPLE.can) else ""


def _door_of(request: Request) -> Door | None:
    """The door behind which this page lies: it names the page, or has the longest address that the page's begins with."""
    doors = [door for group in GROUPS for door in group.doors]
    name, path = request.resolver_match.view_name if request.resolver_match else "", request.path
    if named := next((door for door in doors if name in door.behind), None):
        return named
    # Every page lies behind the root, so that door counts only for itself.
    above = [
        door for door in doors if path == (href := _href(door.url_name)) or (path.startswith(href) and href != "/")
    ]
    return max(above, key=lambda door: len(_href(door.url_name)), default=None)


@cache
def _href(url_name: str) -> str:
    return reverse(url_name)
