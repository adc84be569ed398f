"""What happens to a stay: another bed, a departure, a correction, and taking them back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from residents import services
from residents.forms import CorrectStayForm, DepartureForm, MoveForm
from residents.models import Stay
from shelter.accounts.access import requires
from shelter.accounts.policy import Can, InfoClass
from shelter.audit import reading
from shelter.db import DomainError
from shelter.http import Request, go_to, render_page
from shelter.ui.forms import refuse
from shelter.ui.toasts import done


def stay_for(request: Request, public_id: UUID, can: Can) -> Stay:
    """The stay at this address, where the user may do ``can``; 404 otherwise. Its person's file counts as opened."""
    stays = Stay.objects.visible_to(request.user, can).select_related("person", "site")
    found = get_object_or_404(stays, public_id=public_id)
    reading(request, InfoClass.IDENTITY, [found.person_id], site=found.site)
    return found


@require_http_methods(["GET", "POST"])
@requires(Can.MOVE)
def move(request: Request, stay: UUID) -> HttpResponse:
    found = stay_for(request, stay, Can.MOVE)
    form = MoveForm(request.POST or None, user=request.user, stay=found, asked=request.POST or request.GET)
    if form.is_valid():
        try:
            services.move_bed(stay=found, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            text = _("%(person)s now has bed %(bed)s.") % {"person": found.person, "bed": form.cleaned_data["bed"]}
            done(request, text)
            return go_to(request, "residents:person", found.person.public_id)
    bed = found.assignments.on_night(form.initial["from_on"]).select_related("bed__room").first()
    context = {"stay": found, "form": form, "bed": bed.bed if bed else None}
    return render_page(request, "residents/move.html", context, part="form", status=422 if form.errors else 200)


@require_safe
@requires(Can.MOVE)
def free_beds(request: Request, stay: UUID) -> HttpResponse:
    """The beds to choose from on another night."""
    found = stay_for(request, stay, Can.MOVE)
    form = MoveForm(user=request.user, stay=found, asked=request.GET)
    return render(request, "residents/_bed_field.html", {"form": form})


@require_http_methods(["GET", "POST"])
@requires(Can.DEPART)
def depart(request: Request, stay: UUID) -> HttpResponse:
    found = stay_for(request, stay, Can.DEPART)
    form = DepartureForm(request.POST or None, user=request.user, stay=found)
    if form.is_valid():
        answers = form.cleaned_data
        try:
            services.depart(
                stay=found,
                left_on=answers["left_on"],
                reason=answers["exit_reason"],
                destination=answers["destination"],
                by=request.user,
            )
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            undo = reverse("residents:cancel_departure", args=[found.public_id])
            done(request, _("The departure of %(person)s is written.") % {"person": found.person}, undo=undo)
            return go_to(request, "residents:person", found.person.public_id)
    context = {"stay": found, "form": form}
    return render_page(request, "residents/depart.html", context, part="form", status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Can.CORRECT_STAY)
def correct_stay(request: Request, stay: UUID) -> HttpResponse:
    found = stay_for(request, stay, Can.CORRECT_STAY)
    form = CorrectStayForm(request.POST or None, stay=found)
    if form.is_valid():
        try:
            services.correct_stay(stay=found, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            done(request, _("The stay of %(person)s is corrected.") % {"person": found.person})
            return go_to(request, "residents:person", found.person.public_id)
    context = {"stay": found, "form": form}
    return render_page(request, "residents/correct_stay.html", context, part="form", status=422 if form.errors else 200)


@require_POST
@requires(Can.ADMIT)
def cancel_admission(request: Request, stay: UUID) -> HttpResponse:
    found = stay_for(request, stay, Can.ADMIT)
    try:
        services.cancel_admission(stay=found, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        done(request, _("The admission of %(person)s is taken back.") % {"person": found.person})
    return go_to(request, "residents:person", found.person.public_id)


@require_POST
@requires(Can.DEPART)
def cancel_departure(request: Request, stay: UUID) -> HttpResponse:
    found = stay_for(request, stay, Can.DEPART)
    try:
        services.cancel_departure(stay=found, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        done(request, _("The departure of %(person)s is taken back.") % {"person": found.person})
    return go_to(request, "residents:person", found.person.public_id)
