"""Presence grids: marks by person and night, and the runs of nights that make stays (field guide §5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from residents.models import Presence
from shelter.imports.planning.material import Line, Material, Who
from shelter.imports.values import day

Mark = Presence.Mark


@dataclass(slots=True)
class Run:
    """Nights that are one stay: no more than ``gap`` nights away in a row. ``left_on`` is None while it goes on."""

    arrived_on: date
    last_night: date
    left_on: date | None
    line: Line
    gap: int
    beds: list[tuple[date, Line]] = field(default_factory=list)  # first night of each line that names a bed


def marks_of(line: Line) -> dict[date, str]:
    """What the line says of each night it marks."""
    justified = {day(night) for night in line.values.get("nights_justified") or []}
    marks: dict[date, str] = {}
    for night in line.values.get("nights_absent") or []:
        when = day(night)
        if when:
            marks[when] = Mark.JUSTIFIED if when in justified else Mark.ABSENT
    for night in line.values.get("nights_present") or []:
        when = day(night)
        if when:
            marks[when] = Mark.PRESENT
    return marks


def runs_of(lines: Iterable[Line], material: Material) -> dict[Who, list[Run]]:
    """The runs of every person of the grids. A run goes on if it reaches the grid's last marked night, and that is now."""
    by_person: dict[Who, list[Line]] = defaultdict(list)
    last_marked: dict[tuple[int, int | None], date] = {}
    for line in lines:
        if line.who:
            by_person[line.who].append(line)
        for night in marks_of(line):
            last_marked[line.table] = max(night, last_marked.get(line.table, night))
    gap = material.site.gap_nights
    recent = material.today - timedelta(days=gap + 1)
    current = {table for table, night in last_marked.items() if night >= recent}
    return {
        who: _runs(rows, gap, max((last_marked[row.table] for row in rows if row.table in current), default=None))
        for who, rows in by_person.items()
    }


def _runs(lines: list[Line], gap: int, last_marked: date | None) -> list[Run]:
    slept = {
        night: line for line in lines for night, mark in marks_of(line).items() if mark != Mark.ABSENT
    }  # an absence with the bed kept is part of the stay (field guide §5.1)
    runs: list[Run] = []
    for night in sorted(slept):
        if not runs or (night - runs[-1].last_night).days - 1 > gap:
            runs.append(Run(night, night, None, slept[night], gap))
        runs[-1].last_night = night
        _remember_bed(runs[-1], night, slept[night])
    departures = _days(lines, "departure")
    for run in runs:
        goes_on = run is runs[-1] and last_marked is not None and (last_marked - run.last_night).days <= gap
        run.left_on = _end(run, departures, goes_on=goes_on)
    arrivals = _days(lines, "arrival")
    if runs and arrivals and arrivals[0] < runs[0].arrived_on:
        runs[0].arrived_on = arrivals[0]
    return runs


def _end(run: Run, departures: list[date], *, goes_on: bool) -> date | None:
    """The stated departure if it follows the last night, else the morning after it; nothing while the run goes on."""
    stated = next((when for when in departures if when > run.last_night), None)
    if stated is not None and (stated - run.last_night).days <= run.gap + 1:
        return stated
    return None if goes_on and not departures else run.last_night + timedelta(days=1)


def _remember_bed(run: Run, night: date, line: Line) -> None:
    has_bed = line.values.get("room") and line.values.get("bed")
    if has_bed and not any(known is line for _, known in run.beds):
        run.beds.append((night, line))


def _days(lines: list[Line], field_name: str) -> list[date]:
    return sorted(filter(None, (day(line.values.get(field_name)) for line in lines)))
