"""One's own drafts, for ``js/drafts.js``."""

import json
from dataclasses import asdict
from datetime import UTC

from django.http import HttpResponse, JsonResponse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods

from shelter.accounts import drafts
from shelter.accounts.access import open_to
from shelter.http import Request

LONGEST_PAGE, LONGEST_DRAFT = 300, 64_000


@require_http_methods(["GET", "POST"])
@open_to("signed in")
def draft(request: Request) -> HttpResponse:
    """GET: what is kept for ``page``. POST: keep ``fields`` instead of ``version``; 409 when another tab was first."""
    page = (request.GET if request.method == "GET" else request.POST).get("page", "")
    if len(page) > LONGEST_PAGE or "\0" in page:  # PostgreSQL takes no such text
        return HttpResponse(status=400)
    if request.method == "GET":
        return JsonResponse(asdict(drafts.kept(request.user, page)))
    typed, version = request.POST.get("fields", ""), request.POST.get("version", "")
    if not page or len(typed) > LONGEST_DRAFT or not _is_version(version):
        return HttpResponse(status=400)
    try:
        fields = json.loads(typed)
    except (ValueError, RecursionError):  # of brackets in brackets
        return HttpResponse(status=400)
    if not isinstance(fields, dict) or not all(map(_is_typed, fields.values())):
        return HttpResponse(status=400)
    try:
        return JsonResponse({"version": drafts.keep(request.user, page, fields, seen=version)})
    except drafts.TypedElsewhere:
        return HttpResponse(status=409)


def _is_version(version: str) -> bool:
    """A moment that the database knows, too: the first and the last day of the calendar have none in every time zone."""
    try:
        return not version or bool((moment := parse_datetime(version)) and moment.astimezone(UTC))
    except (ValueError, OverflowError):
        return False


def _is_typed(value: object) -> bool:
    """What a field showed, and what was typed."""
    return isinstance(value, list) and len(value) == 2 and all(isinstance(text, str) for text in value)
