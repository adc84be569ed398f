"""Asking for a list with names, allowing it, fetching it."""

from collections.abc import Collection
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shelter.accounts.access import open_to
from shelter.accounts.step_up import step_up, step_up_to_send
from shelter.db import DomainError
from shelter.exports import services
from shelter.exports.forms import ExportFilter, RefusalForm
from shelter.exports.lists import NamedList, list_of
from shelter.exports.models import Export
from shelter.exports.tables import OWN, SORTABLE
from shelter.http import Request, go_to, render_page
from shelter.ui.export import PurposeForm, answer_export, attachment
from shelter.ui.forms import refuse as show_refusal
from shelter.ui.lists import Page, Sorting
from shelter.ui.searches import SearchIsOver, opened
from shelter.ui.toasts import done


def ask_for(request: Request, named_list: NamedList, **of: str) -> HttpResponse:
    """The page of an app's own list: how many names, from where, what for. Its view says who may open it.

    ``of``: what the view's path names, for the list to read beside the filters.

    The view stands below ``@step_up``, so that the second factor is asked before anything is typed.
    """
    try:
        query = opened(request)
    except SearchIsOver as over:  # without its search the list would hold everybody
        messages.error(request, str(over))
        return go_to(request, "exports:list")
    query.update(of)
    form = PurposeForm(request.POST or None)
    if form.is_valid():
        try:
            export = services.ask(
                named_list, query=query.urlencode(), purpose=form.cleaned_data["purpose"], by=request.user
            )
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            return go_to(request, "exports:export", export.public_id)
    selection = named_list.select(request.user, query)
    asked = Export(info_class=named_list.info_class, count=len(selection.keys))
    context = {
        "form": form,
        "title": named_list.title,
        "selection": selection,
        "asked": asked,
        "roles": named_list.approving_roles(),
        "places": _places(request, selection.sites),
    }
    return render_page(request, "exports/ask.html", context, status=422 if form.errors else 200)


@require_safe
@open_to("signed in")
def exports(request: Request) -> HttpResponse:
    """What waits for me, and what I asked for."""
    waiting = Export.objects.waiting_for(request.user).select_related("asked_by")
    filters, sorting, found = _own(request)
    page = Page.of(request, found, per_page=25)
    context = {
        "filters": filters,
        "sorting": sorting,
        "waiting": [(export, list_of(export.kind).title) for export in waiting],
        "page": page,
        "rows": [(export, list_of(export.kind).title) for export in page],
    }
    return render_page(request, "exports/list.html", context, part="list")


@require_POST
@open_to("signed in")
def export_list(request: Request) -> HttpResponse:
    """What I took out, as filtered: lists, days and purposes, and no name of a person, so it goes out at once."""
    found = _own(request)[2]
    return answer_export(request, found, OWN, title=_("Exports"), name="exports", back=reverse("exports:list"))


@require_http_methods(["GET", "POST"])
@open_to("signed in")
@step_up_to_send
def export(request: Request, export: UUID) -> HttpResponse:
    """One export: its state for who asked, the question for who may allow it. POST: refuse it, with a reason."""
    found = _export(request, export)
    mine = found.asked_by_id == request.user.pk
    form = RefusalForm(request.POST or None)
    if not mine and form.is_valid():
        try:
            services.refuse(found, reason=form.cleaned_data["reason"], by=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            done(request, _("Refused: the file is destroyed."))
        return go_to(request, "exports:list")
    open_still = found.state in {Export.State.BUILDING, Export.State.WAITING, Export.State.READY} and not found.is_over
    context = {
        "export": found,
        "title": list_of(found.kind).title,
        "mine": mine,
        "form": form,
        "filters": services.asked_in(found).filters if open_still else (),
        "open_still": open_still,
        "places": _places(request, found.site_ids),
        "approvers": services.approvers_of(found) if mine and found.state == Export.State.WAITING else (),
        "roles": list_of(found.kind).approving_roles(),
    }
    return render_page(request, "exports/export.html", context, part="state", status=422 if form.errors else 200)


@require_POST
@open_to("signed in")
@step_up
def allow(request: Request, export: UUID) -> HttpResponse:
    found = _export(request, export)
    try:
        services.allow(found, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        done(request, _("Allowed: %(name)s can fetch the file.") % {"name": found.asked_by})
    return go_to(request, "exports:list")


@require_POST
@open_to("signed in")
@step_up
def download(request: Request, export: UUID) -> HttpResponse:
    """The file, to who asked for it. A POST, for each one is written down."""
    found = _export(request, export)
    try:
        content = services.fetch(found, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return go_to(request, "exports:export", found.public_id)
    return attachment(content, name=str(list_of(found.kind).title))


@require_POST
@open_to("signed in")
def give_up(request: Request, export: UUID) -> HttpResponse:
    found = get_object_or_404(Export.objects.of(request.user), public_id=export)
    services.give_up(found)
    done(request, _("The file is destroyed."))
    return go_to(request, "exports:list")


def _own(request: Request) -> tuple[ExportFilter, Sorting, QuerySet[Export]]:
    filters = ExportFilter(request.GET)
    sorting = Sorting.of(request, SORTABLE, default="-when")
    return filters, sorting, sorting.apply(filters.apply(Export.objects.of(request.user)))


def _export(request: Request, export: UUID) -> Export:
    seen = Export.objects.visible_to(request.user).select_related("asked_by", "decided_by")
    return get_object_or_404(seen.prefetch_related("downloads"), public_id=export)


def _places(request: Request, sites: Collection[int]) -> str:
    """The names of these sites, of those where the reader works."""
    if not sites:
        return _("whole house")
    names = [place.name for place in request.user.access.places if place.id in sites]
    return ", ".join(names) or ngettext("%(n)s site", "%(n)s sites", len(sites)) % {"n": len(sites)}
