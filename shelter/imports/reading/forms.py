"""Sheets that write their headings downwards: a card for each person, or a table on its side with a person in each column.

They are turned into an ordinary table, read as one, and what was found is led back to the cells where it stands.
"""

from dataclasses import dataclass, field, replace

from residents.names import fold

from .grid import Grid, column_letters, is_filled
from .headings import roles_of
from .layout import Area, Head
from .tables import RowPart
from .types import Position, Reason, Record, Sheet, Source, Value
from .values.codes import text_of

LEAST_LABELS = 3
SURE_LABEL = 85
MOST_OF_A_SHEET = 0.5


@dataclass(slots=True)
class Entry:
    """One record of a form: its values by label, where each stands, and the rows it spreads over."""

    values: dict[str, Value] = field(default_factory=dict)
    places: dict[str, Position] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    column: int = 1


@dataclass(slots=True)
class Form:
    """Records with the same labels, as a table: ``sheet`` has the labels in row 1 and an entry in each further row."""

    labels: list[str]
    entries: list[Entry]
    sheet: Sheet
    titles: list[str]

    @property
    def area(self) -> Area:
        heads = {number: Head(number, label, "", label) for number, label in enumerate(self.labels, 1)}
        return Area([1], heads, 2, len(self.entries) + 1, self.titles, 1, len(self.labels))

    @property
    def rows(self) -> set[int]:
        return {row for entry in self.entries for row in entry.rows}

    def led_back(self, part: RowPart) -> RowPart:
        """A part of the ordinary table, with the rows and columns of the sheet as it is."""
        entry = self.entries[part.row - 2]
        reasons = [self._reason(reason, entry) for reason in part.reasons]
        records = [self._record(record, entry) for record in part.records]
        return RowPart(entry.rows[0], part.status, reasons, records)

    def _reason(self, reason: Reason, entry: Entry) -> Reason:
        return replace(reason, column=self._place(reason.column, entry)[1]) if reason.column else reason

    def _record(self, record: Record, entry: Entry) -> Record:
        for name, source in record.cells.items():
            row, letters = self._place(source.column, entry)
            record.cells[name] = Source(row, letters, source.raw)
        record.column = column_letters(entry.column)
        return record

    def _place(self, letters: str, entry: Entry) -> tuple[int, str]:
        label = next((label for n, label in enumerate(self.labels, 1) if column_letters(n) == letters), "")
        row, column = entry.places.get(label, (entry.rows[0], entry.column))
        return row, column_letters(column)


def find_forms(grid: Grid) -> list[Form]:
    """The forms of a sheet that is made of them; none where most rows are something else."""
    entries: list[Entry] = []
    run: list[int] = []
    for row in range(1, grid.height + 2):
        if row <= grid.height and _labels(grid, row):
            run.append(row)
            continue
        entries += _entries(grid, run)
        run = []
    filled = sum(not grid.is_empty(row) for row in range(1, grid.height + 1))
    if not entries or len({row for entry in entries for row in entry.rows}) < MOST_OF_A_SHEET * filled:
        return []
    return [_form(grid, entries)]


def _labels(grid: Grid, row: int) -> list[int]:
    """The columns of a row whose cells are labels, when its first cell is one and not every cell is."""
    cells = grid.cells(row)
    if not cells or not _is_label(cells[0][1]):  # asked first: most rows of most sheets are done with here
        return []
    labels = [column for column, value in cells if _is_label(value)]
    return labels if len(cells) > len(labels) or len(labels) == 1 else []


def _is_label(value: Value) -> bool:
    found = roles_of(text_of(value).rstrip(" :")) if isinstance(value, str) else ()
    return bool(found) and found[0].score >= SURE_LABEL and len(text_of(value)) > 1


def _entries(grid: Grid, run: list[int]) -> list[Entry]:
    """The records of rows of labels that follow each other: one for each column of values, or one card."""
    labels = {row: _labels(grid, row) for row in run}
    roles = {roles_of(grid.text(row, column).rstrip(" :"))[0].role for row in run for column in labels[row]}
    if len(roles) < LEAST_LABELS or not roles & {"name", "last_name", "first_name", "room"}:
        return []
    first = labels[run[0]][0]
    on_side = all(columns == [first] for columns in labels.values())
    columns = sorted({column for row in run for column, _ in grid.cells(row) if column > first})
    if on_side and len(columns) > 1:
        return [_column_entry(grid, run, first, column) for column in columns]
    card = Entry(rows=list(run), column=first)
    for row in run:
        for label in labels[row]:
            value = grid.value(row, label + 1)
            if is_filled(value) and label + 1 not in labels[row]:
                _add(card, grid.text(row, label), value, (row, label + 1))
    return [card] if card.values else []


def _column_entry(grid: Grid, run: list[int], labels: int, column: int) -> Entry:
    entry = Entry(rows=list(run), column=column)
    for row in run:
        value = grid.value(row, column)
        if is_filled(value):
            _add(entry, grid.text(row, labels), value, (row, column))
    return entry


def _add(entry: Entry, label: str, value: Value, at: Position) -> None:
    label = label.rstrip(" :")
    entry.values[label] = value
    entry.places[label] = at


def _form(grid: Grid, entries: list[Entry]) -> Form:
    labels = list(dict.fromkeys(label for entry in entries for label in entry.values))
    by_fold = {fold(label): label for label in reversed(labels)}
    for entry in entries:  # "Nom" and "NOM" are one label
        entry.values = {by_fold[fold(label)]: value for label, value in entry.values.items()}
        entry.places = {by_fold[fold(label)]: at for label, at in entry.places.items()}
    labels = [label for label in labels if by_fold[fold(label)] == label]
    rows: list[tuple[Value, ...]] = [
        tuple(labels),
        *(tuple(entry.values.get(label) for label in labels) for entry in entries),
    ]
    sheet = Sheet(grid.sheet.name, rows, hidden=grid.sheet.hidden, date1904=grid.sheet.date1904)
    for number, entry in enumerate(entries, 2):
        for column, label in enumerate(labels, 1):
            at = entry.places.get(label)
            if at is not None:
                for kind in ("styles", "comments"):
                    if at in getattr(grid.sheet, kind):
                        getattr(sheet, kind)[number, column] = getattr(grid.sheet, kind)[at]
    used = {row for entry in entries for row in entry.rows}
    titles = [text_of(v) for row in range(1, min(used)) for _, v in grid.cells(row) if isinstance(v, str)]
    return Form(labels, entries, sheet, titles)
