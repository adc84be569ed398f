"""Beds that somebody could have, and which of them suit the person best."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from residents.models import BedAssignment, Person
from residents.reference import language_name
from sites.models import Bed, BedClosure, Site

# More proposals than this are no help.
PROPOSALS = 3


def free_beds(site: Site, from_on: date, until_on: date | None = None) -> QuerySet[Bed]:
    """Beds of the site that are open and that nobody has on any night of ``[from_on, until_on)``."""
    taken = BedAssignment.objects.filter(bed=OuterRef("pk")).between(from_on, until_on)
    closed = BedClosure.objects.filter(bed=OuterRef("pk")).between(from_on, until_on)
    stays_in_service = Q(retired_on=None) if until_on is None else Q(retired_on=None) | Q(retired_on__gte=until_on)
    return (
        Bed.objects.in_service_on(from_on)
        .filter(stays_in_service, ~Exists(taken), ~Exists(closed), room__site=site)
        .select_related("room")
        .order_by("room__floor", "room__name", "label", "pk")
    )


@dataclass(frozen=True, slots=True)
class Proposal:
    """A free bed and why it would suit: for people to decide."""

    bed: Bed
    reason: str


def bed_choices(beds: Iterable[Bed], proposals: Iterable[Proposal]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The options of a select: what is proposed first, then every bed by room."""
    groups = [
        (_("Proposed"), [(str(one.bed.public_id), f"{one.bed} · {one.reason}") for one in proposals]),
        *(
            (_("Room %(room)s") % {"room": room.name}, [(str(bed.public_id), str(bed)) for bed in in_room])
            for room, in_room in groupby(beds, key=lambda bed: bed.room)
        ),
    ]
    return [group for group in groups if group[1]]


def proposals(beds: Iterable[Bed], person: Person | None, night: date) -> list[Proposal]:
    """Beds beside the person's household first, then where somebody speaks one of their languages. One query."""
    if person is None or not (person.household_id or person.languages):
        return []
    beds = list(beds)
    company = _company({bed.room_id for bed in beds}, night)
    suits = [(*_suits(person, company.get(bed.room_id, [])), bed) for bed in beds]
    best = sorted((row for row in suits if row[0]), key=lambda row: (-row[0], row[2].pk))
    return [Proposal(bed, reason) for _rank, reason, bed in best[:PROPOSALS]]


def _suits(person: Person, company: list[Person]) -> tuple[int, str]:
    if person.household_id and any(other.household_id == person.household_id for other in company):
        return 100, _("with the household")
    shared = [code for code in person.languages if any(code in other.languages for other in company)]
    if not shared:
        return 0, ""
    spoken = ", ".join(language_name(code) for code in shared)
    return len(shared), ngettext(
        "a room where %(languages)s is spoken", "a room where these are spoken: %(languages)s", len(shared)
    ) % {"languages": spoken}


def _company(rooms: set[int], night: date) -> dict[int, list[Person]]:
    """Who sleeps in these rooms on this night."""
    found: dict[int, list[Person]] = {}
    rows = BedAssignment.objects.on_night(night).filter(bed__room__in=rooms).select_related("stay__person", "bed")
    for row in rows:
        found.setdefault(row.bed.room_id, []).append(row.stay.person)
    return found
