"""One's own drafts, for ``js/drafts.js``."""

import json

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from shelter.accounts import drafts
from shelter.accounts.access import open_to
from shelter.http import Request

LONGEST_PAGE, LONGEST_DRAFT = 300, 64_000


@require_http_methods(["GET", "POST"])
@open_to("signed in")
def draft(request: Request) -> HttpResponse:
    """GET: what is kept for ``page``. POST: keep ``fields``, a JSON object of texts, instead."""
    if request.method == "GET":
        return JsonResponse(drafts.kept(request.user, request.GET.get("page", "")))
    page, typed = request.POST.get("page", ""), request.POST.get("fields", "")
    try:
        fields = json.loads(typed)
    except ValueError:
        return HttpResponse(status=400)
    texts = isinstance(fields, dict) and all(isinstance(text, str) for text in fields.values())
    if not texts or not 0 < len(page) <= LONGEST_PAGE or len(typed) > LONGEST_DRAFT:
        return HttpResponse(status=400)
    drafts.keep(request.user, page, fields)
    return HttpResponse(status=204)
