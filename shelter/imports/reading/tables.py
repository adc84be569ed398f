"""Reads the rows of one table into records: lists first; grids of nights, shifts and beds are in ``matrices``."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from . import matrices
from .columns import Layout
from .context import Context, date_context, heading_order
from .draft import Draft
from .fields import (
    DATES,
    EVENT_DATES,
    add_term,
    departure_in_note,
    put_name,
    read_birth_field,
    read_comment,
    read_field,
    read_person,
)
from .grid import Grid, column_letters, is_failed_formula, is_filled
from .legends import Legend
from .rows import RowSorter
from .types import Reason, Record, Source, Status, Value
from .values.codes import read_procedure, text_of
from .values.dates import DateContext
from .values.places import read_floor
from .vocabulary import plain, vocabulary

DITTO_SIGNS = {'"', "''", "〃", "″", "”", "“", "//", "↑", ",,", "^", "´´", "«", "»", "|"}
LONGEST_DITTO = 16
CARRIES_DATES = {"interview", "appointment", "incident", "shift"}
IDENTITY = {"resident", "waiting", "interview", "appointment", "legal", "presence"}
LISTED_BEDS = {"resident", "bed", "presence"}


@lru_cache(maxsize=65536)
def _is_ditto(value: str) -> bool:
    return value.strip() in DITTO_SIGNS or plain(value.rstrip(".")) in vocabulary().words["ditto"]


@dataclass(slots=True)
class RowPart:
    """What one table makes of one row."""

    row: int
    status: Status
    reasons: list[Reason] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)


class TableReader:
    """Reads one table, from its first row to its last, carrying what rows leave to the row above."""

    def __init__(self, grid: Grid, layout: Layout, legend: Legend, context: Context) -> None:
        self.grid, self.layout, self.legend, self.context = grid, layout, legend, context
        self.sorter = RowSorter(grid, layout, legend)
        area = layout.area
        self.rows = range(area.first, area.last + 1)
        self.span = range(area.left, area.right + 1)
        self.needed = {c: found.field for c, found in layout.columns.items() if found.field != "ignore"}
        self.look_columns = [c for c in self.span if c in self.needed]
        self.last: dict[int, tuple[Value, Source]] = {}
        self.dirty: set[int] = set()  # date columns whose value above was refused: nothing to carry
        self.floor = self._floor_of(context.titles)
        self.gender = ""
        self.terms: list[tuple[str, int, Source]] = []
        self.swappable: set[tuple[int, str]] = set()
        self.date_contexts = {
            c: date_context(grid, self.rows, c, found.heading, context, birth=found.field == "birth_date")
            for c, found in layout.columns.items()
            if found.field in DATES or found.field == "birth_date"
        }
        self.carried = {c for c, name in self.needed.items() if name in EVENT_DATES and layout.kind in CARRIES_DATES}
        self.loose = DateContext(context.today, context.year, context.reference)
        full = layout.column_of("name")
        context.names.heading = heading_order(layout.columns[full].heading) if full is not None else ""
        self.name_columns = (full, layout.column_of("last_name"), layout.column_of("first_name"))
        self.has_room = layout.column_of("room", "place") is not None
        self.numbered_beds = self._are_numbered_by_room()
        self.title_procedure = self._procedure_of_title()
        self.comments: dict[int, list[tuple[int, str]]] = {}
        for (row, column), text in grid.sheet.comments.items():
            if column in self.span:
                self.comments.setdefault(row, []).append((column, text))

    def read(self) -> list[RowPart]:
        """Every row of the table that has a filled cell inside it."""
        if self.layout.kind is None:
            return [
                RowPart(row, "ambiguous", [Reason("unknown_kind")])
                for row in self.rows
                if any(True for _ in self._cells(row))
            ]
        parts = []
        for row in self.rows:
            cells = self._cells(row)
            if cells:
                parts.append(self._read_row(row, cells))
        return parts

    def _cells(self, row: int) -> list[tuple[int, Value]]:
        values = self.grid.sheet.rows[row - 1] if row <= self.grid.height else ()
        return [(c, values[c - 1]) for c in self.span if c <= len(values) and is_filled(values[c - 1])]

    def _read_row(self, row: int, cells: list[tuple[int, Value]]) -> RowPart:
        if why := self.sorter.reason(row, cells):
            self._note_section(why, cells)
            return RowPart(row, "not_data", [Reason(why)])
        drafts = self._drafts(row)
        if isinstance(drafts, Reason):
            if drafts.code in ("empty_template_row", "free_note"):
                return RowPart(row, "not_data", [drafts])
            return RowPart(row, "error", [drafts])
        part = RowPart(row, "data")
        for kind, draft in drafts:
            part.reasons += draft.reasons
            if draft.reasons:
                part.status = "error"
            elif draft.ambiguous and part.status == "data":
                part.status = "ambiguous"
            part.reasons += draft.ambiguous
            part.records.append(draft.finish(kind, self.layout.area.left))  # type: ignore[arg-type]
        return part

    # --- values ------------------------------------------------------------------------------------------------

    def value(self, row: int, column: int) -> tuple[Value, Source]:
        """A cell's value with where it stands: its own, that of the merge above, or what ditto repeats."""
        at = self.grid.origin(row, column) if self.grid.down else (row, column)
        value = self.grid.value(*at)
        source = Source(at[0], column_letters(column), value)
        if isinstance(value, str) and len(value) <= LONGEST_DITTO and _is_ditto(value):
            return self.last.get(column, (None, source))
        if is_filled(value):
            self.last[column] = (value, source)
        return value, source

    # --- one row -----------------------------------------------------------------------------------------------

    def _drafts(self, row: int) -> "list[tuple[str, Draft]] | Reason":
        layout = self.layout
        if layout.grid_days or layout.grid_hours or (layout.grid_beds and layout.kind == "bed"):
            return matrices.read_row(self, row)
        draft = Draft(row)
        if layout.kind in LISTED_BEDS and (beds := self._unoccupied(row)):
            return [("bed", bed) for bed in beds]
        named = True
        if layout.kind in IDENTITY or layout.kind == "bed":
            named = read_person(self, draft, row)
        self._read_fields(row, draft)
        if not named:
            return self._nameless(row, draft)
        self._look(row, draft)
        self._finish(row, draft)
        return [(layout.kind or "", draft)]

    def _read_fields(self, row: int, draft: Draft) -> None:
        needs: list[str] = []
        for column, name in self.needed.items():
            if name in ("name", "last_name", "first_name", "birth_date"):
                continue
            if name.startswith("need:"):
                if self.legend.of_mark(self.grid.value(row, column)) == "present":
                    needs.append(name[5:])
                continue
            self._read_cell(row, column, name, draft)
        if needs or any(name.startswith("need:") for name in self.needed.values()):
            draft.fields["needs"] = needs
        self._read_birth(row, draft)
        for column, text in self.comments.get(row, ()):
            read_comment(draft, text, row, column_letters(column), self.loose, self.layout.kind or "")

    def _read_cell(self, row: int, column: int, name: str, draft: Draft) -> None:
        value, source = self.value(row, column)
        if source.row != row and (row, column) not in self.grid.down:
            draft.flag("ditto")
        if not is_filled(value):
            if column in self.carried:
                self._carry(draft, name, column)
            else:
                self._missing(draft, row, column, name)
        elif is_failed_formula(value):
            draft.refuse("missing_value", name, source)
        elif name == "person":
            draft.put("person", matrices.staff_name(text_of(value)), source)
        else:
            in_house = name == "place" and self.layout.kind in LISTED_BEDS
            read_field(self, draft, "place_in_house" if in_house else name, column, value, source)
            if column in self.carried:
                self._remember(draft, name, column)

    def _remember(self, draft: Draft, name: str, column: int) -> None:
        """Whether the date just read may be carried down."""
        if any(reason.field == name for reason in draft.reasons):
            self.dirty.add(column)
        else:
            self.dirty.discard(column)

    def _carry(self, draft: Draft, name: str, column: int) -> None:
        """An empty cell in a column of carried dates repeats the cell above, unless that one was refused."""
        above = self.last.get(column)
        if above is None or column in self.dirty:
            return
        read_field(self, draft, name, column, *above)
        draft.flag("date_carried")

    def _missing(self, draft: Draft, row: int, column: int, name: str) -> None:
        """A formula without its value, or an error value, in a column that is needed."""
        if fault := self.grid.sheet.faults.get((row, column)):
            draft.refuse("missing_value", name, Source(row, column_letters(column), fault))

    def _read_birth(self, row: int, draft: Draft) -> None:
        for column, name in self.needed.items():
            if name != "birth_date":
                continue
            value, source = self.value(row, column)
            if not is_filled(value):
                self._missing(draft, row, column, name)
                continue
            if is_failed_formula(value):
                draft.refuse("missing_value", name, source)
                continue
            read_birth_field(draft, value, self.date_contexts[column], self._reference(draft), source)

    def _reference(self, draft: Draft) -> date:
        """The day an age counts from: that of the request or interview, else that of the book."""
        for name in ("request_date", "interview_date"):
            if isinstance(day := draft.fields.get(name), str):
                return date.fromisoformat(day)
        return self.context.reference

    def _nameless(self, row: int, draft: Draft) -> "list[tuple[str, Draft]] | Reason":
        """A row without a name: a bed that is free, a prepared row, or an error without a record."""
        kind = self.layout.kind
        own = {n for n, source in draft.cells.items() if source.row == row}
        if kind == "bed" and ("bed" in own or "room" in own):
            draft.fields["bed_status"] = "free"
            self._finish(row, draft)
            return [("bed", draft)]
        if own <= {"room", "bed", "floor", "site", "place"}:
            if kind == "resident" and {"bed", "room"} <= set(draft.fields) and "bed" in own:
                draft.fields["bed_status"] = "free"
                self._finish(row, draft, kind="bed")
                return [("bed", draft)]
            return Reason("empty_template_row")
        if own <= {"note"} and not draft.reasons:
            return Reason("free_note")
        if kind in IDENTITY or not any(value is not None for value in draft.fields.values()):
            return Reason("no_identity")
        return [(kind or "", draft)]

    def _unoccupied(self, row: int) -> list[Draft]:
        """Beds that the name's column says are free, reserved, out of order, or left by a name struck out."""
        column = self.layout.column_of("name", "last_name")
        if column is None:
            return []
        value, source = self.value(row, column)
        text = text_of(value)
        words = vocabulary()
        struck, rest = self._struck_part(source.row, column)
        if struck and rest:
            return [self._bed(row, "former", struck, source), self._bed(row, "occupied", rest, source)]
        folded = plain(text)
        if folded in words.words["free"] or (words.begins("free", text) and len(folded.split()) <= 3):
            return [self._bed(row, "free", "", source)]
        if folded in words.words["out_of_order"] or words.begins("out_of_order", text):
            bed = self._bed(row, "out_of_order", "", source)
            if len(folded.split()) > 2:
                bed.note(text)
            return [bed]
        if (phrase := words.begins("reserved", text)) and (self.layout.kind == "bed" or len(phrase) > 2):
            rest = " ".join(text.split()[len(phrase.split()) :]).strip(" .:-()")
            return [self._bed(row, "reserved", rest, source)]
        if self.layout.kind != "bed" or not text:
            return []
        _, is_struck = self.grid.look(row, [column])
        status = "former" if is_struck else "occupied"
        if not any(letter.isalpha() for letter in text):
            status, text = "free", ""
        return [self._bed(row, status, text, source)]

    def _bed(self, row: int, status: str, name: str, source: Source) -> Draft:
        draft = Draft(row, {"bed_status": status})
        if name:
            put_name(draft, name, self.context.names, source)
        self._read_fields(row, draft)
        if status in ("free", "out_of_order"):
            for field_name in ("arrival", "birth_date", "birth_date_precision", "nationality"):
                draft.fields.pop(field_name, None)
        self._finish(row, draft, kind="bed")
        colour, _ = self.grid.look(row, self.look_columns)
        if self.legend.colours.get(colour) == "doubt" or "?" in name:
            draft.flag("doubt")
        return draft

    def _struck_part(self, row: int, column: int) -> tuple[str, str]:
        runs = self.grid.sheet.runs.get((row, column), [])
        struck = "".join(text for text, is_struck in runs if is_struck).strip(" \n/,;-")
        rest = "".join(text for text, is_struck in runs if not is_struck).strip(" \n/,;-")
        return struck, rest

    def _look(self, row: int, draft: Draft) -> None:
        """Colour and strikethrough, as the sheet's legend explains them."""
        colour, struck = self.grid.look(row, self.look_columns)
        meaning = self.legend.colours.get(colour.removesuffix(" text"), "") if colour else ""
        if meaning == "doubt":
            draft.flag("doubt")
        kind = self.layout.kind
        if struck and kind in ("waiting", "interview", "appointment"):
            draft.flag("done_by_strike")
        elif struck or meaning == "left":
            draft.flag("left_by_strike" if struck else "left_by_colour")
            if kind in ("resident", "presence", "legal"):
                draft.fields["status"] = "left"

    def _finish(self, row: int, draft: Draft, kind: str = "") -> None:
        """What the row leaves unsaid: floor from the title above, status, terms in days, contradictions."""
        kind = kind or self.layout.kind or ""
        for name, days, source in self.terms:
            add_term(draft, name, days, source)
        self.terms.clear()
        if kind in ("resident", "bed", "room", "presence") and self.floor and not draft.fields.get("floor"):
            draft.fields["floor"] = self.floor
        if kind in ("resident", "waiting") and self.gender and not draft.fields.get("gender"):
            draft.fields["gender"] = self.gender
        if kind == "legal" and self.title_procedure and "procedure" not in draft.fields:
            draft.fields["procedure"] = self.title_procedure
        if kind in ("resident", "presence"):
            for note in draft.notes:
                departure_in_note(draft, note, self.loose, draft.cells.get("note", Source(row, "", note)))
            self._check_stay(row, draft)
            if kind == "resident":
                draft.fields.setdefault(
                    "status", "left" if draft.fields.get("departure") or "departure" in draft.cells else "present"
                )
                if draft.fields.get("departure"):
                    draft.fields["status"] = "left"

    def _check_stay(self, row: int, draft: Draft) -> None:
        arrival, departure = draft.fields.get("arrival"), draft.fields.get("departure")
        if not (isinstance(arrival, str) and isinstance(departure, str)) or departure >= arrival:
            return
        source = draft.cells["departure"]
        params = {"arrival": arrival, "departure": departure}
        reason = Reason("departure_before_arrival", "departure", source.column, params)
        if {(row, "arrival"), (row, "departure")} & self.swappable:
            draft.ambiguous.append(reason)
            return
        draft.reasons.append(reason)
        del draft.fields["departure"]
        draft.fields["status"] = "left"

    # --- titles ------------------------------------------------------------------------------------------------

    def _note_section(self, why: str, cells: list[tuple[int, Value]]) -> None:
        """A title between rows may name the floor or the sex of those below."""
        if why != "section_title":
            return
        text = text_of(cells[0][1])
        self.floor = self._floor_of([text]) or self.floor
        word = vocabulary().genders.get(plain(text))
        if word in ("m", "f") and len(plain(text)) > 2:
            self.gender = word

    @staticmethod
    def _floor_of(titles: list[str]) -> str:
        return next((found for title in reversed(titles) if (found := read_floor(title, bare=False))), "")

    def _are_numbered_by_room(self) -> bool:
        """Whether a lone column of beds writes ``11 12 13 21 22``: the room's number, then the bed's."""
        column = self.layout.column_of("bed", "place")
        if column is None or self.layout.column_of("room") is not None:
            return False
        texts = {text_of(self.grid.value(row, column)) for row in self.rows[:200]} - {""}
        numbers = [text for text in texts if text.isdigit() and 2 <= len(text) <= 4]
        rooms = {text[:-1] for text in numbers}
        firsts = sum(text[-1] == "1" for text in numbers)
        many = len(numbers) >= 6 and len(numbers) >= 0.8 * len(texts)
        return many and firsts >= 0.7 * len(rooms) and len(rooms) <= 0.7 * len(numbers)

    def _procedure_of_title(self) -> str:
        if self.layout.kind != "legal" or self.layout.column_of("procedure") is not None:
            return ""
        if self.layout.column_of("dublin_state") is not None:
            return "DUB"
        return next((code for title in self.context.titles if isinstance(code := read_procedure(title).value, str)), "")
