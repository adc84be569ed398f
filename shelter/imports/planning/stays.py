"""Stays and beds from lists, bed plans and presence grids, joined into one account of each person at the site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from residents.models import BedAssignment, Stay
from shelter.imports.planning.material import Line, Material, Remark, Who
from shelter.imports.planning.nights import Run, runs_of
from shelter.imports.planning.places import BedKey, Places, bed_key
from shelter.imports.values import day
from sites.models import BedClosure


@dataclass(slots=True)
class BedWish:
    """A line gives this bed to the stay from a night on. A grid says where somebody slept, a list whose bed it is."""

    bed: BedKey
    from_on: date
    line: Line

    @property
    def is_strict(self) -> bool:
        return self.line.kind != "presence" and not self.line.is_lenient


@dataclass(slots=True)
class StayWanted:
    """One stay over ``[arrived_on, left_on)``, new or ``existing``."""

    who: Who
    arrived_on: date
    left_on: date | None
    line: Line
    existing: Stay | None = None
    end_is_stated: bool = False
    wishes: list[BedWish] = field(default_factory=list)
    beds: list[tuple[BedKey, date, date | None]] = field(default_factory=list)
    had_beds: list[tuple[BedKey, date, date | None]] = field(default_factory=list)  # before the import

    @property
    def new_beds(self) -> list[tuple[BedKey, date, date | None]]:
        return [bed for bed in self.beds if bed not in self.had_beds]

    @property
    def is_changed(self) -> bool:
        found = self.existing
        return found is not None and (found.arrived_on, found.left_on) != (self.arrived_on, self.left_on)

    def overlaps(self, arrived_on: date, left_on: date | None, slack: timedelta = timedelta()) -> bool:
        """Whether they share a night; with ``slack``, whether they stand less than that apart."""
        return (left_on is None or self.arrived_on < left_on + slack) and (
            self.left_on is None or arrived_on < self.left_on + slack
        )

    def covers(self, night: date) -> bool:
        return self.arrived_on <= night and (self.left_on is None or night < self.left_on)


class Taken(NamedTuple):
    """Nights ``[from_on, until_on)`` of a bed that somebody has; no name: closed."""

    from_on: date
    until_on: date | None
    who: Who
    name: str

    def meets(self, from_on: date, until_on: date | None) -> bool:
        return (until_on is None or self.from_on < until_on) and (self.until_on is None or from_on < self.until_on)


class StayPlanner:
    """Builds ``stays`` and ``remarks``; ``plan`` is called once."""

    def __init__(self, material: Material, places: Places) -> None:
        self.material, self.places = material, places
        self.stays: dict[Who, list[StayWanted]] = defaultdict(list)
        self.remarks: list[Remark] = []

    def plan(self) -> None:
        housed = [(line, line.who) for line in self.material.lines if line.who and _houses(line)]
        for line, who in sorted(housed, key=lambda pair: not pair[0].values.get("arrival")):  # stated arrivals first
            self._from_list(line, who)
        grids = [line for line in self.material.lines if line.who and line.kind == "presence"]
        for who, runs in runs_of(grids, self.material).items():
            for run in runs:
                self._from_run(who, run)
        self._refuse_overlaps()
        self._give_beds()

    def covering(self, who: Who, night: date) -> StayWanted | None:
        return next((stay for stay in self.stays[who] if stay.covers(night)), None)

    # --- lists and bed plans

    def _from_list(self, line: Line, who: Who) -> None:
        arrived_on, left_on = day(line.values.get("arrival")), day(line.values.get("departure"))
        missing = self._missing(line, arrived_on, left_on)
        if missing:
            self._note(line, missing)
            return
        here = self._here(who)
        stay = next((stay for stay in here if stay.left_on is None), None) if arrived_on is None else None
        if stay is None:
            if arrived_on is None:
                arrived_on = self.material.today
                self._note(line, "arrival_assumed", "arrival", day=arrived_on.isoformat())
            stay = next((stay for stay in here if stay.overlaps(arrived_on, left_on)), None)
            if stay is None:
                stay = StayWanted(who, arrived_on, left_on, line, end_is_stated=left_on is not None)
                here.append(stay)
        self._join(stay, arrived_on, left_on, line)
        if line.values.get("room") and line.values.get("bed"):
            stay.wishes.append(BedWish(bed_key(line.values["room"], line.values["bed"]), stay.arrived_on, line))

    def _missing(self, line: Line, arrived_on: date | None, left_on: date | None) -> str:
        """Why a line makes no stay, if so."""
        if left_on is None:
            return "left_undated" if line.values.get("status") == "left" else ""
        if arrived_on is None:
            return "arrival_unknown"
        return "passage" if left_on <= arrived_on else ""

    def _join(self, stay: StayWanted, arrived_on: date | None, left_on: date | None, line: Line) -> None:
        """A second account of a stay: a departure closes it, other dates are only told."""
        if left_on is not None and stay.left_on is None and left_on > stay.arrived_on:
            stay.left_on, stay.end_is_stated = left_on, True
        elif arrived_on is not None and (arrived_on, left_on or stay.left_on) != (stay.arrived_on, stay.left_on):
            self._note(line, "other_dates", "arrival", day=stay.arrived_on.isoformat())

    def _here(self, who: Who) -> list[StayWanted]:
        """The person's stays at the site, the existing ones first."""
        if who not in self.stays:
            self.stays[who] = [
                StayWanted(who, stay.arrived_on, stay.left_on, NOBODY, existing=stay)
                for stay in self.material.stays.get(who, [])
                if stay.site_id == self.material.site.pk
            ]
        return self.stays[who]

    # --- presence grids

    def _from_run(self, who: Who, run: Run) -> None:
        here = self._here(who)
        stay = next(
            (stay for stay in here if stay.overlaps(run.arrived_on, run.left_on, timedelta(days=run.gap + 1))), None
        )
        if stay is None:
            stay = StayWanted(who, run.arrived_on, run.left_on, run.line)
            here.append(stay)
        elif not stay.covers(run.last_night) and stay.end_is_stated:
            self._note(run.line, "nights_after_departure")
        else:
            stay.arrived_on = min(stay.arrived_on, run.arrived_on)
            if stay.left_on is not None and not stay.end_is_stated:  # what a list states, crosses do not undo
                stay.left_on = None if run.left_on is None else max(stay.left_on, run.left_on)
        for night, line in run.beds:
            wish = BedWish(bed_key(line.values["room"], line.values["bed"]), max(night, stay.arrived_on), line)
            stay.wishes.append(wish)

    # --- what cannot be

    def _refuse_overlaps(self) -> None:
        """A person stays in one place at a time, at this site and elsewhere."""
        for who, stays in self.stays.items():
            kept: list[StayWanted] = []
            for stay in stays:
                elsewhere = next((other for other in self._elsewhere(who) if stay.overlaps(*other[:2])), None)
                if stay.existing is None and elsewhere is not None:
                    self._refuse(stay.line, "stays_elsewhere", "arrival", site=elsewhere[2])
                elif any(stay.overlaps(other.arrived_on, other.left_on) for other in kept):
                    self._refuse(stay.line, "stay_overlaps", "arrival")
                else:
                    kept.append(stay)
            self.stays[who] = kept

    def _elsewhere(self, who: Who) -> Iterable[tuple[date, date | None, str]]:
        for stay in self.material.stays.get(who, []):
            if stay.site_id != self.material.site.pk:
                yield stay.arrived_on, stay.left_on, stay.site.name

    def _give_beds(self) -> None:
        taken = self._taken_nights()
        wishes = [(stay, wish) for stays in self.stays.values() for stay in stays for wish in stay.wishes]
        wishes.sort(key=lambda pair: (pair[1].line.kind == "presence", pair[1].line.row_id))
        for stay, wish in wishes:
            self._give_bed(stay, wish, taken)

    def _give_bed(self, stay: StayWanted, wish: BedWish, taken: dict[BedKey, list[Taken]]) -> None:
        from_on = max(wish.from_on, stay.arrived_on)
        until_on = stay.left_on
        own = sorted((row for row in stay.beds), key=lambda row: row[1])
        if any(bed == wish.bed for bed, *_ in own):
            return
        if own and wish.line.kind != "presence":
            self._note(wish.line, "other_bed", "bed", bed=self.places.name(own[0][0]))
            return
        if own and own[-1] in stay.had_beds:
            self._note(wish.line, "other_bed", "bed", bed=self.places.name(own[-1][0]))
            return
        if own:  # a grid of a later month: the bed before ends where this one begins
            bed, start, end = own[-1]
            if start >= from_on:
                return
            stay.beds[stay.beds.index((bed, start, end))] = (bed, start, from_on)
            taken[bed] = [
                row._replace(until_on=from_on) if (row.who, row.from_on) == (stay.who, start) else row
                for row in taken[bed]
            ]
        rival = next((row for row in taken[wish.bed] if row.meets(from_on, until_on) and row.who != stay.who), None)
        if rival is None:
            stay.beds.append((wish.bed, from_on, until_on))
            taken[wish.bed].append(Taken(from_on, until_on, stay.who, stay.line.name))
        elif wish.is_strict:
            code = "bed_taken" if rival.name else "bed_closed"
            self._refuse(wish.line, code, "bed", bed=self.places.name(wish.bed), person=rival.name)
        else:
            self._note(wish.line, "bed_left_out", "bed", bed=self.places.name(wish.bed))

    def _taken_nights(self) -> dict[BedKey, list[Taken]]:
        """Nights on which the beds are given or closed already; an existing stay keeps the bed it has."""
        taken: dict[BedKey, list[Taken]] = defaultdict(list)
        keys = {bed.pk: key for key, bed in self.places.beds.items()}
        kept = {stay.existing.pk: stay for stays in self.stays.values() for stay in stays if stay.existing}
        given = BedAssignment.objects.filter(bed__in=keys).select_related("stay__person").order_by("from_on", "pk")
        for row in given:
            person = row.stay.person
            taken[keys[row.bed_id]].append(Taken(row.from_on, row.until_on, ("known", person.pk), person.full_name))
            if row.stay_id in kept:
                kept[row.stay_id].beds.append((keys[row.bed_id], row.from_on, row.until_on))
                kept[row.stay_id].had_beds.append((keys[row.bed_id], row.from_on, row.until_on))
        for closure in BedClosure.objects.filter(bed__in=keys):
            taken[keys[closure.bed_id]].append(Taken(closure.from_on, closure.until_on, CLOSED, ""))
        for key in list(self.places.closing):
            if any(row.meets(self.material.today, None) for row in taken[key]):
                self._keep_open(key, taken[key])
            else:
                taken[key].append(Taken(self.material.today, None, CLOSED, ""))
        return taken

    def _keep_open(self, key: BedKey, rows: list[Taken]) -> None:
        """A bed that is closed already, or that somebody has whatever the sheet says, is not closed again."""
        row_id = self.places.closing.pop(key)
        rival = next(row for row in rows if row.meets(self.material.today, None))
        if rival.who != CLOSED:
            params = {"bed": self.places.name(key), "person": rival.name}
            self.remarks.append(Remark(row_id, "closed_bed_in_use", "bed_status", params, is_notice=True))

    def _refuse(self, line: Line, code: str, field_name: str = "", **params: str) -> None:
        self.remarks.append(Remark(line.row_id, code, field_name, params, is_notice=line.is_lenient))

    def _note(self, line: Line, code: str, field_name: str = "", **params: str) -> None:
        self.remarks.append(Remark(line.row_id, code, field_name, params, is_notice=True))


def _houses(line: Line) -> bool:
    """Whether the line says that somebody lives at the site, or did."""
    if line.kind == "resident":
        return True
    return line.kind == "bed" and line.values.get("bed_status") in (None, "occupied")


CLOSED: Who = ("closed", 0)
NOBODY = Line(0, 0, "", {}, (), None, None, is_known=True, is_lenient=True, table=(0, None))
