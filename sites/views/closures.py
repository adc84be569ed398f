"""Closing beds for some nights, and opening them again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from shelter.accounts.access import requires
from shelter.accounts.policy import Can
from shelter.db import DomainError
from shelter.http import Request, go_to, render_page
from shelter.ui.forms import refuse
from shelter.ui.toasts import done
from sites import services
from sites.forms import ClosureForm, ReopenForm
from sites.models import BedClosure, Site


@require_http_methods(["GET", "POST"])
@requires(Can.EDIT_PLACES)
def close_beds(request: Request, site: str) -> HttpResponse:
    """``?room=`` or ``?bed=`` marks what a link came from."""
    found = get_object_or_404(Site.objects.visible_to(request.user, Can.EDIT_PLACES), slug=site)
    marked: dict[str, object] = {"rooms": request.GET.getlist("room"), "beds": request.GET.getlist("bed")}
    form = ClosureForm(request.POST or None, site=found, initial=marked)
    if form.is_valid():
        try:
            closures = services.close_beds(**form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            number = len(closures)
            done(
                request, ngettext("%(count)s bed is closed.", "%(count)s beds are closed.", number) % {"count": number}
            )
            return go_to(request, "sites:site", site=found.slug)
    context = {"site": found, "form": form}
    return render_page(request, "sites/close_beds.html", context, part="form", status=422 if form.errors else 200)


@require_POST
@requires(Can.EDIT_PLACES)
def reopen(request: Request, closure: UUID) -> HttpResponse:
    """Opens the bed; with ``together``, all beds closed in the same act."""
    visible = BedClosure.objects.visible_to(request.user, Can.EDIT_PLACES).select_related("bed__room__site")
    found = get_object_or_404(visible, public_id=closure)
    site = found.bed.room.site
    closures = list(visible.at(site).made_with(found)) if "together" in request.POST else [found]
    beds = ", ".join(str(closure.bed) for closure in closures)
    form = ReopenForm(request.POST)
    if form.is_valid():
        services.reopen(closures, on=form.cleaned_data["reopen_on"])
        done(request, _("Can be given again: %(beds)s.") % {"beds": beds})
    else:
        messages.error(request, _("Say from which night on the bed can be given again."))
    return go_to(request, "sites:site", site=site.slug)
