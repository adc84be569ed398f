"""Two files of one person: side by side, kept together, taken apart."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from residents import services
from residents.forms import MergeForm
from residents.models import Person, PersonMerge
from residents.selectors.duplicates import compare, possible_duplicates
from residents.selectors.person import person_file
from residents.views.persons import person_for
from shelter.accounts.access import requires
from shelter.accounts.policy import Can, InfoClass
from shelter.audit import Action, reading
from shelter.db import DomainError
from shelter.http import Request, go_to, render_page
from shelter.ui.forms import refuse
from shelter.ui.searches import asked
from shelter.ui.toasts import done


@require_safe
@requires(Can.MERGE_PEOPLE)
def doubles(request: Request, person: UUID) -> HttpResponse:
    """Files that may be the same person's."""
    found = person_for(request, person, Can.MERGE_PEOPLE)
    name = asked(request).get("q") or found.full_name
    born = found.birth_date.year if found.birth_date else None
    nationality = next(iter(found.nationalities), "")
    alike = possible_duplicates(request.user, name, born_in=born, nationality=nationality, leave_out=found)
    reading(request, InfoClass.IDENTITY, [one.person for one in alike], action=Action.SEARCH)
    context = {"person": found, "name": name, "alike": alike}
    return render_page(request, "residents/doubles.html", context, part="alike")


@require_http_methods(["GET", "POST"])
@requires(Can.MERGE_PEOPLE)
def merge(request: Request, person: UUID, double: UUID) -> HttpResponse:
    """Both files side by side, why they look like one person's, and which is kept."""
    first = person_for(request, person, Can.MERGE_PEOPLE)
    second = person_for(request, double, Can.MERGE_PEOPLE)
    if first.pk == second.pk:
        raise Http404
    form = MergeForm(request.POST or None, files=(first, second))
    if form.is_valid():
        keeps_first = form.cleaned_data["keep"] == str(first.public_id)
        kept, absorbed = (first, second) if keeps_first else (second, first)
        try:
            merged = services.merge_persons(
                survivor=kept, absorbed=absorbed, reason=form.cleaned_data["reason"], by=request.user
            )
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            undo = reverse("residents:unmerge", args=[merged.pk])
            done(request, _("The two files are one: %(person)s.") % {"person": kept}, undo=undo)
            return go_to(request, "residents:person", kept.public_id)
    context = {
        "first": person_file(first, request.user),
        "second": person_file(second, request.user),
        "likeness": compare(first, second),
        "form": form,
    }
    return render_page(request, "residents/merge.html", context, part="form", status=422 if form.errors else 200)


@require_POST
@requires(Can.MERGE_PEOPLE)
def unmerge(request: Request, merge: int) -> HttpResponse:
    visible = Person.objects.visible_to(request.user, Can.MERGE_PEOPLE)
    merges = PersonMerge.objects.filter(survivor__in=visible)  # nosemgrep: unscoped-manager -- scoped by its person
    found = get_object_or_404(merges.select_related("absorbed"), pk=merge)
    try:
        services.unmerge(merge=found, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        done(request, _("They are two files again."))
    return go_to(request, "residents:person", found.absorbed.public_id)
