"""What is typed to look for somebody stands in no address (E4), and so in no history, log or bookmark.

A search form posts to ``ui:search`` with the path of its list, and is led to the list's own address, where ``?search=``
holds what was typed, sealed for this user. Links of the list carry that on, so that pages, sorting, exports and the way
back work. A view reads ``asked(request)`` where it would read ``request.GET``.
"""

import binascii
import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import resolve
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from shelter.accounts.access import open_to
from shelter.accounts.models import User
from shelter.db import DomainError
from shelter.http import Request
from shelter.vault import Place, Unreadable, open_sealed, seal_for_a_while

TYPED = frozenset({"q", "name", "who", "born_in"})  # the fields of filters and searches that take free text
SEARCH = "search"  # the parameter that holds them
LIVES = timedelta(hours=12)  # as long as the longest session


class SearchIsOver(DomainError):
    message = _("This search is over, or it is somebody else’s. Type it again.")


@require_POST
@open_to("signed in")
def search(request: Request) -> HttpResponse:
    """From the form to the address of its list. ``page`` is the path; fields left empty stay out."""
    page = request.POST.get("page", "")
    resolve(page)  # 404 for what is no page of ours
    fields = {name: text for name, value in request.POST.items() if (text := str(value).strip())}
    for name in ("page", "csrfmiddlewaretoken", SEARCH):
        fields.pop(name, None)
    if typed := {name: fields.pop(name) for name in TYPED & fields.keys()}:
        fields[SEARCH] = sealed(request.user, typed)
    return HttpResponseRedirect(f"{page}?{urlencode(fields)}" if fields else page)


def sealed(user: User, typed: dict[str, str]) -> str:
    """What this user typed, by field, as it may stand in an address."""
    content = json.dumps({"at": int(time.time()), "typed": typed}).encode()
    return urlsafe_b64encode(seal_for_a_while(content, _place(user))).decode()


def opened(request: Request) -> QueryDict:
    """The address with what was typed in it. Raises ``SearchIsOver`` for another user's, a broken or an old one.

    Fields of free text are taken from the sealed part alone: an address that holds one in the clear asks for nothing.
    """
    query = request.GET.copy()
    for name in TYPED & query.keys():
        del query[name]
    for token in query.pop(SEARCH, [])[-1:]:
        try:
            content = json.loads(open_sealed(urlsafe_b64decode(token), _place(request.user)))
        except (Unreadable, binascii.Error, ValueError) as error:
            raise SearchIsOver from error
        if content["at"] < time.time() - LIVES.total_seconds():
            raise SearchIsOver
        query.update(content["typed"])
    return query


def asked(request: Request) -> QueryDict:
    """The same for a list: a search that does not open is told to the reader, and narrows nothing."""
    try:
        return opened(request)
    except SearchIsOver as over:
        messages.warning(request, str(over))
        query = request.GET.copy()
        for name in (TYPED | {SEARCH}) & query.keys():
            del query[name]
        return query


def _place(user: User) -> Place:
    return Place("searches", "typed", str(user.pk))
