"""What the first page says: how many people sleep where, what moves, and what to do first. Counts only, no person."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Count, Q

from residents.models import IntakeRequest, NightSheet, Presence, Stay
from residents.nights import tonight
from sites.models import Site
from sites.periods import covering
from sites.selectors import BedCount, bed_counts, nights_between

TREND_NIGHTS = 30
# Older marks say nothing about tonight.
AWAY_NIGHTS = 14
NO_BEDS = BedCount()


@dataclass(frozen=True, slots=True)
class Figures:
    """The state of one night, at one site or at several together.

    ``housed`` counts the stays that cover the night, absent people included: their bed is kept. A place is free when a bed is
    open and nobody is housed in its stead, so people without a bed of their own take places too.
    """

    housed: int = 0
    beds: BedCount = NO_BEDS
    free: int = 0
    arriving: int = 0
    leaving: int = 0
    away: int = 0
    unplaced: int = 0
    waiting: int = 0
    urgent: int = 0
    declared: int | None = None

    @property
    def capacity(self) -> int:
        return self.beds.capacity

    @property
    def closed(self) -> int:
        return self.beds.closed

    @property
    def moves(self) -> str:
        return f"{self.arriving} / {self.leaving}"

    @property
    def over(self) -> int:
        """People beyond the places counted; 0 where no bed is entered, since nothing was counted there."""
        return max(0, self.housed - self.capacity) if self.beds.in_service else 0

    @property
    def percent(self) -> int | None:
        """People housed per 100 places; None where no place is counted."""
        return round(100 * self.housed / self.capacity) if self.capacity else None


@dataclass(frozen=True, slots=True)
class SiteTonight:
    site: Site
    figures: Figures

    @property
    def houses_people(self) -> bool:
        """False for a desk or a day centre: it has no beds, it is not empty."""
        return bool(self.figures.beds.in_service or self.figures.housed or self.figures.declared)


def sites_on(night: date, sites: Iterable[Site]) -> list[SiteTonight]:
    """The figures of each of ``sites``. Five queries, however many the sites and the people."""
    sites = list(sites)
    ids = [site.pk for site in sites]
    beds = bed_counts(ids, night, night + timedelta(1))
    stays = Stay.objects.filter(site__in=ids)
    moves = {
        site: counts
        for site, *counts in stays.around(night)
        .values_list("site")
        .annotate(
            housed=Count("pk", filter=Q(left_on=None) | Q(left_on__gt=night)),
            arriving=Count("pk", filter=Q(arrived_on=night)),
            leaving=Count("pk", filter=Q(left_on=night)),
        )
    }
    unplaced = dict(stays.on_night(night).without_bed_on(night).values_list("site").annotate(Count("pk")))
    away = Counter(site for site, _stay, nights in stays_away(night, sites=ids) if nights >= 2)
    requests = IntakeRequest.objects.filter(site__in=ids)
    requests = requests.waiting_on(night) if night < tonight() else requests.waiting()
    waiting = {
        site: counts
        for site, *counts in requests.values_list("site").annotate(
            asked=Count("pk"), urgent=Count("pk", filter=Q(priority=IntakeRequest.Priority.URGENT))
        )
    }

    def figures(site: Site) -> Figures:
        [beds_tonight] = beds.get(site.pk, [NO_BEDS])
        housed, arriving, leaving = moves.get(site.pk, (0, 0, 0))
        requests, urgent = waiting.get(site.pk, (0, 0))
        return Figures(
            housed=housed,
            beds=beds_tonight,
            free=max(0, beds_tonight.capacity - housed),
            arriving=arriving,
            leaving=leaving,
            away=away[site.pk],
            unplaced=unplaced.get(site.pk, 0),
            waiting=requests,
            urgent=urgent,
            declared=site.declared_capacity,
        )

    return [SiteTonight(site, figures(site)) for site in sites]


def total(figures: Sequence[Figures]) -> Figures:
    """Several sites as one. A free place at one site does not make up for a person too many at another."""

    def added(name: str) -> int:
        return sum(getattr(each, name) or 0 for each in figures)

    beds = BedCount(sum(each.beds.in_service for each in figures), sum(each.beds.closed for each in figures))
    counts = {field.name: added(field.name) for field in fields(Figures) if field.name != "beds"}
    return Figures(beds=beds, **counts)


def stays_away(night: date, *, sites: Iterable[int]) -> list[tuple[int, int, int]]:
    """``(site, stay, nights away)`` of the people still housed whose last marks up to ``night`` are absences.

    Justified absences count like the others. A night without a sheet neither breaks the run nor lengthens it; a person not
    marked for ``AWAY_NIGHTS`` nights is nobody's absence of today.
    """
    marks = Presence.objects.filter(
        covering("stay__arrived_on", "stay__left_on", night),
        site__in=sites,
        night__gt=night - timedelta(AWAY_NIGHTS),
    ).away_since_last_seen(night)
    return list(marks.values_list("site", "stay").annotate(Count("pk")).order_by())


@dataclass(frozen=True, slots=True)
class NightCount:
    """Person-nights of one night against the places of the sites that have a sheet for it (field guide §5.3)."""

    night: date
    slept: int
    capacity: int
    sheets: int
    sites: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.slept / self.capacity) if self.capacity else None


@dataclass(frozen=True, slots=True)
class Trend:
    """Several nights in a row, and the occupancy of them all: sum over sum, not the mean of the nights."""

    nights: Sequence[NightCount]

    @property
    def slept(self) -> int:
        return sum(night.slept for night in self.nights)

    @property
    def capacity(self) -> int:
        return sum(night.capacity for night in self.nights)

    @property
    def percent(self) -> float | None:
        return 100 * self.slept / self.capacity if self.capacity else None

    @property
    def sheets(self) -> int:
        return sum(night.sheets for night in self.nights)

    @property
    def sheets_expected(self) -> int:
        return sum(night.sites for night in self.nights)


def occupancy_by_night(first: date, until: date, sites: Iterable[Site]) -> Trend:
    """Every night of ``[first, until)``. A site without a sheet that night is missing from both sums, not zero in one.

    Three queries. Person-nights are those marked present and counted once in the organisation.
    """
    ids = [site.pk for site in sites]
    beds = bed_counts(ids, first, until)
    there = {"site__in": ids, "night__gte": first, "night__lt": until}
    sheets = NightSheet.objects.filter(**there).values_list("night", "site").order_by()
    present = Presence.objects.filter(**there).present().values_list("night", "site").annotate(Count("pk")).order_by()
    slept = {(night, site): count for night, site, count in present}
    sites_with_sheet: dict[date, list[int]] = defaultdict(list)
    for night, site in sheets:
        sites_with_sheet[night].append(site)

    def count(index: int, night: date) -> NightCount:
        counted = sites_with_sheet[night]
        return NightCount(
            night=night,
            slept=sum(slept.get((night, site), 0) for site in counted),
            capacity=sum(beds[site][index].capacity for site in counted if site in beds),
            sheets=sum(site in beds for site in counted),
            sites=len(beds),
        )

    return Trend([count(index, night) for index, night in enumerate(nights_between(first, until))])


class Matter(StrEnum):
    """Why a site asks for someone, the most urgent first."""

    OVER = "over"
    AWAY = "away"
    UNPLACED = "unplaced"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Todo:
    matter: Matter
    site: Site
    count: int
    free: int


def to_do_first(sites: Iterable[SiteTonight]) -> list[Todo]:
    """What waits for a decision, by urgency, then by how many people it is about."""
    found = [
        Todo(matter, each.site, count, each.figures.free)
        for each in sites
        for matter, count in (
            (Matter.OVER, each.figures.over),
            (Matter.AWAY, each.figures.away),
            (Matter.UNPLACED, each.figures.unplaced if each.figures.beds.in_service else 0),
            (Matter.URGENT, each.figures.urgent),
        )
        if count
    ]
    urgency = list(Matter)
    return sorted(found, key=lambda todo: (urgency.index(todo.matter), -todo.count))
