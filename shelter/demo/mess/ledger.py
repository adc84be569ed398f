"""The truth of a workbook, in the format of the public sample set."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from shelter.demo.mess.page import Page


@dataclass
class Fact:
    """One record: what a row says, which of it is hard, and what else counts as right."""

    kind: str
    fields: dict[str, Any]
    flags: list[str] = field(default_factory=list)
    accept: dict[str, list] = field(default_factory=dict)
    errors: list[tuple[int, str]] = field(default_factory=list)  # column, why
    person: str | None = None
    column: str = ""


@dataclass
class Ledger:
    """Collects what is true of every row, and complains about a row it was not told of."""

    sheets: list[dict] = field(default_factory=list)
    records: list[dict] = field(default_factory=list)
    appears: dict[str, list[list]] = field(default_factory=dict)
    not_data: dict[tuple[str, int], str] = field(default_factory=dict)
    errors: list[list] = field(default_factory=list)

    def table(self, page: Page, kind: str, header_rows: list[int], columns: dict[str, str]) -> None:
        self.sheets.append({"name": page.name, "kind": kind, "header_rows": header_rows, "columns": columns})

    def record(self, page: Page, row: int, fact: Fact) -> None:
        entry = {"sheet": page.name, "row": row, "kind": fact.kind, "fields": fact.fields, "flags": sorted(fact.flags)}
        if fact.accept:
            entry["accept"] = fact.accept
        if fact.column:
            entry["col"] = fact.column
        self.records.append(entry)
        if fact.person and [page.name, row] not in self.appears.setdefault(fact.person, []):
            self.appears[fact.person].append([page.name, row])

    def error(self, page: Page, row: int, column: str, why: str) -> None:
        self.errors.append([page.name, row, column, why])

    def set_aside(self, page: Page, row: int, why: str) -> None:
        """The row is no data, unless a table beside it says otherwise."""
        self.not_data.setdefault((page.name, row), why)

    def truth(self, workbook: str, site: str, pages: list[Page], messes: set[str]) -> dict:
        data = {(entry["sheet"], entry["row"]) for entry in self.records} | {(s, row) for s, row, *_ in self.errors}
        filled = {(page.name, row) for page in pages for row in page.filled_rows}
        aside = {place: why for place, why in self.not_data.items() if place in filled - data}
        if unknown := filled - data - aside.keys():
            raise AssertionError(f"{workbook}: no truth for {sorted(unknown)[:5]}")
        if missing := data - filled:
            raise AssertionError(f"{workbook}: truth without a row for {sorted(missing)[:5]}")
        return {
            "workbook": workbook,
            "site": site,
            "messes": sorted(messes),
            "sheets": self.sheets,
            "records": self.records,
            "persons": [{"key": key, "appears": rows} for key, rows in self.appears.items()],
            "not_data": [[sheet, row, why] for (sheet, row), why in sorted(aside.items())],
            "expected_errors": self.errors,
            "nonempty_rows": dict(Counter(sheet for sheet, _ in filled)),
        }
