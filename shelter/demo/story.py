"""What happened in the demo network over the last ninety nights: who came, who left, who was seen. Invented.

Everything is drawn from one seed and told relative to ``tonight``, so that the demo is always of today.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

from shelter.demo.mess.grids import ABSENT, GONE, HOSPITAL, PRESENT, UNSEEN
from shelter.demo.mess.lists import Line
from shelter.demo.mess.places import Slot
from shelter.demo.mess.population import Human, Population

NIGHTS_BACK = 90
CLOSURE_SHARE = 0.012
DAY = timedelta(days=1)


@dataclass(frozen=True)
class House:
    """One building of ``houses.toml``."""

    site: str
    beds: int
    floors: dict[str, tuple[int, int]]
    labels: str
    full: float
    stay_nights: int
    form: str
    people: str
    word: str = ""
    invented: bool = False

    @property
    def slots(self) -> list[Slot]:
        return [
            Slot(floor, str(room), label, self.word)
            for floor, (first, last) in self.floors.items()
            for room in range(first, last + 1)
            for label in self.labels
        ]


@dataclass(frozen=True)
class Queue:
    """A waiting list of ``houses.toml``."""

    site: str
    people: str
    count: int
    form: str


@dataclass
class Chronicle:
    """One house: its beds, its stays as lines of a list, its closed beds, and every night that somebody ticked."""

    house: House
    slots: list[Slot] = field(default_factory=list)
    stays: list[Line] = field(default_factory=list)
    closed: list[Slot] = field(default_factory=list)
    nights: dict[str, dict[date, str]] = field(default_factory=dict)

    @property
    def present(self) -> list[Line]:
        return [line for line in self.stays if not line.left]


@dataclass
class Story:
    """The whole network: its houses, and the lines of each waiting list."""

    tonight: date
    chronicles: list[Chronicle]
    waiting: list[tuple[Queue, list[Line]]]


@cache
def plans() -> tuple[list[House], list[Queue]]:
    """What ``houses.toml`` says."""
    read = tomllib.loads((Path(__file__).parent / "houses.toml").read_text(encoding="utf-8"))
    return [House(**entry) for entry in read["house"]], [Queue(**entry) for entry in read["waiting"]]


def tell(*, tonight: date, seed: int = 1, share: float = 1.0) -> Story:
    """Draw the story. ``share`` below 1 keeps the first rooms of each floor only: for tests."""
    houses, queues = plans()
    rng = Random(seed)  # noqa: S311 — a repeatable story, no secret
    people = Population(rng, year=tonight.year)
    chronicles = [_Teller(rng, people, house, tonight).tell(share) for house in houses]
    waiting = [(queue, list(_queue(rng, people, queue, tonight, share))) for queue in queues]
    return Story(tonight, chronicles, waiting)


def _human(rng: Random, people: Population, kind: str) -> Human:
    gender = {"men": "m", "women": "f"}.get(kind, "")
    return people.person(gender or rng.choice("mf"), only=("UKR",) if kind == "displaced" else ())


def _queue(rng: Random, people: Population, queue: Queue, tonight: date, share: float) -> Iterator[Line]:
    for days in sorted((rng.randrange(1, 45) for _ in range(max(4, round(queue.count * share)))), reverse=True):
        yield Line(_human(rng, people, queue.people), asked=tonight - days * DAY)


class _Teller:
    """Tells one house, bed by bed."""

    def __init__(self, rng: Random, people: Population, house: House, tonight: date) -> None:
        self.rng, self.people, self.tonight = rng, people, tonight
        self.chronicle = Chronicle(house)

    def tell(self, share: float) -> Chronicle:
        house, rng = self.chronicle.house, self.rng
        slots = self.chronicle.slots = [slot for slot in house.slots if self._is_kept(slot, share)]
        closed = max(1, round(len(slots) * CLOSURE_SHARE)) if len(slots) > 13 else 0
        self.chronicle.closed = rng.sample(slots, closed)
        usable = [slot for slot in slots if slot not in self.chronicle.closed]
        empty = set(rng.sample(usable, max(1, len(usable) - round(len(usable) * house.full))))
        news = rng.sample([slot for slot in usable if slot not in empty], max(1, len(usable) // 70))
        for slot in usable:
            self._bed(slot, free=slot in empty, arrives_today=slot in news)
        self._mark_long_absences()
        return self.chronicle

    def _is_kept(self, slot: Slot, share: float) -> bool:
        first, last = self.chronicle.house.floors[slot.floor]
        return int(slot.room) < first + max(1, (last + 1 - first) * share)

    def _bed(self, slot: Slot, *, free: bool, arrives_today: bool) -> None:
        """The bed's last weeks: perhaps somebody who left, then whoever has it tonight."""
        rng = self.rng
        longest = self.chronicle.house.stay_nights
        if free:
            self._stay(
                slot, until=self.tonight - rng.choice((0, 1, 2, 4, 9, 16)) * DAY, nights=rng.randrange(9, longest)
            )
            return
        arrival = self.tonight if arrives_today else self.tonight - rng.randrange(1, longest) * DAY
        recent = (self.tonight - arrival).days < NIGHTS_BACK - 25
        if recent and rng.random() < 0.15:
            self._stay(slot, until=arrival - rng.randrange(0, 6) * DAY, nights=rng.randrange(6, longest))
        self._add(Line(self._somebody(), slot, arrival))

    def _stay(self, slot: Slot, *, until: date, nights: int) -> None:
        self._add(Line(self._somebody(), slot, until - nights * DAY, until, left=True))

    def _somebody(self) -> Human:
        return _human(self.rng, self.people, self.chronicle.house.people)

    def _add(self, line: Line) -> None:
        self.chronicle.stays.append(line)
        self.chronicle.nights[line.human.key] = dict(self._nights(line))

    def _nights(self, line: Line) -> Iterator[tuple[date, str]]:
        """What was ticked from ninety nights ago to yesterday evening."""
        regular = self.rng.choice((0.995, 0.98, 0.95, 0.9))
        day = max(line.arrival, self.tonight - NIGHTS_BACK * DAY)
        while day < min(line.departure or self.tonight, self.tonight):
            sure = day == line.arrival or self.rng.random() < regular
            yield day, PRESENT if sure else self.rng.choice((ABSENT, ABSENT, ABSENT, HOSPITAL, UNSEEN, ""))
            day += DAY
        if line.departure and line.departure < self.tonight:
            yield line.departure, GONE

    def _mark_long_absences(self) -> None:
        """A few people have not been seen for two nights or more."""
        settled = [line for line in self.chronicle.present if (self.tonight - line.arrival).days > 8]
        for line in self.rng.sample(settled, max(1, len(settled) // 60)):
            for back in range(1, self.rng.choice((3, 3, 4, 6))):
                self.chronicle.nights[line.human.key][self.tonight - back * DAY] = ABSENT
