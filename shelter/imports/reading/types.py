"""The shapes that reading gives: what is in a file (``Workbook``) and what was understood of it (``Reading``).

Rows and columns count from 1, as the sheet shows them; columns are written as letters wherever a person may see them.
Field values are JSON values, normalised as the import's documentation says: dates are ISO text, codes are lower case or
ISO codes, lists are lists of text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date, datetime, time
from typing import Literal, NamedTuple

Value = str | int | float | bool | date | datetime | time | None
Position = tuple[int, int]  # row, column

Kind = Literal[
    "resident", "bed", "room", "presence", "waiting", "interview", "appointment", "legal", "shift", "incident"
]
Status = Literal["data", "error", "ambiguous", "not_data"]
FileProblem = Literal["corrupt", "empty", "password", "too_large", "not_a_workbook", "infected"]
FieldValue = str | int | float | bool | list[str] | None


class FileRefused(Exception):
    """The file must not or cannot be read. ``message`` is an English sentence that says what to do.

    ``code`` is one of ``FileProblem``; ``detail`` says which rule refused (``extent``, ``members`` …).
    """

    def __init__(self, code: FileProblem, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.code: FileProblem = code
        self.message = message
        self.detail = detail


# --- What is in the file -------------------------------------------------------------------------------------------


class Style(NamedTuple):
    """The look of a cell, as far as teams give it a meaning. Colours are RRGGBB, or empty."""

    fill: str = ""
    strike: bool = False
    font: str = ""
    bold: bool = False


class Merge(NamedTuple):
    """A merged range, both corners included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """One tab. ``rows[0]`` is row 1, a tuple that starts at column A and may be shorter than its neighbours.

    ``styles`` has only the cells that are filled, struck, coloured or bold. ``faults`` has the cells without a usable
    value: an error such as ``#REF!``, or ``no_value`` for a formula that was saved without its result.
    ``mended`` has the text of such a formula where it is plain words (``= partie``).
    ``runs`` parts the cells whose text is struck only here and there: (text, struck) in order.
    """

    name: str
    rows: list[tuple[Value, ...]] = made(default_factory=list)
    hidden: bool = False
    styles: dict[Position, Style] = made(default_factory=dict)
    merges: list[Merge] = made(default_factory=list)
    comments: dict[Position, str] = made(default_factory=dict)
    faults: dict[Position, str] = made(default_factory=dict)
    formulas: set[Position] = made(default_factory=set)
    mended: dict[Position, str] = made(default_factory=dict)
    runs: dict[Position, list[tuple[str, bool]]] = made(default_factory=dict)
    hidden_rows: set[int] = made(default_factory=set)
    hidden_columns: set[int] = made(default_factory=set)
    date1904: bool = False

    def value(self, row: int, column: int) -> Value:
        """The cell's value, ``None`` outside the sheet."""
        cells = self.rows[row - 1] if 0 < row <= len(self.rows) else ()
        return cells[column - 1] if 0 < column <= len(cells) else None


@dataclass(slots=True)
class Workbook:
    """A file that was read: its name, its tabs in order, and the way it was written (``xlsx``, ``ods``, ``csv``)."""

    name: str
    sheets: list[Sheet]
    form: str = "xlsx"

    @property
    def row_count(self) -> int:
        return sum(len(sheet.rows) for sheet in self.sheets)


# --- What was understood -------------------------------------------------------------------------------------------


@dataclass(slots=True, frozen=True)
class Reason:
    """Why a row has its status: a code for translation, its parameters, and where it sits.

    ``field`` and ``column`` (letters) name the cell at fault, empty when the whole row is meant.
    """

    code: str
    field: str = ""
    column: str = ""
    params: dict[str, str] = made(default_factory=dict)

    def __str__(self) -> str:
        """An English sentence, for the headless output and the log of a developer."""
        from .reasons import sentence

        return sentence(self)


class Source(NamedTuple):
    """Where a field's value was found, and what was written there. ``row`` is another row for carried values."""

    row: int
    column: str
    raw: Value


