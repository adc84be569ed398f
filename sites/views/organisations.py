"""Organisations: few, kept by platform administrators."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shelter.accounts.access import requires
from shelter.accounts.policy import Can
from shelter.db import DomainError
from shelter.http import Request, go_to, render_page
from shelter.ui.forms import refuse
from shelter.ui.toasts import done
from sites import services
from sites.forms import OrganisationForm
from sites.models import Organisation


@require_safe
@requires(Can.KEEP_NETWORK)
def organisations(request: Request) -> HttpResponse:
    found = Organisation.objects.visible_to(request.user).with_site_count()
    return render_page(request, "sites/organisations.html", {"organisations": found})


@require_http_methods(["GET", "POST"])
@requires(Can.KEEP_NETWORK)
def add_organisation(request: Request) -> HttpResponse:
    form = OrganisationForm(request.POST or None)
    if form.is_valid():
        try:
            organisation = services.add_organisation(**form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            done(request, _("%(organisation)s is added. Now add its sites.") % {"organisation": organisation})
            return go_to(request, "sites:add")
    return render_page(
        request, "sites/organisation_form.html", {"form": form}, part="form", status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
@requires(Can.KEEP_NETWORK)
def edit_organisation(request: Request, organisation: str) -> HttpResponse:
    found = get_object_or_404(Organisation.objects.visible_to(request.user, Can.KEEP_NETWORK), slug=organisation)
    form = OrganisationForm(request.POST or None, instance=found)
    if form.is_valid():
        try:
            services.change_organisation(found, **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            done(request, _("%(organisation)s is changed.") % {"organisation": found})
            return go_to(request, "sites:organisations")
    context = {"form": form, "organisation": found}
    return render_page(
        request, "sites/organisation_form.html", context, part="form", status=422 if form.errors else 200
    )
