"""Who follows a person: key workers, the state of the case file, consents."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework import services
from casework.access import persons_open_to
from casework.forms import AssignForm, ConsentForm
from casework.kinds import Kind
from casework.models import CaseFile, Consent
from casework.selectors import FollowUp, memberships_to_assign
from casework.views.fetching import person_in, person_visible
from residents.models import KeyWorker, Person
from shelter.accounts.access import requires
from shelter.accounts.policy import Can, InfoClass
from shelter.audit import reading
from shelter.db import DomainError
from shelter.http import Request, go_to, render_page
from shelter.ui.forms import refuse
from shelter.ui.panels import tabs_of
from shelter.ui.toasts import done


def _back_to(request: Request, person: Person) -> HttpResponse:
    return go_to(request, "casework:follow_up", person.public_id)


@require_safe
@requires(Can.SEE_PEOPLE, if_assigned=True, in_emergency=True)
def follow_up(request: Request, person: UUID) -> HttpResponse:
    found = person_visible(request, person, Can.SEE_PEOPLE)
    shown = FollowUp(found, request.user)
    if shown.instructions:
        reading(request, InfoClass.HEALTH, [found])
    if shown.notice:
        reading(request, InfoClass.LEGAL, [found])
    if shown.consents:
        reading(request, InfoClass.INTERVIEWS, [found])
    assigns = Person.objects.visible_to(request.user, Can.ASSIGN_KEY_WORKERS)
    context = {
        "person": found,
        "shown": shown,
        "tabs": tabs_of("person", request, found),
        "may_assign": request.user.access.may(Can.ASSIGN_KEY_WORKERS) and assigns.filter(pk=found.pk).exists(),
        "assignable_sites": request.user.access.sites(Can.ASSIGN_KEY_WORKERS),
        "may_see_site": shown.file is not None and shown.file.site_id in request.user.access.sites(Can.SEE_PEOPLE),
        "may_ask_consent": _asks_consent(request, found),
    }
    return render_page(request, "casework/follow_up.html", context)


@require_http_methods(["GET", "POST"])
@requires(Can.ASSIGN_KEY_WORKERS)
def assign(request: Request, person: UUID) -> HttpResponse:
    found = person_visible(request, person, Can.ASSIGN_KEY_WORKERS)
    form = AssignForm(request.POST or None, memberships=memberships_to_assign(request.user, found))
    if form.is_valid():
        try:
            made = services.assign_key_worker(person=found, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            undo = reverse("casework:end_assignment", args=[made.public_id])
            done(request, _("%(colleague)s follows this person from today.") % {"colleague": made.user}, undo=undo)
            return _back_to(request, found)
    context = {"person": found, "form": form}
    return render_page(request, "casework/assign.html", context, part="form", status=422 if form.errors else 200)


@require_POST
@requires(Can.ASSIGN_KEY_WORKERS)
def end_assignment(request: Request, key_worker: UUID) -> HttpResponse:
    ended = services.end_assignment(key_worker=_key_worker(request, key_worker), by=request.user)
    undo = reverse("casework:resume_assignment", args=[ended.public_id])
    done(request, _("%(colleague)s no longer follows this person.") % {"colleague": ended.user}, undo=undo)
    return _back_to(request, ended.person)


@require_POST
@requires(Can.ASSIGN_KEY_WORKERS)
def resume_assignment(request: Request, key_worker: UUID) -> HttpResponse:
    found = _key_worker(request, key_worker)
    try:
        services.resume_assignment(key_worker=found, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        done(request, _("%(colleague)s follows this person again.") % {"colleague": found.user})
    return _back_to(request, found.person)


def _key_worker(request: Request, public_id: UUID) -> KeyWorker:
    """An assignment at a site where the user shares out the work."""
    rows = KeyWorker.objects.visible_to(request.user, Can.ASSIGN_KEY_WORKERS)
    mine = rows.filter(site__in=request.user.access.sites(Can.ASSIGN_KEY_WORKERS))
    return get_object_or_404(mine.select_related("person", "user", "site"), public_id=public_id)


@require_POST
@requires(Can.ASSIGN_KEY_WORKERS)
def close_file(request: Request, person: UUID) -> HttpResponse:
    file = _case_file(request, person)
    services.close_case_file(file=file, by=request.user)
    done(request, _("The case file is closed."), undo=reverse("casework:reopen_file", args=[person]))
    return _back_to(request, file.person)


@require_POST
@requires(Can.ASSIGN_KEY_WORKERS)
def reopen_file(request: Request, person: UUID) -> HttpResponse:
    file = _case_file(request, person)
    services.reopen_case_file(file=file, by=request.user)
    done(request, _("The case file is open again."))
    return _back_to(request, file.person)


def _case_file(request: Request, person: UUID) -> CaseFile:
    files = CaseFile.objects.visible_to(request.user, Can.ASSIGN_KEY_WORKERS)
    return get_object_or_404(files.select_related("person"), person__public_id=person)


@require_http_methods(["GET", "POST"])
@requires(Can.WRITE_INTERVIEWS, if_assigned=True)
def give_consent(request: Request, person: UUID) -> HttpResponse:
    """Written down by who follows the person socially."""
    found = person_in(request, person, Can.WRITE_INTERVIEWS, Kind.SOCIAL)
    form = ConsentForm(request.POST or None)
    if form.is_valid():
        try:
            given = services.give_consent(person=found, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            undo = reverse("casework:withdraw_consent", args=[given.public_id])
            done(request, _("The consent is written down."), undo=undo)
            return _back_to(request, found)
    context = {"person": found, "form": form}
    return render_page(request, "casework/consent.html", context, part="form", status=422 if form.errors else 200)


@require_POST
@requires(Can.WRITE_INTERVIEWS, if_assigned=True)
def withdraw_consent(request: Request, consent: UUID) -> HttpResponse:
    found = get_object_or_404(Consent.objects.visible_to(request.user).select_related("person"), public_id=consent)
    services.withdraw_consent(consent=found, by=request.user)
    done(request, _("The consent is taken back: what it opened is closed."))
    return _back_to(request, found.person)


def _asks_consent(request: Request, person: Person) -> bool:
    open_to_user = persons_open_to(request.user, Can.WRITE_INTERVIEWS, Kind.SOCIAL)
    return open_to_user.filter(pk=person.pk).exists()
