"""One's own drafts, for ``js/drafts.js``."""

import json
from dataclasses import asdict

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
    if request.method == "GET":
        return JsonResponse(asdict(drafts.kept(request.user, request.GET.get("page", ""))))
    page, typed, version = (request.POST.get(name, "") for name in ("page", "fields", "version"))
    if not 0 < len(page) <= LONGEST_PAGE or len(typed) > LONGEST_DRAFT or not _is_version(version):
        return HttpResponse(status=400)
    try:
        fields = json.loads(typed)
    except ValueError:
        return HttpResponse(status=400)
    if not isinstance(fields, dict) or not all(map(_is_typed, fields.values())):
        return HttpResponse(status=400)
    try:
        return JsonResponse({"version": drafts.keep(request.user, page, fields, seen=version)})
    except drafts.TypedElsewhere:
        return HttpResponse(status=409)


def _is_version(version: str) -> bool:
    try:
        return not version or parse_datetime(version) is not None
    except ValueError:
        return False


def _is_typed(value: object) -> bool:
    """What a field showed, and what was typed."""
    return isinstance(value, list) and len(value) == 2 and all(isinstance(text, str) for text in value)
