"""The pages for what went wrong: what happened, what to do, and a number to quote. Nothing of the inside (E6)."""

import logging
import secrets
import sys

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from redis.exceptions import ConnectionError as CacheGone

from shelter.accounts.policy import Can

logger = logging.getLogger(__name__)

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is mistaken for another when read aloud


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error_page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Says which roles may, so that one knows whom to ask."""
    action = getattr(request.resolver_match and request.resolver_match.func, "action", None)
    roles = sorted(str(role.label) for role in action.roles()) if isinstance(action, Can) else []
    return _error_page(request, 403, roles=roles)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error_page(request, 404)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """allauth looks for it by the name ``handler429``."""
    return _error_page(request, 429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the cache nothing can be counted, so nobody is let in: that is said, and is no fault of a page."""
    return _error_page(request, 503 if isinstance(sys.exc_info()[1], CacheGone) else 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent from a page that is too old, or from elsewhere (``CSRF_FAILURE_VIEW``)."""
    logger.info("Form refused: %s", reason)
    return _error_page(request, 403, template="403_csrf.html")


def _error_page(request: HttpRequest, status: int, *, template: str = "", **context: object) -> HttpResponse:
    """Rendered without the request: an error page asks neither the session nor the database."""
    first, second = ("".join(secrets.choice(ALPHABET) for _ in range(3)) for _ in range(2))
    reference = f"{first}-{second}"
    logger.log(logging.ERROR if status >= 500 else logging.INFO, "Page %s shown, reference %s", status, reference)
    context |= {"reference": reference, "path": request.path}
    return HttpResponse(render_to_string(template or f"{status}.html", context), status=status)
