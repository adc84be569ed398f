"""Rooms and beds: adding, renaming, taking out of service."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
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
from sites.forms import BedForm, NewBedsForm, NewRoomsForm, RetireForm, RoomForm
from sites.models import Bed, Room, Site
from sites.nights import tonight


@require_http_methods(["GET", "POST"])
@requires(Can.EDIT_PLACES)
def add_rooms(request: Request, site: str) -> HttpResponse:
    """First what the series comes to, then, once confirmed, the rooms."""
    found = get_object_or_404(Site.objects.visible_to(request.user, Can.EDIT_PLACES), slug=site)
    form = NewRoomsForm(request.POST or None)
    confirmed = "confirmed" in request.POST
    if form.is_valid() and confirmed:
        try:
            rooms = services.add_rooms(site=found, **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal, instead_of={"name": "names"})
        else:
            beds = len(rooms) * len(form.cleaned_data["labels"])
            added = ngettext("%(count)s room", "%(count)s rooms", len(rooms)) % {"count": len(rooms)}
            with_beds = ngettext("%(count)s bed", "%(count)s beds", beds) % {"count": beds}
            done(request, _("Added: %(rooms)s, %(beds)s.") % {"rooms": added, "beds": with_beds})
            return go_to(request, "sites:site", site=found.slug)
    context = {"site": found, "form": form, "preview": form.is_valid()}
    return render_page(request, "sites/add_rooms.html", context, part="form", status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Can.EDIT_PLACES)
def room(request: Request, room: UUID) -> HttpResponse:
    """A room's name and floor, and its beds."""
    found = _room(request, room)
    form = RoomForm(request.POST or None, instance=found)
    if form.is_valid():
        try:
            services.change_room(found, **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            done(request, _("Room %(room)s is changed.") % {"room": found})
            return go_to(request, "sites:site", site=found.site.slug)
    return _room_page(request, found, form=form)


@require_POST
@requires(Can.EDIT_PLACES)
def add_beds(request: Request, room: UUID) -> HttpResponse:
    found = _room(request, room)
    form = NewBedsForm(request.POST)
    if form.is_valid():
        try:
            beds = services.add_beds(room=found, **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal, instead_of={"label": "labels"})
        else:
            done(request, _("Added: %(beds)s.") % {"beds": ", ".join(map(str, beds))})
            return go_to(request, "sites:room", room=found.public_id)
    return _room_page(request, found, beds_form=form)


@require_POST
@requires(Can.EDIT_PLACES)
def retire_room(request: Request, room: UUID) -> HttpResponse:
    """All beds of a room leave service."""
    found = _room(request, room)
    form = RetireForm(request.POST)
    if form.is_valid():
        try:
            services.retire_beds(beds=list(found.beds.in_service_on(tonight())), on=form.cleaned_data["retired_on"])
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            done(request, _("The beds of room %(room)s are taken away.") % {"room": found})
            return go_to(request, "sites:site", site=found.site.slug)
    return _room_page(request, found, retire_form=form)


@require_POST
@requires(Can.EDIT_PLACES)
def remove_room(request: Request, room: UUID) -> HttpResponse:
    """Take back a room that was never used."""
    found = _room(request, room)
    site = found.site
    try:
        services.remove_room(found)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return go_to(request, "sites:room", room=room)
    done(request, _("Room %(room)s is removed.") % {"room": found})
    return go_to(request, "sites:site", site=site.slug)


@require_http_methods(["GET", "POST"])
@requires(Can.EDIT_PLACES)
def edit_bed(request: Request, bed: UUID) -> HttpResponse:
    found = _bed(request, bed)
    form = BedForm(request.POST or None, instance=found)
    if form.is_valid():
        try:
            services.change_bed(found, **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            done(request, _("Bed %(bed)s is changed.") % {"bed": found})
            return go_to(request, "sites:room", room=found.room.public_id)
    return _bed_page(request, found, form=form)


@require_POST
@requires(Can.EDIT_PLACES)
def retire_bed(request: Request, bed: UUID) -> HttpResponse:
    found = _bed(request, bed)
    form = RetireForm(request.POST)
    if form.is_valid():
        try:
            services.retire_beds(beds=[found], on=form.cleaned_data["retired_on"])
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            undo = reverse("sites:put_back", kwargs={"bed": bed})
            done(request, _("Bed %(bed)s is taken away.") % {"bed": found}, undo=undo)
            return go_to(request, "sites:room", room=found.room.public_id)
    return _bed_page(request, found, retire_form=form)


@require_POST
@requires(Can.EDIT_PLACES)
def put_back(request: Request, bed: UUID) -> HttpResponse:
    found = _bed(request, bed)
    services.put_back(found)
    done(request, _("Bed %(bed)s is back.") % {"bed": found})
    return go_to(request, "sites:room", room=found.room.public_id)


def _room(request: Request, room: UUID) -> Room:
    rooms = Room.objects.visible_to(request.user, Can.EDIT_PLACES).select_related("site")
    return get_object_or_404(rooms, public_id=room)


def _bed(request: Request, bed: UUID) -> Bed:
    beds = Bed.objects.visible_to(request.user, Can.EDIT_PLACES).select_related("room__site")
    return get_object_or_404(beds, public_id=bed)


def _room_page(
    request: Request,
    room: Room,
    *,
    form: RoomForm | None = None,
    beds_form: NewBedsForm | None = None,
    retire_form: RetireForm | None = None,
) -> HttpResponse:
    forms = {
        "form": form or RoomForm(instance=room),
        "beds_form": beds_form or NewBedsForm(),
        "retire_form": retire_form or RetireForm(),
    }
    context = {"room": room, "beds": room.beds.with_closure(tonight()), "night": tonight(), **forms}
    refused = any(form.errors for form in forms.values())
    return render_page(request, "sites/room.html", context, status=422 if refused else 200)


def _bed_page(
    request: Request, bed: Bed, *, form: BedForm | None = None, retire_form: RetireForm | None = None
) -> HttpResponse:
    forms = {"form": form or BedForm(instance=bed), "retire_form": retire_form or RetireForm()}
    refused = any(form.errors for form in forms.values())
    return render_page(request, "sites/bed.html", {"bed": bed, **forms}, status=422 if refused else 200)
