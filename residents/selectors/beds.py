"""The bed board: what each bed of a site is on one night, and over fourteen. No name: see ``names``."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from residents.models import BedAssignment, Person, Presence, Stay
from residents.nights import tonight
from residents.selectors.tonight import stays_away
from shelter.accounts.models import User
from shelter.accounts.policy import Can
from sites.floors import floor_name, floor_order, natural_order
from sites.models import Bed, BedClosure, Site
from sites.selectors import nights_between

# A page draws one section; a larger floor is cut into several, between two rooms.
SECTION_BEDS = 60
TAPE_NIGHTS = 14


class BedState(StrEnum):
    """The values are those of ``data-s`` in ``beds.css``."""

    TAKEN = "occ"
    AWAY = "abs"
    FREE = "free"
    LEAVING = "out"
    RESERVED = "res"
    CLOSED = "blk"

    @property
    def is_free(self) -> bool:
        """Nobody has the bed this night: who leaves today frees it, who comes later does not take it yet."""
        return self in {BedState.FREE, BedState.LEAVING, BedState.RESERVED}


@dataclass(frozen=True, slots=True)
class BoardBed:
    """``stay`` has the bed, leaves it today or comes later, as ``state`` says; it has the bed over ``[since, until)``."""

    id: int
    public_id: UUID
    label: str
    kind: str
    state: BedState = BedState.FREE
    stay: int | None = None
    since: date | None = None
    until: date | None = None
    nights: int = 0
    nights_away: int = 0
    closure: BedClosure | None = None


@dataclass(frozen=True, slots=True)
class BoardRoom:
    id: int
    name: str
    note: str
    floor: str
    is_accessible: bool
    beds: list[BoardBed]


@dataclass(frozen=True)
class Section:
    """The rooms of a floor, or of a part of it. ``key`` names it in the address."""

    key: str
    floor: str
    part: int
    parts: int
    rooms: Sequence[BoardRoom]

    @property
    def name(self) -> str:
        return floor_name(self.floor)

    @cached_property
    def beds(self) -> list[BoardBed]:
        return [bed for room in self.rooms for bed in room.beds]

    @property
    def capacity(self) -> int:
        return len(self.beds) - self.closed

    @property
    def taken(self) -> int:
        return sum(bed.state in {BedState.TAKEN, BedState.AWAY} for bed in self.beds)

    @cached_property
    def free(self) -> int:
        return sum(bed.state.is_free for bed in self.beds)

    @cached_property
    def closed(self) -> int:
        return sum(bed.state is BedState.CLOSED for bed in self.beds)

    @cached_property
    def away(self) -> int:
        return sum(bed.state is BedState.AWAY for bed in self.beds)

    @property
    def is_accessible(self) -> bool:
        return any(room.is_accessible for room in self.rooms)


class Show(StrEnum):
    """The filters of the board."""

    ALL = "all"
    FREE = "free"
    AWAY = "away"
    LEAVING = "leaving"
    ACCESSIBLE = "accessible"


SHOWN: Mapping[Show, Callable[[BoardRoom, BoardBed], bool]] = {
    Show.ALL: lambda _room, _bed: True,
    Show.FREE: lambda _room, bed: bed.state.is_free,
    Show.AWAY: lambda _room, bed: bed.state is BedState.AWAY,
    Show.LEAVING: lambda _room, bed: bed.state is BedState.LEAVING,
    Show.ACCESSIBLE: lambda room, _bed: room.is_accessible,
}


@dataclass(frozen=True)
class Board:
    """All beds of a site in service on a night, floor by floor, and the stays that have no bed then."""

    rooms: Sequence[BoardRoom]
    unplaced: Sequence[int]

    def count(self, show: Show) -> int:
        return sum(SHOWN[show](room, bed) for room in self.rooms for bed in room.beds)

    def only(self, show: Show) -> "Board":
        rooms = (replace(room, beds=[bed for bed in room.beds if SHOWN[show](room, bed)]) for room in self.rooms)
        return replace(self, rooms=[room for room in rooms if room.beds])

    @cached_property
    def sections(self) -> list[Section]:
        return [
            section
            for floor, rooms in groupby(self.rooms, key=lambda room: room.floor)
            for section in _sections(floor, list(rooms))
        ]

    @property
    def sleepers(self) -> list[int]:
        """The stays that have a bed this night."""
        return [bed.stay for room in self.rooms for bed in room.beds if bed.stay and not bed.state.is_free]

    @cached_property
    def whole(self) -> Section:
        """The site as one section, for its sums."""
        return Section("", "", 1, 1, self.rooms)


def _sections(floor: str, rooms: Sequence[BoardRoom]) -> Iterator[Section]:
    parts: list[list[BoardRoom]] = [[]]
    beds = 0
    for room in rooms:
        if parts[-1] and beds + len(room.beds) > SECTION_BEDS:
            parts.append([])
            beds = 0
        parts[-1].append(room)
        beds += len(room.beds)
    for number, part in enumerate(parts, 1):
        key = f"{floor}.{number}" if len(parts) > 1 else floor
        yield Section(key, floor, number, len(parts), part)


class _Given(NamedTuple):
    """A bed given to a stay over ``[since, until)``; the stay itself is ``[arrived_on, left_on)``."""

    stay: int
    since: date
    until: date | None
    arrived_on: date
    left_on: date | None

    def covers(self, night: date) -> bool:
        return self.since <= night and (self.until is None or self.until > night)


def bed_board(site: Site, night: date) -> Board:
    """Five queries, however large the site."""
    given: dict[int, list[_Given]] = defaultdict(list)
    for bed, *of_stay in _given_from(site, night):
        given[bed].append(_Given(*of_stay))
    closed = {closure.bed_id: closure for closure in BedClosure.objects.filter(bed__room__site=site).on_night(night)}
    away = {stay: nights for _site, stay, nights in stays_away(night, sites=[site.pk])}
    unplaced = Stay.objects.at(site).on_night(night).without_bed_on(night).order_by("arrived_on", "pk")

    rooms: dict[int, BoardRoom] = {}
    beds = Bed.objects.filter(room__site=site).in_service_on(night).order_by("room", "label", "pk")
    for room, name, note, floor, is_accessible, *bed in beds.values_list(
        "room", "room__name", "room__note", "room__floor", "room__is_accessible", "pk", "public_id", "label", "kind"
    ):
        if room not in rooms:
            rooms[room] = BoardRoom(room, name, note, floor, is_accessible, [])
        seen = BoardBed(*bed)
        rooms[room].beds.append(_on_night(night, seen, given[seen.id], closed.get(seen.id), away))
    in_order = sorted(rooms.values(), key=lambda room: (floor_order(room.floor), natural_order(room.name)))
    return Board(in_order, list(unplaced.values_list("pk", flat=True)))


def _given_from(site: Site, night: date) -> QuerySet[BedAssignment, tuple[Any, ...]]:
    """Beds of the site given on this night, given up on its day, or given later."""
    return (
        BedAssignment.objects.filter(Q(until_on=None) | Q(until_on__gte=night), stay__site=site)
        # No more than the line above says, but here the indexes of stays help.
        .filter(Q(stay__left_on=None) | Q(stay__left_on__gte=night))
        .order_by("from_on")
        .values_list("bed", "stay", "from_on", "until_on", "stay__arrived_on", "stay__left_on")
    )


def _on_night(
    night: date, bed: BoardBed, given: Sequence[_Given], closure: BedClosure | None, away: Mapping[int, int]
) -> BoardBed:
    taken = next((each for each in given if each.covers(night)), None)
    if taken:
        state = BedState.AWAY if taken.stay in away else BedState.TAKEN
        return _with(bed, state, taken, nights=(night - taken.arrived_on).days, nights_away=away.get(taken.stay, 0))
    if closure:
        return replace(bed, state=BedState.CLOSED, closure=closure)
    leaving = next((each for each in given if each.until == each.left_on == night), None)
    if leaving:
        return _with(bed, BedState.LEAVING, leaving)
    coming = next((each for each in given if each.since > night), None)
    return _with(bed, BedState.RESERVED, coming) if coming else bed


def _with(bed: BoardBed, state: BedState, given: _Given, **more: Any) -> BoardBed:
    return replace(bed, state=state, stay=given.stay, since=given.since, until=given.until, **more)


def bed_on_night(bed: Bed, night: date) -> BoardBed:
    """What the board says of this one bed. Three queries. A bed not in service that night is closed, without a closure."""
    site = bed.room.site
    seen = BoardBed(bed.pk, bed.public_id, bed.label, bed.kind)
    if not Bed.objects.in_service_on(night).filter(pk=bed.pk).exists():
        return replace(seen, state=BedState.CLOSED)
    given = [_Given(*of_stay) for _bed, *of_stay in _given_from(site, night).filter(bed=bed)]
    closure = BedClosure.objects.filter(bed=bed).on_night(night).first()
    away = {stay: nights for _site, stay, nights in stays_away(night, sites=[site.pk])}
    return _on_night(night, seen, given, closure, away)


PLAIN_STATES = {BedState.AWAY: BedState.TAKEN, BedState.LEAVING: BedState.FREE, BedState.RESERVED: BedState.FREE}


def without_people(bed: BoardBed) -> BoardBed:
    """What those see who may know of a bed but of no person: taken, free or closed."""
    state = PLAIN_STATES.get(bed.state, bed.state)
    return BoardBed(bed.id, bed.public_id, bed.label, bed.kind, state=state, closure=bed.closure)


def board_without_people(board: Board) -> Board:
    rooms = [replace(room, beds=[without_people(bed) for bed in room.beds]) for room in board.rooms]
    return Board(rooms, unplaced=())


@dataclass(frozen=True, slots=True)
class Who:
    """Who stays, as one user may call them. ``person`` is None for those who may not open the file."""

    name: str
    stay: UUID
    person: UUID | None
    person_id: int


def names(stays: Iterable[int], *, user: User, site: Site) -> dict[int, Who]:
    """The people of these stays at ``site``, by stay.

    In full for those who read identities, by first name and initial for those who watch the night, nobody for the others.
    """
    if user.access.may(Can.SEE_PEOPLE, site.pk):
        return {
            pk: Who(person.full_name, stay, person.public_id, person.pk) for pk, stay, person in _people(stays, site)
        }
    return short_names(stays, site=site) if user.access.may(Can.SEE_FIRST_NAMES, site.pk) else {}


def short_names(stays: Iterable[int], *, site: Site) -> dict[int, Who]:
    return {pk: Who(person.short_name, stay, None, person.pk) for pk, stay, person in _people(stays, site)}


def _people(stays: Iterable[int], site: Site) -> Iterator[tuple[int, UUID, Person]]:
    columns = ("id", "public_id", "first_name", "last_name", "known_as")
    rows = Stay.objects.at(site).filter(pk__in=set(stays)).order_by()
    for pk, stay, *values in rows.values_list("pk", "public_id", *(f"person__{column}" for column in columns)):
        yield pk, stay, Person(**dict(zip(columns, values, strict=True)))


@dataclass(frozen=True, slots=True)
class Use:
    """What a bed is used for over ``[since, until)``. Closed without a closure: not in service."""

    state: BedState = BedState.FREE
    stay: int | None = None
    closure: BedClosure | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Nights in a row, ``[first, until)``, with one use, which may have begun before the window and go on after it."""

    use: Use
    first: date
    until: date
    goes_back: bool
    goes_on: bool

    @property
    def nights(self) -> int:
        return (self.until - self.first).days

    @property
    def last(self) -> date:
        return self.until - timedelta(1)


