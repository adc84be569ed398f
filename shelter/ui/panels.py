"""Pieces of a higher app on a lower app's page: the higher app hangs a panel there, the page loads it by its address.

``AppConfig.ready`` of the higher app says ``hang("tonight", Panel(…))``; the page knows its own name alone.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Model
from django.utils.functional import Promise

from shelter.accounts.policy import Can
from shelter.http import Request


@dataclass(frozen=True)
class Panel:
    """``part`` names the URL that answers the panel's inside; ``page`` the page that shows all of it, also without htmx."""

    title: Promise
    part: str
    page: str
    can: Can


_hung: dict[str, list[Panel]] = defaultdict(list)


def hang(page: str, panel: Panel) -> None:
    if panel not in _hung[page]:
        _hung[page].append(panel)


def panels_of(page: str, request: Request) -> list[Panel]:
    """The panels of this page that the user may see, in the order they were hung."""
    return [panel for panel in _hung[page] if request.user.access.may(panel.can)]


@dataclass(frozen=True)
class Tab:
    """A further page about the thing that a page shows: what ``href`` leads to opens for this user."""

    label: str | Promise
    icon: str
    href: str


# Gives the tabs that open for the request's user, about this thing. A page that does not open has no tab.
Tabs = Callable[[Request, Model], Iterable[Tab]]
_tabs: dict[str, list[Tabs]] = defaultdict(list)


def hang_tabs(page: str, tabs: Tabs) -> None:
    if tabs not in _tabs[page]:
        _tabs[page].append(tabs)


def tabs_of(page: str, request: Request, thing: Model) -> list[Tab]:
    """The tabs of this page, in the order they were hung."""
    return [tab for tabs in _tabs[page] for tab in tabs(request, thing)]
