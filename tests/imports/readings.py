"""Readings for tests of what comes after reading: rows in a few words instead of a workbook."""

import itertools
from collections.abc import Sequence
from typing import Any

import pytest

from shelter.imports.reading.types import (
    Cluster,
    Column,
    Member,
    People,
    Reading,
    Reason,
    Record,
    Row,
    Source,
    Table,
    Workbook,
)


def row(kind: str = "resident", *, reason: Reason | None = None, ambiguous: bool = False, **fields: Any) -> Row:
    """A row with one record. The cell of each field is in the column of its order: A, B, C …"""
    cells = {name: Source(0, chr(65 + i), value) for i, (name, value) in enumerate(fields.items())}
    status = "ambiguous" if ambiguous else "error" if reason else "data"
    record = Record(kind, fields, cells=cells)  # type: ignore[arg-type]
    return Row("Feuil1", 0, 0, status, [reason] if reason else [], [record], tuple(map(str, fields.values())))


def title(text: str) -> Row:
    return Row("Feuil1", 0, None, "not_data", [Reason("title")], [], (text,))


def reading(rows: Sequence[Row], *, columns: dict[str, Column] | None = None) -> Reading:
    """Numbers the rows; rows of one name are one person."""
    for number, one in enumerate(rows, 1):
        one.row = number
    persons: dict[tuple[Any, Any], list[Member]] = {}
    for index, one in enumerate(rows):
        for position, record in enumerate(one.records):
            name = (record.fields.get("last_name"), record.fields.get("first_name"))
            if any(name):
                persons.setdefault(name, []).append(Member(index, position))
    for number, members in enumerate(persons.values()):
        for member in members:
            rows[member.row_index].records[member.record_index].person = number
    kind = next((one.records[0].kind for one in rows if one.records), None)
    table = Table(0, "Feuil1", kind, (1,), columns or {}, f"A1:E{len(rows)}", confidence=90)
    people = People([Cluster(members, ["name"]) for members in persons.values()])
    return Reading([table], list(rows), people)


class Reader:
    """Stands in for reading: the n-th file of a test holds the n-th list of rows that was given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.given: dict[str, Any] = {}
        self.names = itertools.count(1)
        self.mappings: list[Any] = []
        module = "shelter.imports.services.staging"
        monkeypatch.setattr(f"{module}.reader.read_file", self.read_file)
        monkeypatch.setattr(f"{module}.understanding.understand", self.understand)

    def gives(self, *rows: Row, name: str = "") -> str:
        """The name of a file that holds these rows."""
        name = name or f"liste-{next(self.names)}.xlsx"
        self.given[name] = list(rows)
        return name

    def read_file(self, _path: object, *, name: str, on_progress: Any = None) -> Workbook:
        if isinstance(self.given[name], Exception):
            raise self.given[name]
        if on_progress:
            on_progress(len(self.given[name]), len(self.given[name]))
        return Workbook(name, [])

    def understand(self, workbook: Workbook, *, mapping: Any = None, **_: Any) -> Reading:
        self.mappings.append(mapping)
        return reading(self.given[workbook.name])
