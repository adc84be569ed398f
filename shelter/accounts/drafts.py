"""What somebody is typing, kept sealed until it is sent: a session may end, a browser may fail (B10, G1).

One draft for each user and page. Its page is the path that the form is sent to, which holds identifiers only.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shelter.accounts.models import Draft, User
from shelter.accounts.step_up import is_detour
from shelter.db import DomainError, violation_raises
from shelter.vault import DataKey, Place, Unreadable
from shelter.vault.models import DigestKey

PURPOSE = "drafts"
SEARCHES = "ui:search"  # keeps none, and is asked as one types


class TypedElsewhere(DomainError):
    message = _("This is being typed in another tab too.")


@dataclass(frozen=True, slots=True)
class Kept:
    """``fields`` by name: what the field showed when typing began, and what was typed. ``version`` tells drafts apart."""

    fields: dict[str, list[str]]
    version: str


def keep(user: User, page: str, fields: dict[str, list[str]], *, seen: str = "") -> str:
    """In place of the version ``seen`` of this page's draft; nothing typed forgets it. The new version.

    Raises ``TypedElsewhere`` when another tab has kept something since. What is older than a week goes too.
    """
    user.drafts.stale().delete()
    known = user.drafts.filter(page=page, saved_at=seen) if seen else user.drafts.none()
    if not fields:
        known.delete()
        return ""
    now = timezone.now()
    sealed = _key().seal(json.dumps(fields).encode(), _place(user, page))
    if known.update(sealed=sealed, saved_at=now):
        return now.isoformat()
    with violation_raises("draft_once_a_page", TypedElsewhere):
        return Draft.objects.create(user=user, page=page, sealed=sealed).saved_at.isoformat()


def kept(user: User, page: str) -> Kept:
    """No fields if nothing is kept, or nothing that this key opens."""
    draft = user.drafts.filter(page=page).first()
    if draft is None:
        return Kept({}, "")
    try:
        fields = json.loads(_key().open_sealed(bytes(draft.sealed), _place(user, page)))
    except Unreadable:
        fields = {}
    return Kept(fields, draft.saved_at.isoformat())


def forget_what_was_sent(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, inside the request's transaction: a form that was taken leads on, and its draft has served.

    A refused form does not lead on; a detour to the second factor comes back.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "POST" and request.user.is_authenticated and _leads_on(request, response):
            request.user.drafts.filter(page=request.path).delete()
        return response

    return middleware


def _leads_on(request: HttpRequest, response: HttpResponse) -> bool:
    if is_detour(response) or (request.resolver_match and request.resolver_match.view_name == SEARCHES):
        return False
    return response.status_code == 302 or "HX-Redirect" in response.headers


def _key() -> DataKey:
    return DataKey(DigestKey.objects.secret_for(PURPOSE))


def _place(user: User, page: str) -> Place:
    return Place("accounts_draft", "sealed", f"{user.pk}:{page}")
