"""Lists with a person on each line: residents, people who left, people who wait."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from shelter.demo.mess.book import Book
from shelter.demo.mess.ledger import Fact
from shelter.demo.mess.page import BLUE, GREY, RED, YELLOW, Cell, Page, letters
from shelter.demo.mess.pen import NOTHING, Pen, Written
from shelter.demo.mess.places import Slot
from shelter.demo.mess.population import Human
from shelter.demo.mess.words import chance, pick, read

GROUPS = {
    "group_identity": {"last_name", "first_name", "birth_date", "age", "gender", "nationality"},
    "group_place": {"floor", "room", "bed"},
    "group_dates": {"arrival", "departure"},
}
CARRIED = ("nationality", "languages", "arrival")  # where teams write "idem"
MEANING = {"age": "birth_date", "place": "bed"} | dict.fromkeys(
    ("ignore_number", "ignore_nights", "ignore_key"), "ignore"
)


@dataclass
class Line:
    """What a list says of one person; without ``human`` it is a bed that stands free."""

    human: Human | None
    slot: Slot | None = None
    arrival: date | None = None
    departure: date | None = None
    left: bool = False
    doubt: bool = False
    asked: date | None = None
    fault: str = ""


@dataclass
class Rendered:
    """A line, written: a ``Written`` for every column, and what is added beside the cells."""

    line: Line
    cells: dict[str, Written]
    comment: str = ""
    extra: dict = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)


class Look(NamedTuple):
    """How a list shows what it has no column for."""

    left: str  # red, strike, note, departure, status
    sections: bool
    merged_rooms: bool
    repeats: bool
    dittos: bool
    gaps: bool


CELLS: dict[str, Callable[[Pen, Line], Written]] = {
    "name": lambda pen, line: pen.full_name(line.human),
    "last_name": lambda pen, line: pen.last_name(line.human),
    "first_name": lambda pen, line: pen.first_name(line.human),
    "birth_date": lambda pen, line: pen.birth(line.human, line.asked),
    "age": lambda pen, line: pen.birth(line.human, line.asked),
    "gender": lambda pen, line: pen.gender(line.human),
    "nationality": lambda pen, line: pen.nationality(line.human),
    "languages": lambda pen, line: pen.languages(line.human),
    "phone": lambda pen, line: pen.phone(line.human),
    "sp_number": lambda pen, line: pen.sp(line.human),
    "procedure": lambda pen, line: pen.procedure(line.human),
    "arrival": lambda pen, line: pen.day(line.arrival, "arrival"),
    "departure": lambda pen, line: pen.day(line.departure, "departure"),
    "request_date": lambda pen, line: pen.day(line.asked, "request_date"),
    "note": lambda pen, line: pen.note(),
    "priority": lambda pen, line: pen.priority(),
    "outcome": lambda pen, line: pen.outcome(),
    "status": lambda pen, line: status_word(pen, line),
    "floor": lambda pen, line: line.slot.written_floor(pen.rng) if line.slot else NOTHING,
    "room": lambda pen, line: line.slot.written_room(pen.rng, pen.language) if line.slot else NOTHING,
    "bed": lambda pen, line: line.slot.written_bed(pen.rng) if line.slot else NOTHING,
    "place": lambda pen, line: line.slot.written_place(pen.language, pen.place_style) if line.slot else NOTHING,
}


def status_word(pen: Pen, line: Line) -> Written:
    yes, no = {"fr": ("oui", "non"), "nl": ("ja", "nee"), "en": ("yes", "no")}[pen.language]
    return Written(no if line.left else yes, {"status": "left" if line.left else "present"})


class List:
    """One list on a page: its columns, its look, and the lines written so far."""

    def __init__(self, book: Book, page: Page, kind: str, keys: list[str], look: Look) -> None:
        self.book, self.page, self.kind, self.keys, self.look = book, page, kind, keys, look
        self.rng, self.pen = book.rng, book.pen()
        self.pen.age_column = "age" in keys
        self.left_column = 1 if book.is_csv or chance(self.rng, 0.7) else self.rng.choice((2, 3))
        self.columns = {key: self.left_column + index for index, key in enumerate(keys)}
        self.texts = {key: book.heading(key) for key in keys}
        self.name_key = "name" if "name" in keys else "last_name"

    # --- writing a line

    def render(self, line: Line) -> Rendered:
        if line.human is None:
            return self._render_free(line)
        cells = {key: CELLS[key](self.pen, line) for key in self.keys if key in CELLS}
        rendered = Rendered(line, cells)
        if line.left:
            self._show_left(rendered)
        if line.fault:
            FAULTS[line.fault](self, rendered)
        elif not self.book.is_csv and chance(self.rng, 0.08):
            self._comment(rendered)
        return rendered

    def _render_free(self, line: Line) -> Rendered:
        cells = {key: CELLS[key](self.pen, line) for key in self.keys if key in ("floor", "room", "bed", "place")}
        cells[self.name_key] = Written(self.pen.any_of("free"), {"bed_status": "free"})
        return Rendered(line, cells, flags=["free_bed"])

    def _show_left(self, rendered: Rendered) -> None:
        """Say that the person left the way this list does; red and strike are put on the row itself."""
        line, how = rendered.line, self.look.left
        if how == "note" and line.departure:
            text = pick(self.rng, "left_on", self.pen.language, date=f"{line.departure:%d/%m/%Y}")
            rendered.cells["note"] = Written(text, {"note": text, "departure": line.departure.isoformat()})
        flags = {"red": "left_by_colour", "strike": "left_by_strike" if self.kind == "resident" else "done_by_strike"}
        rendered.flags += [flags[how]] if how in flags else []

    def _comment(self, rendered: Rendered) -> None:
        """The fact that teams hide behind a cell: a number, or a remark."""
        human = rendered.line.human
        blank = {key for key, written in rendered.cells.items() if written.value is None}
        if "phone" in blank and human.phone.startswith("+32"):
            rendered.comment = f"{self.book.heading('phone')} 0{human.phone[3:6]} {human.phone[6:]}"
            rendered.extra["phone"] = human.phone
        elif "sp_number" in self.keys and "sp_number" in blank and human.sp:
            rendered.comment = f"SP {human.sp[0]}.{human.sp[1:4]}.{human.sp[4:]}"
            rendered.extra["sp_number"] = human.sp
        elif not rendered.cells.get("note", NOTHING).value:
            rendered.comment = pick(self.rng, "notes", self.pen.language)
            rendered.extra["note"] = rendered.comment
        else:
            return
        rendered.flags.append("from_comment")

    # --- laying out

    def lay(self, lines: list[Rendered], top: int) -> int:
        """Headings, then every line; gives the first free row."""
        header_rows, row = self._headings(top)
        meaning = {letters(column): MEANING.get(key, key) for key, column in self.columns.items()}
        self.book.ledger.table(self.page, self.kind, header_rows, meaning)
        floor, before = None, None
        rooms: dict[int, str] = {}
        for index, rendered in enumerate(lines):
            slot = rendered.line.slot
            if self.look.sections and slot and slot.floor != floor:
                floor, before = slot.floor, None
                row = self._section(row, floor)
            elif self.look.repeats and index and index % 18 == 0:
                before = None
                row = self._repeat_headings(row, header_rows)
            elif self.look.gaps and chance(self.rng, 0.04):
                row, before = row + 1, None
            before = self._lay_line(row, index, rendered, before)
            rooms |= {row: slot.room} if slot else {}
            row += 1
        if self.look.merged_rooms and "room" in self.columns:
            self.page.merge_runs(self.columns["room"], rooms)
        return row

    def _lay_line(self, row: int, index: int, rendered: Rendered, before: Rendered | None) -> Rendered:
        line = rendered.line
        if self.look.dittos and before and before.line.human and line.human:
            self._carry(rendered, before)
        for key, written in rendered.cells.items():
            cell = Cell(written.value, number_format=written.number_format)
            if key == self.name_key and rendered.comment:
                cell = cell._replace(comment=rendered.comment)
            if key in self.columns:
                self.page.put(row, self.columns[key], cell)
        self._numbers(row, index, line)
        self._colour(row, line)
        self._account(row, rendered)
        return rendered

    def _carry(self, rendered: Rendered, before: Rendered) -> None:
        for key in CARRIED:
            above, here = before.cells.get(key), rendered.cells.get(key)
            same = above and here and here.value and above.value and not (above.error or here.error)
            if same and above.fields == here.fields and chance(self.rng, 0.5):
                mark = self.rng.choice(read("wording")["reasons_to_ditto"]["marks"])
                rendered.cells[key] = Written(mark, here.fields, [*here.flags, "ditto"], here.accept)

    def _numbers(self, row: int, index: int, line: Line) -> None:
        """The columns that need no import: a number, a count of nights, a key."""
        if column := self.columns.get("ignore_number"):
            self.page.put(row, column, index + 1 if line.human else None)
        if column := self.columns.get("ignore_key"):
            self.page.put(row, column, self.rng.randrange(10, 400) if chance(self.rng, 0.6) else None)
        if (column := self.columns.get("ignore_nights")) and line.arrival:
            nights = (self.book.today - line.arrival).days
            arrival = letters(self.columns.get("arrival", column + 1))
            formula = "" if self.book.is_csv else f"TODAY()-{arrival}{row}"
            self.page.put(row, column, Cell(nights, formula=formula))

    def _colour(self, row: int, line: Line) -> None:
        span = range(self.left_column, self.left_column + len(self.keys))
        if line.left and self.look.left == "red":
            self.page.restyle(row, fill=RED, columns=span)
        elif line.left and self.look.left == "strike":
            self.page.restyle(row, strike=True, columns=span)
        elif line.doubt and not self.book.is_csv:
            self.page.restyle(row, fill=YELLOW, columns=span)

    def _account(self, row: int, rendered: Rendered) -> None:
        """Tell the ledger what this row says."""
        line = rendered.line
        fields, flags, accept = {}, list(rendered.flags), {}
        for key, written in rendered.cells.items():
            fields |= written.fields
            flags += written.flags
            accept |= written.accept
            if written.error:
                self.book.ledger.error(self.page, row, letters(self.columns[key]), written.error)
        if line.fault == "no_identity":
            return
        if self.look.sections and line.slot:
            fields["floor"] = line.slot.floor
        kind = self.kind if line.human else "bed"
        if kind == "resident":
            fields["status"] = "left" if line.left else "present"
        if line.doubt and not self.book.is_csv and not line.left:
            flags.append("doubt")
        fact = Fact(kind, fields | rendered.extra, flags, accept, person=line.human.key if line.human else None)
        self.book.ledger.record(self.page, row, fact)

    # --- headings and what stands between the lines

    def _headings(self, top: int) -> tuple[list[int], int]:
        runs = list(self._runs()) if not self.book.is_csv and chance(self.rng, 0.4) else []
        bottom = top + 1 if runs else top
        grouped: set[str] = set()
        for group, keys in runs:
            first, last = self.columns[keys[0]], self.columns[keys[-1]]
            self.page.put(top, first, Cell(self.book.heading(group), BLUE, bold=True))
            self.page.merges.append((top, first, top, last))
            grouped |= set(keys)
        for key, text in self.texts.items():
            row = bottom if key in grouped else top
            self.page.put(row, self.columns[key], Cell(text, BLUE, bold=True))
            if runs and key not in grouped:
                self.page.merges.append((top, self.columns[key], bottom, self.columns[key]))
        rows = list(range(top, bottom + 1))
        for row in rows:
            self.book.ledger.set_aside(self.page, row, "header")
        return rows, bottom + 1

    def _runs(self) -> Iterator[tuple[str, list[str]]]:
        """Neighbouring columns that one heading can span."""
        for group, members in GROUPS.items():
            run = [key for key in self.keys if key in members]
            positions = [self.keys.index(key) for key in run]
            if len(run) > 1 and positions[-1] - positions[0] == len(run) - 1:
                yield group, run

    def _section(self, row: int, floor: str) -> int:
        text = self.rng.choice(read("wording")["floors"][floor])
        last = self.left_column + len(self.keys) - 1
        self.page.put(row, self.left_column, Cell(text, GREY, bold=True))
        if chance(self.rng, 0.5) and not self.book.is_csv:
            self.page.merges.append((row, self.left_column, row, last))
        self.book.ledger.set_aside(self.page, row, "section_title")
        return row + 1

    def _repeat_headings(self, row: int, header_rows: list[int]) -> int:
        for column in self.columns.values():
            text = next((cell for r in reversed(header_rows) if (cell := self.page.cells.get((r, column)))), Cell(None))
            self.page.put(row, column, text)
        self.book.ledger.set_aside(self.page, row, "header")
        return row + 1


# --- things that cannot be right --------------------------------------------------------------------------------------


def _wrong(key: str, value: str | date | int, why: str) -> Callable[[List, Rendered], None]:
    def spoil(table: List, rendered: Rendered) -> None:
        rendered.cells[key] = Written(value, error=why)

    return spoil


def _leave_before_coming(table: List, rendered: Rendered) -> None:
    arrival = rendered.line.arrival
    rendered.cells["departure"] = Written(f"{arrival - timedelta(days=9):%d/%m/%Y}", error="departure_before_arrival")
    rendered.cells["arrival"] = Written(f"{arrival:%d/%m/%Y}", {"arrival": arrival.isoformat()})


def _name_nobody(table: List, rendered: Rendered) -> None:
    keep = next(key for key in ("phone", "nationality", "room", "note", *table.keys) if key in table.keys)
    value = {"phone": "0466 00 71 17", "nationality": "Soudan", "room": "7"}.get(keep, "voir avec l'équipe du soir")
    rendered.cells = {keep: Written(value, error="no_identity")}


def _give_bed_twice(table: List, rendered: Rendered) -> None:
    key = "bed" if "bed" in table.keys else "place"
    rendered.cells[key].error = "bed_taken_twice"


FAULTS: dict[str, Callable[[List, Rendered], None]] = {
    "impossible_arrival": _wrong("arrival", "31/02/2024", "impossible_date"),
    "impossible_request": _wrong("request_date", "30/02/2024", "impossible_date"),
    "impossible_birth": _wrong("birth_date", "31/04/1991", "impossible_date"),
    "far_request": _wrong("request_date", "12/03/2204", "date_out_of_range"),
    "far_arrival": _wrong("arrival", "03/11/2204", "date_out_of_range"),
    "unborn": _wrong("birth_date", date(2031, 6, 6), "birth_in_future"),
    "short_phone": _wrong("phone", "0486 00 1", "phone_too_short"),
    "wrong_sp": _wrong("sp_number", "9.123.4567", "sp_wrong_length"),
    "broken_formula": _wrong("arrival", "#REF!", "missing_value"),
    "leaves_first": _leave_before_coming,
    "no_identity": _name_nobody,
    "bed_twice": _give_bed_twice,
}
FAULT_COLUMNS = {
    "impossible_arrival": {"arrival"},
    "impossible_request": {"request_date"},
    "impossible_birth": {"birth_date"},
    "far_request": {"request_date"},
    "far_arrival": {"arrival"},
    "unborn": {"birth_date"},
    "short_phone": {"phone"},
    "wrong_sp": {"sp_number"},
    "broken_formula": {"arrival"},
    "leaves_first": {"arrival", "departure"},
    "no_identity": set(),
}
