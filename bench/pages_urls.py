"""Our pages, and the two that ``bench/pages.py`` measures them against."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from shelter import urls as house
from shelter.accounts.access import open_to, requires
from shelter.accounts.policy import Can
from shelter.urls import handler400, handler403, handler404, handler500  # noqa: F401 — Django looks for them here


@require_safe
@open_to("everyone")
def bare(request: HttpRequest) -> HttpResponse:
    """What Django, our middleware and the way over HTTP cost."""
    return HttpResponse("bare")


@require_safe
@requires(Can.SEE_TONIGHT)
def empty(request: HttpRequest) -> HttpResponse:
    """The whole layout with session, policy and record, and no data."""
    return render(request, "base.html")


urlpatterns = [path("bench/bare/", bare), path("bench/empty/", empty), *house.urlpatterns]