@dataclass(slots=True)
class Record:
    """One thing that a row says: a resident, a bed, a request …

    ``fields`` holds only what the row states (``None`` where it states "unknown"). ``flags`` say what makes it hard
    (``doubt``, ``single_name``, ``name_order_ambiguous``, ``left_by_colour`` …). ``cells`` says where each field was.
    ``person`` is the index of its cluster in ``People.clusters``, ``None`` when the record names nobody.
    """

    kind: Kind
    fields: dict[str, FieldValue]
    flags: list[str] = made(default_factory=list)
    cells: dict[str, Source] = made(default_factory=dict)
    person: int | None = None
    column: str = ""


@dataclass(slots=True)
class Row:
    """A row of a sheet that is not empty, and what became of it.

    ``data``: all of it was understood. ``error``: a value cannot be right; the record stands without it. ``ambiguous``:
    a person must decide. ``not_data``: title, heading, total, legend …. ``table`` indexes ``Reading.tables``, ``None``
    outside. ``raw_cells`` are the sheet's own values, from column A.
    """

    sheet: str
    row: int
    table: int | None
    status: Status
    reasons: list[Reason] = made(default_factory=list)
    records: list[Record] = made(default_factory=list)
    raw_cells: tuple[Value, ...] = ()

    @property
    def reason(self) -> Reason | None:
        """The first reason; ``None`` for a row of plain data."""
        return self.reasons[0] if self.reasons else None


@dataclass(slots=True)
class Column:
    """What a column holds: a field's name, ``name`` (a full name in one cell), ``place`` (room and bed in one cell),
    ``night:DATE``, ``day:DATE``, ``need:X`` or ``ignore``.

    ``heading`` is what the sheet shows (two lines joined), ``confidence`` 0 to 100, ``sample`` up to three values.
    """

    field: str
    heading: str = ""
    confidence: int = 0
    sample: tuple[str, ...] = ()


@dataclass(slots=True)
class Table:
    """A table found in a sheet; one sheet may hold several, stacked or side by side.

    ``range`` is ``A4:O56``: from the first header row to the last data row. ``index`` is stable as long as the file
    is the same, whatever mapping is asked for. ``title`` is the text above it, ``kind`` is ``None`` when nothing fits.
    """

    index: int
    sheet: str
    kind: Kind | None
    header_rows: tuple[int, ...]
    columns: dict[str, Column]
    range: str
    title: str = ""
    confidence: int = 0


@dataclass(slots=True)
class TableMapping:
    """A person's correction of one table: another kind, or other fields for some columns (by letter)."""

    kind: Kind | None = None
    columns: dict[str, str] = made(default_factory=dict)


Mapping = dict[int, TableMapping]  # by Table.index


@dataclass(slots=True)
class Member:
    """A record's place in a reading: ``reading.rows[row_index].records[record_index]``."""

    row_index: int
    record_index: int


@dataclass(slots=True)
class Cluster:
    """Records that speak of one person. ``reasons`` say what joined them (``sp_number``, ``phone``, ``name`` …)."""

    members: list[Member]
    reasons: list[str] = made(default_factory=list)


@dataclass(slots=True)
class Doubt:
    """Two clusters that may be one person: ``score`` 0 to 100 and what speaks for and against it."""

    first: int
    second: int
    score: int
    reasons: list[str] = made(default_factory=list)


@dataclass(slots=True)
class People:
    """Who is who inside one workbook. Staff are not people here."""

    clusters: list[Cluster] = made(default_factory=list)
    doubts: list[Doubt] = made(default_factory=list)


@dataclass(slots=True)
class Reading:
    """What was understood of a workbook: its tables, every non-empty row in sheet order, and its people."""

    tables: list[Table]
    rows: list[Row]
    people: People

    def records(self) -> Iterator[tuple[Row, Record]]:
        """Every record with its row."""
        for row in self.rows:
            for record in row.records:
                yield row, record
