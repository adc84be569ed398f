"""The two moments of the record in a request: what it showed, in its transaction; what it refused, in one of its own."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse

from shelter.accounts.policy import Can, InfoClass
from shelter.audit.actions import Action
from shelter.audit.ledger import Ledger, gathering
from shelter.identity import acting_as

View = Callable[[HttpRequest], HttpResponse]
REFUSALS = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)


def readings(get_response: View) -> View:
    """Stands just inside ``IdentityMiddleware``: the rows of a request are written before its transaction ends.

    A row that cannot be written makes the answer an error, and shows nothing (C2).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        with gathering(request) as ledger:
            response = get_response(request)
        undone = response.status_code >= HTTPStatus.BAD_REQUEST and connection.needs_rollback
        if ledger.lines and not undone:
            ledger.write()
        return response

    return middleware


def refusals(get_response: View) -> View:
    """Stands just outside ``IdentityMiddleware``: what was refused is recorded after the request was undone (C3).

    An address that names nothing leaves the same row as one that names what the user may not know of.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code in REFUSALS and request.resolver_match and request.user.is_authenticated:
            with acting_as(request.user.pk):
                _refusal(request).write()
        return response

    return middleware


def _refusal(request: HttpRequest) -> Ledger:
    """One line: the page, and the numbers in its address."""
    match, ledger = request.resolver_match, Ledger(request)
    if match:
        can = getattr(match.func, "action", None)
        info_class = can.needs[0].info_class if isinstance(can, Can) else InfoClass.ACCOUNTS
        numbers = [f"{name}:{value}" for name, value in match.kwargs.items() if isinstance(value, (int, UUID))]
        ledger.add(Action.DENIED, info_class=info_class, about=" ".join(numbers))
    return ledger