@dataclass(frozen=True)
class Tape:
    """The runs of each bed, room by room, and how many beds are free each night."""

    nights: Sequence[date]
    rooms: Sequence[tuple[BoardRoom, Sequence[tuple[BoardBed, Sequence[Run]]]]]
    free: Sequence[int]
    stays: Set[int]


def tape(section: Section, first: date) -> Tape:
    """The beds of ``section`` over the fourteen nights from ``first`` on. Four queries."""
    nights = nights_between(first, first + timedelta(TAPE_NIGHTS))
    uses = {bed.id: [Use()] * TAPE_NIGHTS for bed in section.beds}
    for bed, use in _uses(list(uses), first, first + timedelta(TAPE_NIGHTS)):
        start = max(0, (use.since - first).days) if use.since else 0
        end = min(TAPE_NIGHTS, (use.until - first).days) if use.until else TAPE_NIGHTS
        uses[bed][start:end] = [use] * (end - start)
    stays = {use.stay for row in uses.values() for use in row if use.stay}
    marks = Presence.objects.filter(stay__in=stays, night__in=nights).away().values_list("stay", "night")
    away = set(marks)

    def seen(use: Use, night: date) -> Use:
        return replace(use, state=BedState.AWAY) if (use.stay, night) in away else use

    def runs(row: Sequence[Use]) -> list[Run]:
        days = groupby(zip(map(seen, row, nights), nights, strict=True), key=itemgetter(0))
        return [_run(use, [night for _use, night in run], nights) for use, run in days]

    return Tape(
        nights=nights,
        rooms=[(room, [(bed, runs(uses[bed.id])) for bed in room.beds]) for room in section.rooms],
        free=[sum(row[index].state is BedState.FREE for row in uses.values()) for index in range(TAPE_NIGHTS)],
        stays=stays,
    )


