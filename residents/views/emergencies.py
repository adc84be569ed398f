"""Emergency accesses: asked by number where no list shows the person, listed, ended, reviewed (A7)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from residents import services
from residents.forms import BreakGlassByNumberForm, ReviewForm
from residents.models import BreakGlass, Person
from residents.selectors.emergencies import EmergencyPage
from residents.tables import EMERGENCY_LIST, opened_in_emergency
from shelter.accounts.access import requires
from shelter.accounts.policy import Can, InfoClass
from shelter.accounts.step_up import step_up
from shelter.audit import Action, reading
from shelter.db import DomainError
from shelter.exports.views import ask_for
from shelter.http import Request, go_to, render_page
from shelter.ui.forms import refuse
from shelter.ui.lists import Page, Sorting
from shelter.ui.searches import asked
from shelter.ui.toasts import done

COLUMNS = {"when": ["opened_at"], "who": ["user__name"], "what": ["of_class"], "site": ["site__name"]}


@require_http_methods(["GET", "POST"])
@requires(Can.BREAK_GLASS_IDENTITY)
@step_up
def ask_identity(request: Request) -> HttpResponse:
    """The identity of somebody whom no list shows: a colleague gives the number of the file."""
    form = BreakGlassByNumberForm(request.POST or None)
    if form.is_valid():
        number, reason = form.cleaned_data["number"], form.cleaned_data["reason"]
        try:
            opened = services.break_glass(person_id=number, of_class=InfoClass.IDENTITY, reason=reason, by=request.user)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            done(request, _("The file is open to you for an hour."))
            person = Person.objects.visible_to(request.user).get(pk=opened.person_id)
            return go_to(request, "residents:person", person.public_id)
    context = {"form": form}
    return render_page(request, "residents/ask_identity.html", context, part="form", status=422 if form.errors else 200)


@require_safe
@requires(Can.SEE_EMERGENCIES)
def emergencies(request: Request) -> HttpResponse:
    """What was opened at one's sites, what waits for a review first. Persons by their number."""
    filters, found = opened_in_emergency(request.user, asked(request))
    sorting = Sorting.of(request, COLUMNS, default="-when")
    page = Page.of(request, sorting.apply(found), total=found.count())
    reading(request, InfoClass.READINGS, [row.person_id for row in page], action=Action.LIST)
    context = {
        "filters": filters,
        "sorting": sorting,
        "page": page,
        "may_ask": request.user.access.may(Can.BREAK_GLASS_IDENTITY),
    }
    return render_page(request, "residents/emergencies.html", context, part="list")


@require_http_methods(["GET", "POST"])
@requires(Can.SEE_EMERGENCIES)
@step_up
def export_emergencies(request: Request) -> HttpResponse:
    """The list as filtered, as a file: persons by their number, colleagues by their name, no reason."""
    return ask_for(request, EMERGENCY_LIST)


@require_http_methods(["GET", "POST"])
@requires(Can.SEE_EMERGENCIES)
def emergency(request: Request, emergency: UUID) -> HttpResponse:
    """One of them; who answers for the class reads why it was, and reviews it here."""
    found = _emergency(request, emergency)
    shown = EmergencyPage(found, request.user)
    form = ReviewForm(request.POST or None)
    if form.is_valid():
        try:
            services.review_break_glass(opened=found, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            done(request, _("Your review is saved."))
            return go_to(request, "residents:emergencies")
    context = {"opened": found, "shown": shown, "form": form}
    return render_page(request, "residents/emergency.html", context, part="form", status=422 if form.errors else 200)


@require_POST
@requires(Can.SEE_EMERGENCIES)
def end_emergency(request: Request, emergency: UUID) -> HttpResponse:
    """By who opened it, when they have read what they needed; or by who was told of it."""
    found = _emergency(request, emergency)
    services.end_break_glass(opened=found, by=request.user)
    done(request, _("The emergency access has ended."))
    return go_to(request, "residents:emergencies")


def _emergency(request: Request, public_id: UUID) -> BreakGlass:
    rows = BreakGlass.objects.visible_to(request.user).select_related("user", "site", "reviewed_by")
    found = get_object_or_404(rows, public_id=public_id)
    reading(request, InfoClass.READINGS, [found.person_id], about=found)
    return found
