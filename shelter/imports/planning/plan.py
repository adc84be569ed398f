"""The whole plan of an import."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from residents.models import Person
from shelter.imports.models import ImportJob, StagedPerson
from shelter.imports.planning.material import Line, Material, Remark, Who
from shelter.imports.planning.nights import marks_of
from shelter.imports.planning.places import Places, bed_key, room_key
from shelter.imports.planning.stays import StayPlanner, StayWanted
from shelter.imports.planning.waiting import RequestPlanner, RequestWanted


@dataclass
class Plan:
    """What to write, in the order of its fields, and what to tell."""

    material: Material
    places: Places
    new_persons: dict[Who, StagedPerson] = field(default_factory=dict)
    corrections: dict[int, dict[str, Any]] = field(default_factory=dict)
    stays: list[StayWanted] = field(default_factory=list)
    marks: list[tuple[StayWanted, date, str]] = field(default_factory=list)
    counted_nights: set[date] = field(default_factory=set)
    requests: list[RequestWanted] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    known_records: set[int] = field(default_factory=set)  # records of which the house has everything that matters

    @property
    def refusals(self) -> list[Remark]:
        return [remark for remark in self.remarks if not remark.is_notice]


def make_plan(job: ImportJob, *, only_ready: bool) -> Plan:
    """Plan the rows of a job; ``only_ready`` leaves out those that still block (the commit)."""
    material = Material.gather(job, only_ready=only_ready)
    places = Places.of(material.site)
    existing = set(places.rooms), set(places.beds)
    places.learn(material.lines)
    plan = Plan(material, places)
    stays = StayPlanner(material, places)
    stays.plan()
    plan.stays = [stay for wanted in stays.stays.values() for stay in wanted]
    _plan_marks(plan, stays)
    asked = RequestPlanner(material)
    asked.plan()
    plan.requests = asked.requests
    plan.remarks = [*stays.remarks, *asked.remarks]
    _plan_persons(plan)
    _recognise(plan, existing, asked.known_rows)
    return plan


def _plan_marks(plan: Plan, stays: StayPlanner) -> None:
    """Each mark goes to the stay that covers its night. A night with any mark was counted."""
    lost: set[int] = set()
    for line in plan.material.lines:
        if line.kind != "presence" or not line.who:
            continue
        for night, mark in marks_of(line).items():
            plan.counted_nights.add(night)
            stay = stays.covering(line.who, night)
            if stay is not None:
                plan.marks.append((stay, night, mark))
            elif line.row_id not in lost:
                lost.add(line.row_id)
                stays.remarks.append(Remark(line.row_id, "marks_outside_stay", is_notice=True))


def _plan_persons(plan: Plan) -> None:
    """Files to open, and blanks to fill in files that exist: what somebody wrote there is never replaced."""
    for line in plan.material.lines:
        if not line.who or not line.staged or not _needs_file(line):
            continue
        if line.who[0] == "staged":
            plan.new_persons.setdefault(line.who, line.staged)
            continue
        person = plan.material.persons[line.who[1]]
        blanks = fill_blanks(person, line.staged)
        if blanks:
            plan.corrections.setdefault(person.pk, {}).update(blanks)


def fill_blanks(person: Person, staged: StagedPerson) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if not person.phone and staged.phone:
        found["phone"] = staged.phone
    if person.birth_date is None and staged.birth_date:
        found |= {"birth_date": staged.birth_date, "birth_precision": staged.birth_precision}
    if person.gender == Person.Gender.UNKNOWN and staged.gender != Person.Gender.UNKNOWN:
        found["gender"] = staged.gender
    if not person.nationalities and staged.nationality:
        found["nationalities"] = [staged.nationality]
    if not person.languages and staged.languages:
        found["languages"] = staged.languages
    if not person.first_name and staged.first_name and person.last_name == staged.last_name:
        found["first_name"] = staged.first_name
    return found


def _needs_file(line: Line) -> bool:
    return line.kind != "bed" or line.values.get("bed_status") in (None, "occupied")


def _recognise(plan: Plan, existing: tuple[set[str], set[tuple[str, str]]], known_rows: set[int]) -> None:
    rooms, beds = existing
    for line in plan.material.lines:
        is_known_person = bool(line.who and line.who[0] == "known")
        if line.kind in ("resident", "presence"):
            known = is_known_person
        elif line.kind == "bed":
            has_bed = bed_key(line.values.get("room"), line.values.get("bed")) in beds
            known = has_bed and (is_known_person or not line.who)
        elif line.kind == "room":
            known = room_key(line.values.get("room")) in rooms
        else:
            known = line.row_id in known_rows
        if known or line.is_known:
            plan.known_records.add(line.record_id)
