"""One person's file: reading it, correcting it, and with whom the person lives."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from residents import services
from residents.forms import HouseholdForm, PersonForm
from residents.models import Person
from residents.selectors.duplicates import possible_duplicates
from residents.selectors.emergencies import purpose_of
from residents.selectors.person import person_file
from shelter.accounts.access import requires
from shelter.accounts.policy import Can, InfoClass
from shelter.audit import Action, reading
from shelter.db import DomainError
from shelter.http import Request, go_to, render_page
from shelter.ui.forms import refuse
from shelter.ui.panels import tabs_of
from shelter.ui.searches import asked
from shelter.ui.toasts import done


def person_for(request: Request, public_id: UUID, can: Can) -> Person:
    """The file at this address, where the user may do ``can`` to it; 404 otherwise. Recorded as opened."""
    people = Person.objects.visible_to(request.user, can).select_related("registered_at", "household")
    found = get_object_or_404(people, public_id=public_id)
    reading(request, InfoClass.IDENTITY, [found], purpose=purpose_of(request.user, found, can))
    return found


@require_safe
@requires(Can.SEE_PEOPLE, if_assigned=True, in_emergency=True)
def person(request: Request, person: UUID) -> HttpResponse:
    """The file; the address of an absorbed one leads to the file that was kept."""
    gone = Person.objects.exclude(merged_into=None)  # nosemgrep: unscoped-manager -- who kept it is asked in scope
    absorbed = gone.filter(public_id=person).select_related("merged_into").first()
    if absorbed and absorbed.merged_into:
        kept = person_for(request, absorbed.merged_into.public_id, Can.SEE_PEOPLE)
        return redirect("residents:person", kept.public_id)
    found = person_for(request, person, Can.SEE_PEOPLE)
    seen = person_file(found, request.user)
    named = [*seen.household, *(merge.absorbed for merge in seen.merges)]
    reading(request, InfoClass.IDENTITY, named, action=Action.LIST)
    site = seen.stay.site_id if seen.stay else None
    access = request.user.access
    context = {
        "person": found,
        "file": seen,
        "tabs": tabs_of("person", request, found),
        "may_list": access.may(Can.SEE_PEOPLE),
        "may_edit": seen.may(Can.EDIT_PERSON),
        "may_merge": seen.may(Can.MERGE_PEOPLE),
        "may_admit": not seen.is_present and seen.may(Can.ADMIT),
        "may_wait": seen.may(Can.EDIT_WAITING),
        "may_move": site is not None and access.may(Can.MOVE, site),
        "may_depart": site is not None and access.may(Can.DEPART, site),
        "correctable": access.sites(Can.CORRECT_STAY),
        "decidable": access.sites(Can.EDIT_WAITING),
    }
    return render(request, "residents/person.html", context)


@require_http_methods(["GET", "POST"])
@requires(Can.EDIT_PERSON)
def edit_person(request: Request, person: UUID) -> HttpResponse:
    found = person_for(request, person, Can.EDIT_PERSON)
    may_edit_contact = person_file(found, request.user).may(Can.EDIT_CONTACT)
    form = PersonForm(request.POST or None, person=found, may_edit_contact=may_edit_contact)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            services.correct_person(person=found, changes=form.facts(), by=request.user, reason=reason)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            done(request, _("The file of %(person)s is corrected.") % {"person": found})
            return go_to(request, "residents:person", found.public_id)
    context = {"person": found, "form": form}
    return render_page(request, "residents/edit_person.html", context, part="form", status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Can.EDIT_PERSON)
def join_household(request: Request, person: UUID) -> HttpResponse:
    """Find the other by name, then say who is who."""
    found = person_for(request, person, Can.EDIT_PERSON)
    people = (
        Person.objects.visible_to(request.user, Can.EDIT_PERSON).current().filter(organisation=found.organisation_id)
    )
    form = HouseholdForm(request.POST or None, people=people.exclude(pk=found.pk))
    if form.is_valid():
        try:
            services.join_household(person=found, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            done(
                request,
                _("%(person)s now lives with %(other)s.") % {"person": found, "other": form.cleaned_data["other"]},
            )
            return go_to(request, "residents:person", found.public_id)
    name = asked(request).get("q") or found.last_name
    alike = possible_duplicates(request.user, name, leave_out=found)
    reading(request, InfoClass.IDENTITY, [one.person for one in alike], action=Action.SEARCH)
    context = {"person": found, "form": form, "name": name, "found": alike}
    return render_page(request, "residents/household.html", context, part="found", status=422 if form.errors else 200)


@require_POST
@requires(Can.EDIT_PERSON)
def leave_household(request: Request, person: UUID) -> HttpResponse:
    found = person_for(request, person, Can.EDIT_PERSON)
    services.leave_household(person=found, by=request.user)
    done(request, _("%(person)s no longer belongs to a household.") % {"person": found})
    return go_to(request, "residents:person", found.public_id)
