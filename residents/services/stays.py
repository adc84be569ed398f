"""Stays and their beds: admission, move, departure, and correcting them.

"Is it free?" is asked by the insert itself; the exclusion constraints also cover extensions and moves. The rows that two
desks may fight over are locked first and always in one order (``lock_persons``), so the loser reads a sentence.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from residents.models import BedAssignment, IntakeRequest, Person, Presence, Stay
from residents.nights import tonight
from residents.services.history import recorded
from residents.services.people import lock_persons, register_person
from residents.services.refusals import (
    AlreadyLeft,
    BedClosed,
    BedTaken,
    FileMerged,
    NotLeft,
    OutsideStay,
    SleptHere,
    house_rules,
)
from shelter.accounts.models import User
from sites.models import Bed, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """One stay to write, over ``[arrived_on, left_on)``, with the bed it has all along, if it has one."""

    person_id: int
    site_id: int
    arrived_on: date
    bed_id: int | None = None
    left_on: date | None = None
    exit_reason: str = ""
    destination: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BedGiven:
    """A bed for a stay over ``[from_on, until_on)``; no end: as long as the stay has none."""

    stay_id: int
    bed_id: int
    from_on: date
    until_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """The end of one stay."""

    stay_id: int
    left_on: date
    exit_reason: str = ""
    destination: str = ""


def admit(*, person: Person, site: Site, arrived_on: date, bed: Bed | None = None, by: User | None) -> Stay:
    """A place at ``site`` for ``person`` from ``arrived_on`` on, with a bed or without one yet.

    Their open request there is answered. Raises ``FileMerged``, ``OtherOrganisation``, ``AlreadyHoused``, ``BedTaken``,
    ``BedClosed``, or ``OutsideStay`` when the bed is at another site.
    """
    admission = Admission(person_id=person.pk, site_id=site.pk, arrived_on=arrived_on, bed_id=bed.pk if bed else None)
    return admit_many([admission], by=by)[0]


@transaction.atomic
def register_and_admit(
    *, facts: Mapping[str, Any], site: Site, arrived_on: date, bed: Bed | None = None, by: User | None
) -> Stay:
    """A new file and its first stay, or neither. Raises as ``register_person`` and ``admit``."""
    person = register_person(site=site, by=by, **facts)
    return admit(person=person, site=site, arrived_on=arrived_on, bed=bed, by=by)


@transaction.atomic
def admit_many(admissions: Sequence[Admission], *, by: User | None) -> list[Stay]:
    """Write stays and their beds, in one INSERT each; refuses as ``admit``, all or none. Same order as given."""
    persons = lock_persons({admission.person_id for admission in admissions})
    if any(person.merged_into_id for person in persons):
        raise FileMerged
    with recorded(by), house_rules():
        stays = Stay.objects.bulk_create(
            Stay(
                person_id=admission.person_id,
                site_id=admission.site_id,
                arrived_on=admission.arrived_on,
                left_on=admission.left_on,
                exit_reason=admission.exit_reason,
                destination=admission.destination,
            )
            for admission in admissions
        )
        assign_beds(
            [
                BedGiven(stay_id=stay.pk, bed_id=row.bed_id, from_on=row.arrived_on, until_on=row.left_on)
                for stay, row in zip(stays, admissions, strict=True)
                if row.bed_id
            ],
            by=by,
        )
        _answer_requests(stays)
    return stays


@transaction.atomic
def assign_beds(beds: Sequence[BedGiven], *, by: User | None) -> list[BedAssignment]:
    """Give beds to stays. Raises ``BedTaken``, ``BedClosed``, ``BedTwice``, or ``OutsideStay``."""
    if not beds:
        return []
    _lock_beds(row.bed_id for row in beds)
    with recorded(by), house_rules():
        return BedAssignment.objects.bulk_create(
            BedAssignment(stay_id=row.stay_id, bed_id=row.bed_id, from_on=row.from_on, until_on=row.until_on)
            for row in beds
        )


@transaction.atomic
def move_bed(*, stay: Stay, bed: Bed | None, from_on: date, by: User | None) -> Stay:
    """From ``from_on`` to its end the stay has this bed, or none. The nights before keep the bed they had.

    Raises ``BedTaken``, ``BedClosed``, or ``OutsideStay`` when the night or the bed is not the stay's.
    """
    stay = lock_stays([stay.pk], beds=[bed.pk] if bed else [])[0]
    if bed is not None and _keeps(stay, bed, from_on):
        return stay
    with recorded(by):
        _vacate(stay, from_on)
        if bed is not None:
            assign_beds([BedGiven(stay_id=stay.pk, bed_id=bed.pk, from_on=from_on, until_on=stay.left_on)], by=by)
    return stay


@transaction.atomic
def swap_beds(*, first: Stay, second: Stay, from_on: date, by: User | None) -> None:
    """Two stays that both have a bed on ``from_on`` change beds from that night on. Raises as ``move_bed``."""
    stays = lock_stays([first.pk, second.pk])
    beds = {row.stay_id: row.bed_id for row in BedAssignment.objects.filter(stay__in=stays).on_night(from_on)}
    if len(beds) != 2:
        raise OutsideStay
    one, other = stays
    with recorded(by):
        for stay in stays:
            _vacate(stay, from_on)
        assign_beds(
            [
                BedGiven(stay_id=stay.pk, bed_id=beds[partner.pk], from_on=from_on, until_on=stay.left_on)
                for stay, partner in ((one, other), (other, one))
            ],
            by=by,
        )


def depart(*, stay: Stay, left_on: date, reason: str, destination: str, by: User | None) -> Stay:
    """The person leaves: the night of ``left_on`` is not slept here, and the bed is free that night.

    A day in the future plans a departure, which may be written again. Raises ``AlreadyLeft``, ``ShorterThanANight``.
    """
    departure = Departure(stay_id=stay.pk, left_on=left_on, exit_reason=reason, destination=destination)
    return depart_many([departure], by=by)[0]


@transaction.atomic
def depart_many(departures: Sequence[Departure], *, by: User | None) -> list[Stay]:
    """Write the end of stays; refuses as ``depart``, all or none. Returns the stays in the order of their ids."""
    ends = {row.stay_id: row for row in departures}
    stays = lock_stays(ends)
    ending = [stay for stay in stays if not _ends_so(stay, ends[stay.pk])]
    if any(stay.left_on and stay.left_on <= tonight() for stay in ending):
        raise AlreadyLeft
    for stay in ending:
        end = ends[stay.pk]
        stay.left_on, stay.exit_reason, stay.destination = end.left_on, end.exit_reason, end.destination
    with recorded(by), house_rules():
        _cut_beds(ending)
        Stay.objects.bulk_update(ending, ["left_on", "exit_reason", "destination"])
        _drop_marks_outside(ending)
    return stays


@transaction.atomic
def cancel_departure(*, stay: Stay, by: User | None) -> Stay:
    """The person did not leave, or does not plan to any more. Their last bed is theirs again if it is still free.

    Raises ``NotLeft``, or ``AlreadyHoused`` when they have a place elsewhere since.
    """
    stay = lock_stays([stay.pk])[0]
    if stay.left_on is None:
        raise NotLeft
    last = stay.assignments.filter(until_on=stay.left_on).first()
    stay.left_on, stay.exit_reason, stay.destination = None, "", ""
    with recorded(by):
        with house_rules():
            stay.save(update_fields=["left_on", "exit_reason", "destination"])
        if last is not None:
            with suppress(BedTaken, BedClosed):
                _stretch(last, from_on=last.from_on, until_on=None)
    return stay


@transaction.atomic
def cancel_admission(*, stay: Stay, by: User | None, reason: str = "") -> None:
    """Take an admission back as if it had not been written; the history keeps it. Raises ``SleptHere`` after a night."""
    stay = lock_stays([stay.pk])[0]
    if stay.presences.filter(mark=Presence.Mark.PRESENT).exists():
        raise SleptHere
    with recorded(by, reason):
        stay.presences.all().delete()
        stay.assignments.all().delete()
        answered_on = timezone.localdate(stay.created_at)
        IntakeRequest.objects.filter(
            person=stay.person_id, site=stay.site_id, state=IntakeRequest.State.ADMITTED, decided_on=answered_on
        ).update(state=IntakeRequest.State.WAITING, decided_on=None)
        stay.delete()


@transaction.atomic
def correct_stay(*, stay: Stay, arrived_on: date, left_on: date | None, reason: str, by: User | None) -> Stay:
    """The stay was in truth over ``[arrived_on, left_on)``. Its first and last bed follow; what falls outside goes.

    Raises ``ShorterThanANight``, ``AlreadyHoused``, ``BedTaken`` or ``BedClosed`` when a bed was not free that long.
    """
    stay = lock_stays([stay.pk])[0]
    was_from, was_until = stay.arrived_on, stay.left_on
    stay.arrived_on, stay.left_on = arrived_on, left_on
    if left_on is None:
        stay.exit_reason = stay.destination = ""
    with recorded(by, reason), house_rules():
        _cut_beds([stay])
        stay.save(update_fields=["arrived_on", "left_on", "exit_reason", "destination"])
        beds = list(stay.assignments.all())
        if beds and beds[0].from_on == was_from:
            _stretch(beds[0], from_on=arrived_on, until_on=beds[0].until_on)
        if beds and beds[-1].until_on == was_until:
            _stretch(beds[-1], from_on=beds[-1].from_on, until_on=left_on)
        _drop_marks_outside([stay])
    return stay


def lock_stays(ids: Iterable[int], *, beds: Iterable[int] = ()) -> list[Stay]:
    """These stays by id, held with their persons, the beds they have and these ``beds`` (see ``lock_persons``).

    The beds they have too: the guards lock a bed that is given up, and would come upon it out of order.
    """
    ids = list(ids)
    lock_persons(Stay.objects.filter(pk__in=ids).values_list("person", flat=True))
    stays = Stay.objects.filter(pk__in=ids).select_related("person").order_by("pk")
    held = list(stays.select_for_update(of=("self",), no_key=True))
    _lock_beds([*BedAssignment.objects.filter(stay__in=ids).values_list("bed", flat=True), *beds])
    return held


def _lock_beds(ids: Iterable[int]) -> None:
    list(Bed.objects.filter(pk__in=set(ids)).order_by("pk").select_for_update(of=("self",), no_key=True))


def _answer_requests(stays: Sequence[Stay]) -> None:
    """Who has a place waits for it no longer."""
    placed = Stay.objects.filter(
        pk__in=[stay.pk for stay in stays],
        person=OuterRef("person"),
        site=OuterRef("site"),
        arrived_on__gte=OuterRef("requested_on"),
    )
    IntakeRequest.objects.waiting().filter(Exists(placed)).update(
        state=IntakeRequest.State.ADMITTED, decided_on=timezone.localdate()
    )


def _ends_so(stay: Stay, end: Departure) -> bool:
    return (stay.left_on, stay.exit_reason, stay.destination) == (end.left_on, end.exit_reason, end.destination)


def _keeps(stay: Stay, bed: Bed, from_on: date) -> bool:
    """Whether the stay has this bed already, from this night to its end."""
    return stay.assignments.on_night(from_on).filter(bed=bed, until_on=stay.left_on).exists()


def _vacate(stay: Stay, from_on: date) -> None:
    """No bed from this night on."""
    if from_on < stay.arrived_on or (stay.left_on and from_on >= stay.left_on):
        raise OutsideStay
    stay.assignments.filter(from_on__gte=from_on).delete()
    stay.assignments.on_night(from_on).update(until_on=from_on)


def _cut_beds(stays: Sequence[Stay]) -> None:
    """Cut bed assignments to the nights that the stays, as they stand in memory, cover."""
    by_id = {stay.pk: stay for stay in stays}
    gone: list[int] = []
    shorter: list[BedAssignment] = []
    for row in BedAssignment.objects.filter(stay__in=by_id):
        stay = by_id[row.stay_id]
        ends = [day for day in (row.until_on, stay.left_on) if day]
        nights = (max(row.from_on, stay.arrived_on), min(ends, default=None))
        if nights[1] and nights[0] >= nights[1]:
            gone.append(row.pk)
        elif nights != (row.from_on, row.until_on):
            row.from_on, row.until_on = nights
            shorter.append(row)
    BedAssignment.objects.filter(pk__in=gone).delete()
    BedAssignment.objects.bulk_update(shorter, ["from_on", "until_on"])


def _stretch(row: BedAssignment, *, from_on: date, until_on: date | None) -> None:
    row.from_on, row.until_on = from_on, until_on
    with house_rules():
        row.save(update_fields=["from_on", "until_on"])


def _drop_marks_outside(stays: Sequence[Stay]) -> None:
    """Marks of nights that the stays, as saved, no longer cover; the history keeps them."""
    outside = Q(night__lt=F("stay__arrived_on")) | Q(night__gte=F("stay__left_on"))
    Presence.objects.filter(outside, stay__in=stays).delete()
