"""Tables whose columns are nights, days, beds or hours: each cell says something of its row and of its column."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from .draft import Draft
from .fields import put_name, read_field, read_person
from .grid import column_letters, is_filled
from .headings import hours_heading
from .types import Reason, Source, Value
from .values.codes import text_of
from .values.dates import read_date, read_hours
from .values.parsed import Parsed
from .values.persons import looks_like_name
from .vocabulary import plain, vocabulary

if TYPE_CHECKING:
    from .tables import TableReader

Drafts = list[tuple[str, Draft]]


def read_row(reader: TableReader, row: int) -> Drafts | Reason:
    """The records of one row of a grid."""
    kind = reader.layout.kind
    if kind == "shift":
        return _shifts(reader, row) if reader.layout.grid_days else _shifts_by_hours(reader, row)
    if kind == "bed":
        return _beds(reader, row)
    return _nights(reader, row)


def staff_name(text: str) -> Parsed:
    """A worker's name as written, without what stands in brackets (``Tesfay (nuit)``)."""
    name = re.sub(r"\s*\([^)]*\)", "", text).strip(" *?")
    return Parsed(name or None)


def _nights(reader: TableReader, row: int) -> Drafts | Reason:
    draft = Draft(row)
    named = read_person(reader, draft, row)
    words = vocabulary().words
    if named and plain(str(draft.fields["last_name"])) in words["free"] | words["out_of_order"]:
        named = False
    present: list[str] = []
    absent: list[str] = []
    marks = 0
    for column, day in sorted(reader.layout.grid_days.items(), key=lambda item: item[1]):
        value = reader.grid.value(row, column)
        if not is_filled(value):
            continue
        marks += 1
        meaning = reader.legend.of_mark(value)
        if meaning == "present":
            present.append(day.isoformat())
        elif meaning == "absent":
            absent.append(day.isoformat())
        elif meaning == "left":
            _leaves(draft, reader, row, column, day, text_of(value))
        else:
            draft.flag("doubt")
            if (text := text_of(value)) and len(text) > 3:
                draft.note(f"{day:%d/%m/%Y}: {text}")
    if not named:
        return Reason("no_identity") if marks else _empty_bed(reader, row)
    reader._read_fields(row, draft)
    draft.fields["nights_present"], draft.fields["nights_absent"] = present, absent
    reader._look(row, draft)
    reader._finish(row, draft)
    return [("presence", draft)]


def _leaves(draft: Draft, reader: TableReader, row: int, column: int, day: date, text: str) -> None:
    """``parti`` in a night's cell: the departure is that day, unless the cell names another."""
    stated = read_date(text, reader.loose).day
    if draft.fields.get("departure") is None:
        draft.fields["departure"] = (stated or day).isoformat()
        draft.cells["departure"] = Source(row, column_letters(column), text)
    draft.flag("departure_in_grid")
    draft.fields.setdefault("status", "left")


def _empty_bed(reader: TableReader, row: int) -> Drafts | Reason:
    return Reason("empty_template_row")


def _shifts(reader: TableReader, row: int) -> Drafts | Reason:
    """A worker's codes by day: one record for each code that stands for hours."""
    if of_the_row := _hours_of_row(reader, row):
        return _names_by_day(reader, row, *of_the_row)
    person = _worker(reader, row)
    if person is None:
        return Reason("no_identity")
    drafts: Drafts = []
    unknown: list[str] = []
    for column, day in sorted(reader.layout.grid_days.items(), key=lambda item: item[1]):
        value = reader.grid.value(*reader.grid.origin(row, column))
        if not is_filled(value):
            continue
        text = text_of(value)
        hours = _hours(reader, text)
        if hours is None:
            if not _is_off(reader, text):
                unknown.append(text)
            continue
        for start, end in hours:
            drafts.append(
                ("shift", _shift(row, day.isoformat(), start, end, person, Source(row, column_letters(column), value)))
            )
    if not drafts:
        draft = Draft(row, {"person": person})
        if unknown:
            draft.note(", ".join(unknown))
        return Reason("empty_template_row") if not unknown else [("shift", draft)]
    return drafts


def _hours_of_row(reader: TableReader, row: int) -> tuple[str, str] | None:
    """The hours that a row of a grid of days begins with: ``Matin 7h-15h``."""
    first = next((c for c in reader.span if c not in reader.layout.grid_days), None)
    return hours_heading(reader.grid.value(row, first)) if first is not None else None


