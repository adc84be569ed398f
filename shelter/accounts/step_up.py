"""Acts that ask for the second factor anew (B9): exports, break-glass, role grants, factor changes, keys, erasure."""

import time
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from shelter.accounts.access import P, View
from shelter.accounts.second_factor import has_factor, used_at
from shelter.http import Request, go_to

SECONDS = 5 * 60


def stepped_up(request: HttpRequest) -> bool:
    """Whether this session used a second factor within the last five minutes, at sign-in or since."""
    return settings.DEMO or time.time() - (used_at(request) or 0) < SECONDS


def step_up(view: View[P]) -> View[P]:
    """Decorate a view, below ``@requires``, that nobody may open on somebody else's forgotten session.

    Whoever has not used their second factor for five minutes confirms with it, and comes back to the page they were on.
    """
    return _guard(view, lambda request: True)


def step_up_to_send(view: View[P]) -> View[P]:
    """The same for a page that anybody may look at: asked when its form is sent."""
    return _guard(view, lambda request: request.method == "POST")


def step_up_or_enrol(view: View[P]) -> View[P]:
    """The same for a page that sets a factor up: the first one has nothing to confirm with."""
    return _guard(view, lambda request: has_factor(request.user))


def _guard(view: View[P], asks: Callable[[Request], bool]) -> View[P]:
    @wraps(view)
    def guarded(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return ask(request) if not stepped_up(request) and asks(request) else view(request, *args, **kwargs)

    return guarded


def ask(request: Request) -> HttpResponse:
    """To the page that takes the second factor, and from there back."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    page = f"{methods[0]['url']}?{urlencode({'next': _page_of(request)})}" if methods else reverse("mfa_index")
    response = go_to(request, page)
    response.is_detour = True  # type: ignore[attr-defined]
    return response


def is_detour(response: HttpResponse) -> bool:
    """Whether the request was not answered yet, but sent to the second factor."""
    return getattr(response, "is_detour", False)


def _page_of(request: Request) -> str:
    """Where the person is: the page asked for, or the one whose form was sent."""
    if request.method == "GET" and not request.htmx:
        return request.get_full_path()
    page = request.htmx.current_url or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