def _run(use: Use, run: Sequence[date], window: Sequence[date]) -> Run:
    first, last = run[0], run[-1]
    return Run(
        use,
        first,
        last + timedelta(1),
        goes_back=first == window[0] and use.since is not None and use.since < first,
        goes_on=last == window[-1]
        and use.state is not BedState.FREE
        and (use.until is None or use.until > last + timedelta(1)),
    )


def _uses(beds: Sequence[int], first: date, until: date) -> Iterator[tuple[int, Use]]:
    """``(bed, use)`` of all that keeps these beds from being free on a night of ``[first, until)``."""
    for bed, since, retired in Bed.objects.filter(
        Q(in_service_from__gt=first) | Q(retired_on__lt=until), pk__in=beds
    ).values_list("pk", "in_service_from", "retired_on"):
        if since and since > first:
            yield bed, Use(BedState.CLOSED, until=since)
        if retired and retired < until:
            yield bed, Use(BedState.CLOSED, since=retired)
    for closure in BedClosure.objects.filter(bed__in=beds).between(first, until):
        yield closure.bed_id, Use(BedState.CLOSED, closure=closure, since=closure.from_on, until=closure.until_on)
    given = BedAssignment.objects.filter(bed__in=beds).between(first, until).order_by("from_on")
    for bed, stay, since, left in given.values_list("bed", "stay", "from_on", "until_on"):
        state = BedState.RESERVED if since > tonight() else BedState.TAKEN
        yield bed, Use(state, stay=stay, since=since, until=left)
