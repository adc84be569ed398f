"""The last step: letting the rows in, what came of it, and taking it all back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from residents.models import BedAssignment, IntakeRequest, NightSheet, Person, Presence, Stay
from shelter.accounts.access import requires
from shelter.accounts.policy import Can
from shelter.db import DomainError
from shelter.http import Request, go_to, render_page
from shelter.imports import services
from shelter.imports.views.steps import context_of, job_of, page_of
from sites.models import Bed, BedClosure, Room

SHOWN = (
    (Person, "person-plus"),
    (Stay, "house-door"),
    (BedAssignment, "grid-3x3-gap"),
    (Presence, "check2-square"),
    (NightSheet, "moon-stars"),
    (IntakeRequest, "door-open"),
    (Room, "buildings"),
    (Bed, "plus-square"),
    (BedClosure, "pause"),
)


@require_POST
@requires(Can.IMPORT)
def commit(request: Request, job: UUID) -> HttpResponse:
    found = job_of(request, job)
    try:
        services.request_commit(found, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return go_to(request, "imports:review", found.public_id)
    return go_to(request, "imports:result", found.public_id)


@require_safe
@requires(Can.IMPORT)
def result(request: Request, job: UUID) -> HttpResponse:
    found = job_of(request, job)
    if page_of(found) != "imports:result":
        return go_to(request, page_of(found), found.public_id)
    written = found.counts.get("written", {})
    made = [
        (model._meta.verbose_name_plural, written[model._meta.label_lower], icon)
        for model, icon in SHOWN
        if written.get(model._meta.label_lower)
    ]
    return render_page(request, "imports/result.html", context_of(found, 4, made=made))


@require_POST
@requires(Can.IMPORT)
def undo(request: Request, job: UUID) -> HttpResponse:
    found = job_of(request, job)
    try:
        services.undo(found, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Import undone: everything is as it was before."))
    return go_to(request, "imports:result", found.public_id)
