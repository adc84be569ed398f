"""Sites: the list, one site's page, adding and editing."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shelter.accounts.access import requires
from shelter.accounts.policy import Can
from shelter.db import DomainError
from shelter.http import Request, go_to, render_page
from shelter.ui.export import answer_export
from shelter.ui.forms import refuse
from shelter.ui.lists import Page, Sorting
from shelter.ui.searches import asked
from shelter.ui.toasts import done
from sites import services
from sites.forms import NewSiteForm, ReopenForm, SiteFilter, SiteForm
from sites.models import BedClosure, Site
from sites.nights import tonight
from sites.tables import EXPORT, SORTABLE


@require_safe
@requires(Can.SEE_PLACES)
def sites(request: Request) -> HttpResponse:
    filters = SiteFilter(asked(request), user=request.user)
    sorting = Sorting.of(request, SORTABLE, default="name")
    visible = Site.objects.visible_to(request.user)
    rows = filters.apply(visible.with_capacity(tonight())).with_names()
    context = {
        "filters": filters,
        "sorting": sorting,
        "page": Page.of(request, sorting.apply(rows)),
        "may_add": request.user.access.may(Can.KEEP_NETWORK),
        "none_at_all": not visible.exists(),
    }
    return render_page(request, "sites/list.html", context, part="list")


@require_POST
@requires(Can.SEE_PLACES)
def export(request: Request) -> HttpResponse:
    """The list as filtered, as an Excel file: no names, so it goes out at once."""
    filters = SiteFilter(asked(request), user=request.user)
    rows = filters.apply(Site.objects.visible_to(request.user).with_capacity(tonight())).with_names().by_name()
    return answer_export(request, rows, EXPORT, title=_("Sites"), name="sites", back=reverse("sites:list"))


@require_safe
@requires(Can.SEE_PLACES)
def site(request: Request, site: str) -> HttpResponse:
    """A site's facts, its rooms and beds by floor, and the closures that run or are to come."""
    night = tonight()
    visible = Site.objects.visible_to(request.user).with_capacity(night)
    found = get_object_or_404(visible.select_related("organisation"), slug=site)
    may_edit = request.user.access.may(Can.EDIT_PLACES, found.pk)
    context = {
        "site": found,
        "aliases": [alias.name for alias in found.aliases.all()],
        "floors": found.rooms.with_beds_on(night).by_floor(),
        "closures": BedClosure.objects.at(found).not_over(night).by_act(),
        "night": night,
        "may_edit": may_edit,
        "reopen_form": ReopenForm() if may_edit else None,
    }
    return render_page(request, "sites/site.html", context)


@require_http_methods(["GET", "POST"])
@requires(Can.KEEP_NETWORK)
def add_site(request: Request) -> HttpResponse:
    form = NewSiteForm(request.POST or None)
    if form.is_valid():
        try:
            site = services.add_site(**form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            done(request, _("%(site)s is added.") % {"site": site})
            return go_to(request, "sites:site", site=site.slug)
    return render_page(request, "sites/site_form.html", {"form": form}, part="form", status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Can.EDIT_PLACES)
def edit_site(request: Request, site: str) -> HttpResponse:
    found = get_object_or_404(Site.objects.visible_to(request.user, Can.EDIT_PLACES), slug=site)
    form = SiteForm(request.POST or None, instance=found)
    if form.is_valid():
        try:
            services.change_site(found, **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            done(request, _("%(site)s is changed.") % {"site": found})
            return go_to(request, "sites:site", site=found.slug)
    context = {"form": form, "site": found}
    return render_page(request, "sites/site_form.html", context, part="form", status=422 if form.errors else 200)
