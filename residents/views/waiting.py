"""The waiting list: who asks for a place where, since when, and the answers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from residents import services
from residents.forms import DecisionForm, RequestForm
from residents.models import IntakeRequest
from residents.views.asked import site_asked
from residents.views.persons import person_for
from shelter.accounts.access import requires
from shelter.accounts.policy import Can, InfoClass
from shelter.audit import Action, reading
from shelter.db import DomainError
from shelter.http import Request, go_to, render_page
from shelter.ui.forms import refuse
from shelter.ui.lists import Page, Sorting
from shelter.ui.toasts import done
from sites.models import Site

COLUMNS = {
    "rank": ["priority", "requested_on"],
    "name": ["person__search_name"],
    "since": ["requested_on"],
    "site": ["site__name"],
}


def request_for(request: Request, public_id: UUID) -> IntakeRequest:
    asked = IntakeRequest.objects.visible_to(request.user, Can.EDIT_WAITING).select_related("person", "site")
    found = get_object_or_404(asked, public_id=public_id)
    reading(request, InfoClass.IDENTITY, [found.person_id], site=found.site)
    return found


@require_safe
@requires(Can.SEE_WAITING)
def waiting_list(request: Request) -> HttpResponse:
    """Who waits, by priority and then by how long; at one site when the address names it."""
    sites = Site.objects.visible_to(request.user, Can.SEE_WAITING)
    site = site_asked(request, sites)
    waiting = IntakeRequest.objects.visible_to(request.user).waiting().select_related("person", "site")
    if site:
        waiting = waiting.filter(site=site)
    sorting = Sorting.of(request, COLUMNS, default="rank")
    page = Page.of(request, sorting.apply(waiting), total=waiting.count())
    reading(request, InfoClass.IDENTITY, [asked.person_id for asked in page], action=Action.LIST, site=site)
    access = request.user.access
    context = {
        "site": site,
        "sorting": sorting,
        "page": page,
        "decidable": access.sites(Can.EDIT_WAITING),
        "admittable": access.sites(Can.ADMIT),
        "may_admit": access.may(Can.ADMIT),
    }
    return render_page(request, "residents/waiting_list.html", context, part="list")


@require_http_methods(["GET", "POST"])
@requires(Can.EDIT_WAITING)
def request_place(request: Request, person: UUID) -> HttpResponse:
    """Put somebody whose file exists on a waiting list."""
    found = person_for(request, person, Can.EDIT_WAITING)
    form = RequestForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            asked = services.request_place(person=found, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            done(request, _("%(person)s waits for a place at %(site)s.") % {"person": found, "site": asked.site})
            return go_to(request, "residents:waiting_list")
    context = {"person": found, "form": form}
    return render_page(
        request, "residents/request_place.html", context, part="form", status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
@requires(Can.EDIT_WAITING)
def decide(request: Request, asked: UUID) -> HttpResponse:
    """Answer that there is no place, or that none is needed any more."""
    found = request_for(request, asked)
    form = DecisionForm(request.POST or None)
    if form.is_valid():
        try:
            services.decide_request(request=found, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            undo = reverse("residents:reopen_request", args=[found.public_id])
            done(request, _("The answer to %(person)s is written.") % {"person": found.person}, undo=undo)
            return go_to(request, "residents:waiting_list")
    context = {"asked": found, "form": form}
    return render_page(request, "residents/decide.html", context, part="form", status=422 if form.errors else 200)


@require_POST
@requires(Can.EDIT_WAITING)
def reopen_request(request: Request, asked: UUID) -> HttpResponse:
    found = request_for(request, asked)
    try:
        services.reopen_request(request=found, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        done(request, _("%(person)s waits again, at the same rank.") % {"person": found.person})
    return go_to(request, "residents:waiting_list")
