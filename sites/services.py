"""Every change to organisations, sites, rooms and beds. Who may call which is the view's business."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shelter.accounts.policy import InfoClass
from shelter.audit import Action, record
from shelter.db import DomainError, violation_raises, violations_raise
from sites.models import Bed, BedClosure, Organisation, Room, Site, SiteAlias

# Words that addresses use where a site's short name could stand.
RESERVED_SLUGS = frozenset({"add", "export", "organisations", "rooms", "beds", "closures"})


class NameTaken(DomainError):
    field, message = "name", _("This name is already in use.")


class RoomTaken(DomainError):
    field, message = "name", _("This site already has a room of that name.")


class LabelTaken(DomainError):
    field, message = "label", _("This room already has a bed of that name.")


class BedsSleptIn(DomainError):
    message = _("Someone has one of these beds on one of these nights.")

    @classmethod
    def on(cls, beds: Sequence[Bed]) -> "BedsSleptIn":
        return cls(
            ngettext(
                "Someone has bed %(beds)s on one of these nights. Give them another bed first.",
                "People have beds %(beds)s on one of these nights. Give them other beds first.",
                len(beds),
            )
            % {"beds": ", ".join(map(str, beds))}
        )


class BedsClosed(DomainError):
    message = _("One of these beds is already closed on one of these nights.")

    @classmethod
    def on(cls, beds: Sequence[Bed]) -> "BedsClosed":
        return cls(
            ngettext(
                "Bed %(beds)s is already closed on one of these nights.",
                "Beds %(beds)s are already closed on one of these nights.",
                len(beds),
            )
            % {"beds": ", ".join(map(str, beds))}
        )


class RoomInUse(DomainError):
    message = _("Beds of this room have been used, so its history stays. Take the beds away instead.")


class WrongEnd(DomainError):
    field, message = "retired_on", _("A bed is taken away after it was put in service.")


@transaction.atomic
def add_organisation(*, name: str, resident_word: str = Organisation.ResidentWord.RESIDENT) -> Organisation:
    with violation_raises("sites_organisation_name_key", NameTaken):
        organisation = Organisation.objects.create(
            name=name,
            resident_word=resident_word,
            slug=_free_slug(name, Organisation.objects.values_list("slug", flat=True)),
        )
    record(Action.SETTINGS, info_class=InfoClass.PLACES, about=organisation)
    return organisation


@transaction.atomic
def change_organisation(organisation: Organisation, *, name: str, resident_word: str) -> Organisation:
    """The short name stays: addresses and old links use it."""
    organisation.name, organisation.resident_word = name, resident_word
    with violation_raises("sites_organisation_name_key", NameTaken):
        organisation.save(update_fields=["name", "resident_word"])
    record(Action.SETTINGS, info_class=InfoClass.PLACES, about=organisation)
    return organisation


@transaction.atomic
def add_site(*, organisation: Organisation, name: str, aliases: Iterable[str] = (), **facts: object) -> Site:
    """A site with what is known of it. ``facts`` are fields of ``Site``; what is not known is left out."""
    slug = _free_slug(name, Site.objects.values_list("slug", flat=True))
    with violation_raises("site_name_once_in_organisation", NameTaken):
        site = Site.objects.create(organisation=organisation, name=name, slug=slug, **facts)
    record(Action.SETTINGS, info_class=InfoClass.PLACES, about=site, site=site)
    set_aliases(site, aliases)
    return site


@transaction.atomic
def change_site(site: Site, *, aliases: Iterable[str], **facts: object) -> Site:
    """Like ``add_site``; the short name and the organisation stay."""
    for field, value in facts.items():
        setattr(site, field, value)
    with violation_raises("site_name_once_in_organisation", NameTaken):
        site.save(update_fields=list(facts))
    record(Action.SETTINGS, info_class=InfoClass.PLACES, about=site, site=site)
    set_aliases(site, aliases)
    return site


@transaction.atomic
def set_aliases(site: Site, names: Iterable[str]) -> None:
    """The other names of a site are now these."""
    wanted = {name.strip() for name in names} - {"", site.name}
    site.aliases.exclude(name__in=wanted).delete()
    SiteAlias.objects.bulk_create((SiteAlias(site=site, name=name) for name in sorted(wanted)), ignore_conflicts=True)


@transaction.atomic
def add_rooms(
    *, site: Site, names: Sequence[str], labels: Sequence[str], floor: str = "", kind: str = Bed.Kind.BED
) -> list[Room]:
    """Rooms of these names, each with a bed for each label: all, or none when one name is taken."""
    taken = sorted(site.rooms.filter(name__in=names).values_list("name", flat=True))
    if taken:
        raise RoomTaken(_("This site already has: %(rooms)s.") % {"rooms": ", ".join(taken)})
    with violation_raises("room_name_once_in_site", RoomTaken):  # someone else, at the same moment
        rooms = Room.objects.bulk_create(Room(site=site, name=name, floor=floor) for name in names)
    Bed.objects.bulk_create(Bed(room=room, label=label, kind=kind) for room in rooms for label in labels)
    return rooms


@transaction.atomic
def change_room(room: Room, *, name: str, floor: str, note: str, is_accessible: bool) -> Room:
    room.name, room.floor, room.note, room.is_accessible = name, floor, note, is_accessible
    with violation_raises("room_name_once_in_site", RoomTaken):
        room.save(update_fields=["name", "floor", "note", "is_accessible"])
    return room


@transaction.atomic
def remove_room(room: Room) -> None:
    """Take back a room made by mistake. Refused with ``RoomInUse`` once a bed of it was ever given or closed."""
    try:
        with transaction.atomic():
            room.beds.all().delete()
            room.delete()
    except ProtectedError as error:
        raise RoomInUse from error


@transaction.atomic
def add_beds(
    *, room: Room, labels: Sequence[str], kind: str = Bed.Kind.BED, in_service_from: date | None = None
) -> list[Bed]:
    taken = sorted(room.beds.filter(label__in=labels).values_list("label", flat=True))
    if taken:
        raise LabelTaken(_("This room already has: %(beds)s.") % {"beds": ", ".join(taken)})
    with violation_raises("bed_label_once_in_room", LabelTaken):
        return Bed.objects.bulk_create(
            Bed(room=room, label=label, kind=kind, in_service_from=in_service_from) for label in labels
        )


@transaction.atomic
def furnish(*, site: Site, rooms: Mapping[str, str], beds: Iterable[tuple[str, str]]) -> list[Bed]:
    """Many rooms, ``{name: floor}``, and many beds, ``(name of the room, label)``, of new or standing rooms, at once.

    Raises ``RoomTaken``, ``LabelTaken``, all or none.
    """
    with violation_raises("room_name_once_in_site", RoomTaken):
        Room.objects.bulk_create(Room(site=site, name=name, floor=floor) for name, floor in rooms.items())
    wanted = list(beds)
    by_name = {room.name: room for room in site.rooms.filter(name__in={name for name, _label in wanted})}
    with violation_raises("bed_label_once_in_room", LabelTaken):
        return Bed.objects.bulk_create(Bed(room=by_name[name], label=label) for name, label in wanted)


@transaction.atomic
def change_bed(bed: Bed, *, label: str, kind: str) -> Bed:
    bed.label, bed.kind = label, kind
    with violation_raises("bed_label_once_in_room", LabelTaken):
        bed.save(update_fields=["label", "kind"])
    return bed


@transaction.atomic
def retire_beds(*, beds: Sequence[Bed], on: date) -> list[Bed]:
    """Take beds out of service from the night of ``on``. All, or none: ``BedsSleptIn`` names those given to someone."""
    slept_in = []
    locked = _locked(beds)
    for bed in locked:
        bed.retired_on = on
        try:
            with violations_raise({"bed_open_while_assigned": BedsSleptIn, "bed_serves_a_night": WrongEnd}):
                bed.save(update_fields=["retired_on"])
        except BedsSleptIn:
            slept_in.append(bed)
    if slept_in:
        raise BedsSleptIn.on(slept_in)
    return locked


@transaction.atomic
def put_back(bed: Bed) -> Bed:
    """A bed that was taken out of service serves again, from always."""
    bed.retired_on = None
    bed.save(update_fields=["retired_on"])
    return bed


@transaction.atomic
def close_beds(
    *, beds: Sequence[Bed], from_on: date, reason: str, until_on: date | None = None, note: str = ""
) -> list[BedClosure]:
    """Nobody sleeps in ``beds`` on the nights ``[from_on, until_on)``. All, or none.

    Raises ``BedsSleptIn`` or ``BedsClosed``, with the names of the beds. The database is asked bed by bed: its guard is
    the only one to know, and it keeps off those who admit someone at this moment.
    """
    closures, slept_in, closed, now = [], [], [], timezone.now()  # one moment for all: they open together, too
    for bed in _locked(beds):
        closure = BedClosure(bed=bed, from_on=from_on, until_on=until_on, reason=reason, note=note, created_at=now)
        try:
            with violations_raise({"bed_empty_while_closed": BedsSleptIn, "bed_closed_once_a_night": BedsClosed}):
                closure.save(force_insert=True)
        except BedsSleptIn:
            slept_in.append(bed)
        except BedsClosed:
            closed.append(bed)
        closures.append(closure)
    if slept_in:
        raise BedsSleptIn.on(slept_in)
    if closed:
        raise BedsClosed.on(closed)
    return closures


@transaction.atomic
def reopen(closures: Iterable[BedClosure], *, on: date) -> None:
    """The beds serve again from the night of ``on``. A closure that had not begun by then goes whole."""
    for closure in closures:
        if on <= closure.from_on:
            closure.delete()
        else:
            closure.until_on = on
            closure.save(update_fields=["until_on"])


def _locked(beds: Sequence[Bed]) -> list[Bed]:
    """The same rows, locked in one order for all who lock several."""
    rows = Bed.objects.select_for_update(of=("self",), no_key=True).select_related("room")
    return list(rows.filter(pk__in=[bed.pk for bed in beds]).order_by("pk"))


def _free_slug(name: str, taken: Iterable[str]) -> str:
    stem, used = slugify(name)[:40] or "site", RESERVED_SLUGS.union(taken)
    slug, number = stem, 2
    while slug in used:
        slug, number = f"{stem}-{number}", number + 1
    return slug
