"""A sheet in memory, whatever file it is going to be written to. Rows and columns count from 1."""

from dataclasses import dataclass, field
from datetime import date
from string import ascii_uppercase
from typing import NamedTuple

Value = str | int | float | date | None

RED, YELLOW, GREEN, GREY, ORANGE, BLUE = "FF9999", "FFFF66", "C6EFCE", "D9D9D9", "FFC000", "BDD7EE"


class Cell(NamedTuple):
    """What one cell holds. ``formula`` is written with ``value`` as its saved result, ``None`` for none."""

    value: Value
    fill: str = ""
    strike: bool = False
    bold: bool = False
    comment: str = ""
    number_format: str = ""
    formula: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.formula and (self.value is None or not str(self.value).replace("\xa0", " ").strip())


@dataclass
class Page:
    """One tab: cells by position, merged ranges as (top, left, bottom, right), and what is hidden."""

    name: str
    hidden: bool = False
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def put(self, row: int, column: int, cell: Cell | Value) -> None:
        """Write a cell; blank ones without a look are left out, as Excel does."""
        cell = cell if isinstance(cell, Cell) else Cell(cell)
        if not cell.is_blank or cell.fill or cell.comment:
            self.cells[row, column] = cell

    def restyle(self, row: int, *, fill: str = "", strike: bool = False, columns: range) -> None:
        """Colour or strike a whole line, blank cells included: teams select the row."""
        for column in columns:
            cell = self.cells.get((row, column), Cell(None))
            self.cells[row, column] = cell._replace(fill=fill or cell.fill, strike=strike or cell.strike)

    def merge_runs(self, column: int, keys: dict[int, str]) -> None:
        """Write a room once over all its lines: ``keys`` has each row's room. Only neighbouring rows grow together."""
        start = end = 0
        for row, key in sorted(keys.items()):
            if row == end + 1 and key == keys.get(start) and (start, column) in self.cells:
                self.cells.pop((row, column), None)
                self.merges = [merge for merge in self.merges if merge != (start, column, end, column)]
                self.merges.append((start, column, row, column))
            else:
                start = row
            end = row

    @property
    def filled_rows(self) -> list[int]:
        return sorted({row for (row, _), cell in self.cells.items() if not cell.is_blank})

    @property
    def extent(self) -> tuple[int, int]:
        return max((row for row, _ in self.cells), default=0), max((column for _, column in self.cells), default=0)


def letters(column: int) -> str:
    """1 → A, 27 → AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = ascii_uppercase[rest] + text
    return text
