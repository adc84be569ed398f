"""Staged rows as a person may read them: values by class, cells as they were written, what stays hidden (A9b)."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format

from residents.models import Person
from residents.reference import country_name, language_name
from shelter.accounts.access import Access
from shelter.accounts.policy import Can, InfoClass
from shelter.imports import wording
from shelter.imports.classes import SECRECY, class_of, readable
from shelter.imports.models import ImportFile, ImportJob, Likeness, Problem, StagedPerson, StagedRecord, StagedRow
from shelter.imports.sheets import column_number


@dataclass(slots=True)
class Value:
    field: str
    label: str
    text: str
    is_later: bool = False  # its place in the house comes with a later part


@dataclass(slots=True)
class Cell:
    column: str
    heading: str
    text: str
    is_readable: bool = True
    is_wrong: bool = False

    @property
    def is_hidden(self) -> bool:
        return not self.is_readable and bool(self.text)


@dataclass(slots=True)
class RowShown:
    """A staged row for the screen. ``hidden`` names the classes whose values exist and stay closed to this reader."""

    row: StagedRow
    name: str = ""
    values: list[Value] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    wrong_columns: list[str] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)


class Reader:
    """What one user may read of one import. ``opened``: the classes of what was shown so far."""

    def __init__(self, access: Access, job: ImportJob) -> None:
        self.job = job
        self.classes = readable(access, job.site_id)
        self.sites = access.sites(Can.SEE_PEOPLE)
        self.opened: set[InfoClass] = set()

    def rows(self, rows: Sequence[StagedRow]) -> list[RowShown]:
        """The rows of a page, with three queries for all of them."""
        records: dict[int, list[StagedRecord]] = defaultdict(list)
        found = StagedRecord.objects.filter(row__in=rows).prefetch_related("secrets").order_by("row", "position")
        for record in found:
            records[record.row_id].append(record)
        problems: dict[int, list[Problem]] = defaultdict(list)
        for problem in Problem.objects.filter(row__in=rows).order_by("pk"):
            problems[problem.row_id].append(problem)
        return [self._shown(row, records[row.pk], problems[row.pk]) for row in rows]

    def row(self, row: StagedRow) -> RowShown:
        """One row with its cells as they were written."""
        shown = self.rows([row])[0]
        shown.cells = self._cells(row, shown.wrong_columns)
        return shown

    def _shown(self, row: StagedRow, records: Sequence[StagedRecord], problems: Sequence[Problem]) -> RowShown:
        shown = RowShown(row)
        hidden: set[InfoClass] = set()
        for record in records:
            self._add_values(shown, record, hidden)
        shown.hidden = [str(info_class.label) for info_class in sorted(hidden)]
        for problem in problems:
            sentence = wording.reason(problem.code, self._params(row, problem))
            if problem.field:
                sentence = f"{wording.field(problem.field).capitalize()} : {sentence}"
            (shown.notices if problem.is_notice else shown.problems).append(sentence)
            if problem.column and not problem.is_notice:
                shown.wrong_columns.append(problem.column)
        if row.status == StagedRow.Status.AMBIGUOUS and row.reason == "maybe_known":
            shown.problems.append(wording.reason("maybe_known", {}))
        return shown

    def _add_values(self, shown: RowShown, record: StagedRecord, hidden: set[InfoClass]) -> None:
        values = {name: value for name, value in record.values.items() if class_of(record.kind, name) in self.classes}
        if InfoClass.IDENTITY in self.classes:
            self.opened.add(InfoClass.IDENTITY)
            name = f"{record.values.get('first_name') or ''} {record.values.get('last_name') or ''}".strip()
            if not shown.name:
                shown.name = name
            elif name and name != shown.name:  # tables side by side put several people on one row
                shown.values.append(Value("name", wording.field("name"), name, is_later=False))
        for secret in record.secrets.all():
            info_class = InfoClass(secret.info_class)
            if info_class in self.classes:
                self.opened.add(info_class)
                place = self.job.sealed_place(f"secret.{secret.info_class}", str(record.pk))
                values |= json.loads(self.job.kept_data_key.open_sealed(bytes(secret.sealed), place))
            else:
                hidden.add(info_class)
        if values.get("birth_date") and values.get("birth_date_precision") == "year":
            values["birth_date"] = str(values["birth_date"])[:4]
        for name, value in sorted(values.items(), key=lambda pair: ORDER.get(pair[0], len(ORDER))):
            if value not in (None, "", []) and name not in ("last_name", "first_name", "birth_date_precision"):
                later = class_of(record.kind, name) in SECRECY or record.kind == "shift"
                shown.values.append(Value(name, wording.field(name), text_of(name, value), later))

    def _params(self, row: StagedRow, problem: Problem) -> dict[str, Any]:
        if not problem.sealed:
            return dict(problem.params)
        if not row.kind or class_of(row.kind, problem.field or "ignore") not in self.classes or not self.job.raw_key:
            return {}
        place = self.job.sealed_place("problem", str(row.pk))
        params: dict[str, Any] = json.loads(self.job.raw_data_key.open_sealed(bytes(problem.sealed), place))
        return params

    def _cells(self, row: StagedRow, wrong: Sequence[str]) -> list[Cell]:
        """The sheet's own cells under their headings; those of a class that is closed to the reader stay closed."""
        if not row.raw or not self.job.raw_key:
            return []
        place = self.job.sealed_place("raw", f"{row.file.position}/{row.position}")
        raw = json.loads(self.job.raw_data_key.open_sealed(bytes(row.raw), place))
        columns = self._columns(row)
        cells = []
        for letter, column in columns.items():
            number = column_number(letter)
            text = str(raw[number - 1]) if number <= len(raw) and raw[number - 1] is not None else ""
            info_class = class_of(row.kind, column["field"])
            if is_open := info_class in self.classes:
                self.opened.add(info_class)
            heading = column["heading"] or wording.field(column["field"])
            cells.append(Cell(letter, heading, text if is_open else text and "…", is_open, letter in wrong))
        return cells

    def _columns(self, row: StagedRow) -> dict[str, Any]:
        table = next((table for table in row.file.tables if table["index"] == row.table), None)
        return dict(table["columns"]) if table else {}

    def samples(self, file: ImportFile) -> dict[str, list[str]]:
        """``{"table:letter": up to three values}`` of the columns whose class is open to the reader."""
        if not file.samples or not self.job.raw_key:
            return {}
        place = self.job.sealed_place("samples", str(file.position))
        found: dict[str, list[str]] = json.loads(self.job.raw_data_key.open_sealed(bytes(file.samples), place))
        shown = {}
        for table in file.tables:
            for letter, column in table["columns"].items():
                info_class = class_of(table["kind"] or "", column["field"])
                values = found.get(key := f"{table['index']}:{letter}", [])
                if values and info_class in self.classes:
                    self.opened.add(info_class)
                    shown[key] = values
        return shown