def _names_by_day(reader: TableReader, row: int, start: str, end: str) -> Drafts | Reason:
    """Hours down, days across, names in the cells."""
    drafts: Drafts = []
    for column, day in reader.layout.grid_days.items():
        cell = reader.grid.value(*reader.grid.origin(row, column))
        source = Source(row, column_letters(column), cell)
        drafts += [("shift", _shift(row, day.isoformat(), start, end, name, source)) for name in _names_in(cell)]
    return drafts or Reason("empty_template_row")


def _hours(reader: TableReader, text: str) -> list[tuple[str, str]] | None:
    """The hours of a cell: by the sheet's legend, or written out; two codes in a cell are two shifts."""
    code = plain(text)
    if found := reader.legend.shifts.get(code):
        return [found]
    if code in reader.legend.shifts:
        return None
    if found := read_hours(text) or hours_heading(text):
        return [found]
    parts = [reader.legend.shifts.get(part) for part in re.split(r"[\s/+,]+", code)]
    return [part for part in parts if part] or None


def _is_off(reader: TableReader, text: str) -> bool:
    return plain(text) in reader.legend.shifts or bool(vocabulary().begins("off", text)) or not re.search(r"\w", text)


def _worker(reader: TableReader, row: int) -> str | None:
    column = reader.layout.column_of("person", "name", "last_name")
    if column is None:
        filled = [c for c in reader.span if c not in reader.layout.grid_days and is_filled(reader.grid.value(row, c))]
        column = filled[0] if filled else None
    if column is None:
        return None
    value, _ = reader.value(row, column)
    name = staff_name(text_of(value)).value
    return name if isinstance(name, str) and looks_like_name(name) else None


def _shift(row: int, day: str, start: str, end: str, person: str, source: Source) -> Draft:
    draft = Draft(row, {"date": day, "start": start, "end": end, "person": person})
    draft.cells = dict.fromkeys(("date", "start", "end", "person"), source)
    return draft


def _shifts_by_hours(reader: TableReader, row: int) -> Drafts | Reason:
    """Days down, hours across, names in the cells."""
    column = reader.layout.column_of("date")
    if column is None:
        column = reader.layout.area.left
    value, source = reader.value(row, column)
    draft = Draft(row)
    if column in reader.date_contexts:
        read_field(reader, draft, "date", column, value, source)
    else:
        found = read_date(value, reader.loose)
        draft.put("date", Parsed(found.day.isoformat() if found.day else None, found.problem), source)
    day = draft.fields.get("date")
    drafts: Drafts = []
    for hour_column, (start, end) in reader.layout.grid_hours.items():
        cell = reader.grid.value(row, hour_column)
        for name in _names_in(cell):
            shift = _shift(row, str(day or ""), start, end, name, Source(row, column_letters(hour_column), cell))
            if not day:
                del shift.fields["date"]
                shift.reasons += draft.reasons
            drafts.append(("shift", shift))
    if not drafts:
        return Reason("empty_template_row")
    return drafts


def _names_in(value: Value) -> list[str]:
    parts = re.split(r"[,;/+&\n]|\bet\b|\ben\b|\band\b", text_of(value))
    names = [staff_name(part).value for part in parts if re.search(r"\w\w", part)]
    return [name for name in names if isinstance(name, str) and not vocabulary().begins("off", name)]


def _beds(reader: TableReader, row: int) -> Drafts | Reason:
    """Rooms down, beds across, occupants in the cells."""
    base = Draft(row)
    reader._read_fields(row, base)
    drafts: Drafts = []
    words = vocabulary()
    for column, bed in reader.layout.grid_beds.items():
        value = reader.grid.value(row, column)
        text = text_of(value)
        if not text:
            continue
        draft = Draft(
            row, {k: v for k, v in base.fields.items() if k in ("room", "floor", "site")}, [], dict(base.cells)
        )
        source = Source(row, column_letters(column), value)
        draft.fields["bed"] = bed
        draft.cells["bed"] = source
        struck = reader.grid.style(row, column)
        if words.begins("free", text) or not re.search(r"\w", text):
            draft.fields["bed_status"] = "free"
        elif words.begins("out_of_order", text):
            draft.fields["bed_status"] = "out_of_order"
        elif phrase := words.begins("reserved", text):
            draft.fields["bed_status"] = "reserved"
            put_name(draft, " ".join(text.split()[len(phrase.split()) :]).strip(" .:-()"), reader.context.names, source)
        else:
            draft.fields["bed_status"] = "former" if struck and struck.strike else "occupied"
            put_name(draft, text, reader.context.names, source)
        if not draft.fields.get("floor") and reader.floor:
            draft.fields["floor"] = reader.floor
        drafts.append(("bed", draft))
    return drafts or Reason("empty_template_row")
