"""Admission, search first: is the person known, and where will they sleep?"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from residents import services
from residents.forms import PersonForm, PlaceForm, SearchFirstForm, as_uuid
from residents.models import Person, Stay
from residents.selectors.duplicates import Likeness, possible_duplicates
from residents.selectors.elsewhere import known_elsewhere
from residents.selectors.people import rows
from residents.views.persons import person_for
from shelter.accounts.access import requires
from shelter.accounts.policy import Can, InfoClass
from shelter.audit import Action, reading
from shelter.db import DomainError
from shelter.http import Request, go_to, render_page
from shelter.ui.forms import refuse
from shelter.ui.searches import SEARCH, asked
from shelter.ui.toasts import done

# What the search hands on to the form of a new person, and the bed board to both.
HANDED_ON = (SEARCH, "nationality", "site", "bed")


@require_safe
@requires(Can.ADMIT)
def admit(request: Request) -> HttpResponse:
    """Is this person known already? Files whose name, age or origin are alike, with the reasons."""
    query = asked(request)
    form = SearchFirstForm(query if "name" in query else None)
    alike: list[Likeness] = []
    elsewhere = ""
    if form.is_valid():
        facts = form.cleaned_data
        alike = possible_duplicates(
            request.user, facts["name"], born_in=facts["born_in"], nationality=facts["nationality"]
        )
        elsewhere = known_elsewhere(request.user, facts["name"])
    reading(request, InfoClass.IDENTITY, [one.person for one in alike], action=Action.SEARCH)
    context = {
        "form": form,
        "searched": form.is_valid(),
        "elsewhere": elsewhere,
        "alike": list(zip(alike, rows(request.user, [one.person for one in alike]), strict=True)),
        "handed_on": _handed_on(request.GET),
        "asked_bed": request.GET.get("bed", ""),
        "asked_site": request.GET.get("site", ""),
    }
    return render_page(request, "residents/admit.html", context, part="alike")


@require_http_methods(["GET", "POST"])
@requires(Can.ADMIT)
def admit_new(request: Request) -> HttpResponse:
    """A new file and its first stay, together or not at all."""
    place_form = PlaceForm(request.POST or None, user=request.user, asked=request.POST or request.GET)
    chosen = place_form.cleaned_data["site"].pk if place_form.is_valid() else None
    may_edit_contact = request.user.access.may(Can.EDIT_CONTACT, chosen)
    person_form = PersonForm(
        request.POST or None, may_edit_contact=may_edit_contact, initial=_first_facts(asked(request))
    )
    if person_form.is_valid() and place_form.is_valid():
        place = place_form.cleaned_data
        try:
            stay = services.register_and_admit(facts=person_form.facts(), by=request.user, **place)
        except DomainError as refusal:
            refuse(person_form if refusal.field in person_form.fields else place_form, refusal)
        else:
            return _admitted(request, stay)
    has_errors = person_form.errors or place_form.errors
    context = {"person_form": person_form, "place_form": place_form, "back": _handed_on(request.GET)}
    return render_page(request, "residents/admit_new.html", context, part="form", status=422 if has_errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Can.ADMIT)
def admit_person(request: Request, person: UUID) -> HttpResponse:
    """A stay for somebody whose file exists."""
    found = person_for(request, person, Can.ADMIT)
    form = PlaceForm(request.POST or None, user=request.user, person=found, asked=request.POST or request.GET)
    if form.is_valid():
        try:
            stay = services.admit(person=found, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            return _admitted(request, stay)
    context = {"person": found, "form": form}
    return render_page(request, "residents/admit_person.html", context, part="form", status=422 if form.errors else 200)


@require_safe
@requires(Can.ADMIT)
def free_beds(request: Request) -> HttpResponse:
    """The beds to choose from at a site from a night on: the form asks again when one of them changes."""
    people = Person.objects.visible_to(request.user, Can.ADMIT)
    found = people.filter(public_id=as_uuid(request.GET.get("person"))).first()
    form = PlaceForm(user=request.user, person=found, asked=request.GET)
    return render(request, "residents/_bed_field.html", {"form": form, "person": found})


def _admitted(request: Request, stay: Stay) -> HttpResponse:
    bed = stay.assignments.select_related("bed__room").first()
    facts: dict[str, Any] = {"person": stay.person, "bed": bed.bed if bed else "", "site": stay.site}
    text = (
        _("%(person)s has bed %(bed)s at %(site)s.")
        if bed
        else _("%(person)s has a place at %(site)s, without a bed yet.")
    )
    done(request, text % facts, undo=reverse("residents:cancel_admission", args=[stay.public_id]))
    return go_to(request, "residents:person", stay.person.public_id)


def _first_facts(query: QueryDict) -> dict[str, Any]:
    """What the search knew: the last word of a name is taken for the last name, for people to correct."""
    *first, last = query.get("name", "").split() or [""]
    born = query.get("born_in", "")
    nationality = query.get("nationality", "")
    return {
        "first_name": " ".join(first),
        "last_name": last,
        "birth": born,
        "nationalities": [nationality] if nationality else [],
    }


def _handed_on(query: QueryDict) -> str:
    kept = QueryDict(mutable=True)
    kept.update({name: query[name] for name in HANDED_ON if query.get(name)})
    return kept.urlencode()