@dataclass(slots=True)
class Comparison:
    """Two that may be one, side by side: ``(what, in the file, in the house, are they the same)``.

    ``is_elsewhere``: the house's person is known at sites beyond the reader's reach, and nothing more is said (A9d).
    """

    likeness: Likeness
    rows: list[StagedRow]
    reasons: list[str]
    other: str
    lines: list[tuple[str, str, str, bool]]
    is_elsewhere: bool


def comparisons(likenesses: Iterable[Likeness], reader: Reader) -> list[Comparison]:
    likenesses = list(likenesses)
    if likenesses:
        reader.opened.add(InfoClass.IDENTITY)
    rows: dict[int, dict[int, StagedRow]] = defaultdict(dict)
    people = {likeness.staged_id for likeness in likenesses}
    for record in (
        StagedRecord.objects.filter(person__in=people).select_related("row").defer("row__raw").order_by("row")
    ):
        rows[record.person_id or 0][record.row_id] = record.row
    asked = [likeness.person_id for likeness in likenesses if likeness.person_id]
    reached = set(Person.objects.known_at(reader.sites).filter(pk__in=asked).values_list("pk", flat=True))

    def compare(likeness: Likeness) -> Comparison:
        seen = list(rows[likeness.staged_id].values())
        if likeness.person_id and likeness.person_id not in reached:
            nobody = StagedPerson()
            return Comparison(likeness, seen, [], "", _lines(likeness.staged, nobody, reader.classes), True)
        other = likeness.person or likeness.other or StagedPerson()
        reference = likeness.person.reference if likeness.person else ""
        lines = _lines(likeness.staged, other, reader.classes)
        return Comparison(likeness, seen, wording.evidence(likeness.reasons), reference, lines, False)

    return [compare(likeness) for likeness in likenesses]


def _lines(
    one: StagedPerson, other: StagedPerson | Person, classes: frozenset[InfoClass]
) -> list[tuple[str, str, str, bool]]:
    nationalities = [other.nationality] if isinstance(other, StagedPerson) else other.nationalities
    pairs = [
        ("last_name", one.last_name, other.last_name),
        ("first_name", one.first_name, other.first_name),
        ("birth_date", _birth(one), _birth(other)),
        ("nationality", one.nationality, ", ".join(nationalities)),
        ("phone", one.phone, other.phone),
    ]
    return [
        (wording.field(name), _text(name, here), _text(name, there), here == there)
        for name, here, there in pairs
        if (here or there) and class_of("resident", name) in classes
    ]


def _text(name: str, value: str) -> str:
    """A person may have several nationalities."""
    return ", ".join(text_of(name, part) for part in value.split(", ")) if value else ""


def _birth(person: Any) -> str:
    if person.birth_date is None:
        return ""
    return person.birth_date.isoformat() if person.birth_precision == "day" else str(person.birth_date.year)


ORDER = {name: number for number, name in enumerate(wording.FIELDS)}
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def text_of(name: str, value: Any) -> str:
    """A value in a few words, in the reader's language."""
    if name in ("nights_present", "nights_absent") and isinstance(value, list):
        return str(len(value))
    if name == "languages":
        return ", ".join(language_name(code) for code in value)
    if name in ("nationality", "dublin_state"):
        return country_name(str(value))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    return wording.code(name, value)
