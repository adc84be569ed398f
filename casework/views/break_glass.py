"""The locked part of a file: opened for an hour to who may break the glass, with a reason (A7)."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.sections import Section
from casework.views.fetching import person_visible
from residents.forms import BreakGlassForm
from residents.models import BreakGlass
from residents.services import break_glass
from shelter.db import DomainError
from shelter.http import Request, go_to, render_page
from shelter.ui.forms import refuse
from shelter.ui.panels import tabs_of
from shelter.ui.toasts import done


@require_http_methods(["GET", "POST"])
def ask(request: Request, person: UUID, section: Section) -> HttpResponse:
    assert section.ask  # noqa: S101 -- a section without it has no such page
    found = person_visible(request, person, section.ask)
    if BreakGlass.objects.opening(request.user, section.read).filter(person=found).exists():
        return go_to(request, section.address(found))
    form = BreakGlassForm(request.POST or None)
    if form.is_valid():
        try:
            break_glass(
                person_id=found.pk, of_class=section.info_class, reason=form.cleaned_data["reason"], by=request.user
            )
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            done(request, _("This part is open to you for an hour."))
            return go_to(request, section.address(found))
    context = {"person": found, "section": section, "form": form, "tabs": tabs_of("person", request, found)}
    return render_page(request, "casework/locked.html", context, part="form", status=422 if form.errors else 200)
