"""Pieces of a higher app on a lower app's page: the higher app hangs a panel there, the page loads it by its address.

``AppConfig.ready`` of the higher app says ``hang("tonight", Panel(…))``; the page knows its own name alone.
"""

from collections import defaultdict
from dataclasses import dataclass

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
