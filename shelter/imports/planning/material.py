"""What a plan is made of: staged records on one side, what the house has on the other."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from residents.models import IntakeRequest, Person, Stay
from residents.nights import tonight
from shelter.imports.classes import PLACED
from shelter.imports.models import ImportJob, StagedPerson, StagedRecord
from shelter.imports.querysets import READY
from sites.models import Site

Who = tuple[str, int]  # ("known", person id) or ("staged", staged person id)


@dataclass(slots=True)
class Line:
    """A staged record of a kind that has its place, with its row."""

    record_id: int
    row_id: int
    kind: str
    values: dict[str, Any]
    flags: Sequence[str]
    staged: StagedPerson | None
    who: Who | None
    is_known: bool
    is_lenient: bool  # somebody let the row in: what cannot be is left out, and said
    table: tuple[int, int | None]  # file, table

    @property
    def name(self) -> str:
        return f"{self.values.get('first_name') or ''} {self.values.get('last_name') or ''}".strip()


@dataclass(slots=True)
class Remark:
    """Why a row cannot be let in as it is, or (``is_notice``) what was decided for it."""

    row_id: int
    code: str
    field: str = ""
    params: dict[str, str] = dataclasses.field(default_factory=dict)
    is_notice: bool = False


@dataclass
class Material:
    """All that planning asks of the database."""

    job: ImportJob
    site: Site
    lines: list[Line]
    people: dict[int, StagedPerson]
    today: date = dataclasses.field(default_factory=tonight)
    persons: dict[int, Person] = dataclasses.field(default_factory=dict)
    stays: dict[Who, list[Stay]] = dataclasses.field(default_factory=lambda: defaultdict(list))
    requests: dict[Who, list[IntakeRequest]] = dataclasses.field(default_factory=lambda: defaultdict(list))

    @classmethod
    def gather(cls, job: ImportJob, *, only_ready: bool) -> Material:
        """Six queries, however long the list. ``only_ready`` leaves out rows that still block."""
        people = {staged.pk: staged for staged in job.persons.all()}
        material = cls(job, job.site, [], people)
        material.lines = [material.line(record) for record in _records(job, only_ready=only_ready)]
        known = {line.who[1] for line in material.lines if line.who and line.who[0] == "known"}
        material.persons = Person.objects.in_bulk(known)
        for stay in Stay.objects.filter(person__in=known).select_related("site").order_by("arrived_on", "pk"):
            material.stays["known", stay.person_id].append(stay)
        for request in IntakeRequest.objects.filter(person__in=known, site=job.site_id).order_by("requested_on", "pk"):
            material.requests["known", request.person_id].append(request)
        return material

    def line(self, record: StagedRecord) -> Line:
        staged = self.leader(record.person_id)
        return Line(
            record_id=record.pk,
            row_id=record.row_id,
            kind=record.kind,
            values=record.values,
            flags=record.flags,
            staged=staged,
            who=who_is(staged),
            is_known=record.is_known,
            is_lenient=record.row.is_accepted,
            table=(record.row.file_id, record.row.table),
        )

    def leader(self, key: int | None) -> StagedPerson | None:
        """The staged person, or the one that they are in another file."""
        staged = self.people.get(key) if key else None
        return self.people[staged.same_as_id] if staged and staged.same_as_id else staged


def who_is(staged: StagedPerson | None) -> Who | None:
    if staged is None:
        return None
    return ("known", staged.person_id) if staged.person_id else ("staged", staged.pk)


def _records(job: ImportJob, *, only_ready: bool) -> QuerySet[StagedRecord]:
    records = StagedRecord.objects.filter(job=job, kind__in=PLACED, row__is_set_aside=False).select_related("row")
    if only_ready:
        records = records.filter(row__status__in=READY)
    return records.defer("row__raw", "content", "identity").order_by("row__file", "row__position", "position")
