"""What every view speaks: the typed request, and the answers that know about htmx."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from shelter.accounts.models import User


class Request(HttpRequest):
    """A request of a signed-in person, as every view but the sign-in pages gets it."""

    user: "User"
    htmx: HtmxDetails


def render_page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, part: str | None = None, status: int = 200
) -> HttpResponse:
    """Render ``template``, or only its partial ``part`` when htmx is going to swap it in."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by HtmxMiddleware
    swap = part and htmx and not htmx.boosted and not htmx.history_restore_request
    response = render(request, f"{template}#{part}" if swap else template, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request"])  # or the back button shows a bare part
    return response


def go_to(request: HttpRequest, to: str | Model, *args: object, **kwargs: object) -> HttpResponse:
    """Redirect to an object's page, a URL or a view's name; htmx leaves the whole page, not the swapped part."""
    if request.htmx:  # type: ignore[attr-defined]  # set by HtmxMiddleware
        return HttpResponseClientRedirect(resolve_url(to, *args, **kwargs))
    return HttpResponseRedirect(resolve_url(to, *args, **kwargs))


def address_of(url_name: str, public_id: UUID) -> str:
    """``reverse`` once for all the rows of a page: it would cost as much as drawing them."""
    return _address_around(url_name).replace(_NOTHING, str(public_id))


_NOTHING = str(UUID(int=0))


@cache
def _address_around(url_name: str) -> str:
    return reverse(url_name, args=(_NOTHING,))
