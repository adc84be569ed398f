"""Fields of a row that is one record each: every column's value through its parser into a draft."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from .draft import Draft
from .types import Source, Value
from .values import codes
from .values.codes import text_of
from .values.contacts import phone_in, read_phone, read_sp, says_nothing, sp_in
from .values.dates import DateContext, Found, days_stated, read_birth, read_date, read_time, search_date
from .values.parsed import NOTHING, Parsed
from .values.persons import NameOrder, clean_name, split_name
from .values.places import place_text, read_floor, read_place
from .vocabulary import plain, vocabulary

if TYPE_CHECKING:
    from .tables import TableReader

DATES = {
    "arrival", "departure", "request_date", "interview_date", "appointment_date", "annex26_date", "decision_date",
    "deadline", "date",
}  # fmt: skip
EVENT_DATES = {"request_date", "interview_date", "appointment_date", "date"}
TEXTS = {"note", "outcome", "motive", "orientation", "place", "subject", "author", "lawyer", "site", "text"}
SIMPLE: dict[str, Callable[[Value], Parsed]] = {
    "nationality": codes.read_nationality,
    "languages": codes.read_languages,
    "gender": codes.read_gender,
    "priority": codes.read_priority,
    "severity": codes.read_severity,
    "attended": codes.read_attended,
    "procedure": codes.read_procedure,
    "capacity": codes.read_number,
    "phone": read_phone,
    "sp_number": read_sp,
}


def read_field(reader: TableReader, draft: Draft, name: str, column: int, value: Value, source: Source) -> None:
    """Parse one cell into ``draft``."""
    if name in SIMPLE:
        draft.put(name, SIMPLE[name](value), source)
    elif name in DATES:
        _date(reader, draft, name, column, value, source)
    elif name in TEXTS:
        _text(draft, name, value, source)
    elif name in ("time", "start", "end"):
        found, problem = read_time(value)
        draft.put(name, Parsed(found or None, problem), source)
    elif name in ("room", "bed", "place_in_house"):
        _place(reader, draft, name, value, source)
    elif name == "floor":
        draft.put("floor", Parsed(read_floor(place_text(value)) or None), source)
    elif name == "dublin_state":
        parsed = codes.read_nationality(value)
        draft.put(name, parsed._replace(flags=()), source)
    elif name == "status":
        _status(draft, value, source)
    elif name == "needs":
        _text(draft, name, value, source)


def _text(draft: Draft, name: str, value: Value, source: Source) -> None:
    text = text_of(value)
    if not re.search(r"\w", text) and name != "note":
        return
    if text.startswith("="):
        draft.flag("formula_like_text")
    if name == "note" or name in draft.fields:
        if name == "note":
            draft.note(text)
            draft.cells.setdefault("note", source)
        else:
            draft.fields[name] = f"{draft.fields[name]} · {text}"
        return
    draft.put(name, Parsed(text or None), source)


def _date(reader: TableReader, draft: Draft, name: str, column: int, value: Value, source: Source) -> None:
    context = reader.date_contexts[column]
    found = read_date(value, context)
    if found.day is None and isinstance(value, str) and _is_said_in_words(reader, draft, name, value.strip(), source):
        return
    if found.problem and not _is_date_cell(value):
        found = found._replace(problem="")
    draft.put(name, Parsed(found.day.isoformat() if found.day else None, found.problem), source)
    if found.day is not None:
        context.previous = found.day
        _flag_date(reader, draft, name, value, found, source)


def _is_said_in_words(reader: TableReader, draft: Draft, name: str, text: str, source: Source) -> bool:
    """``parti``, ``30 jours``: something else than a date, and all that the cell says. Other words go to the note."""
    if name == "departure" and vocabulary().begins("left", text):
        draft.flag("departure_unknown_day")
        draft.fields.setdefault("status", "left")
        return True
    if days := days_stated(text):
        draft.flag("term_in_days")
        reader.terms.append((name, days, source))
        return True
    if re.search(r"[^\W\d_]{3}", text) and not says_nothing(text):
        draft.note(text)
    return False


def _flag_date(reader: TableReader, draft: Draft, name: str, value: Value, found: Found, source: Source) -> None:
    if found.month_first:
        draft.flag("month_first")
    if found.swappable:
        draft.flag("ambiguous_date")
        reader.swappable.add((source.row, name))
    if found.yearless:
        draft.flag("year_from_context")
    if found.rest and len(re.findall(r"[^\W\d_]", found.rest)) > 3:
        draft.flag("date_in_text")
        if name in ("deadline", "departure", "arrival"):
            draft.note(text_of(value))


def _is_date_cell(value: Value) -> bool:
    """Whether a cell that is no date was meant as one: digits with separators, or a number."""
    if not isinstance(value, str):
        return True
    return bool(re.search(r"\d\s*[./\-]\s*\d|\d\s*\w{3,}\.?[\s-]*\d|^\s*\d+\s*$", value)) or bool(
        re.search(r"\d{1,2}\s+[^\W\d_]{3,}", value)
    )


def read_birth_field(draft: Draft, value: Value, context: DateContext, reference: date, source: Source) -> None:
    """``birth_date`` with its precision; an age counts back from ``reference`` and is flagged."""
    found = read_birth(value, context, reference)
    if found.problem:
        draft.refuse(found.problem, "birth_date", source)
        return
    if found.precision == "unknown":
        draft.fields["birth_date"], draft.fields["birth_date_precision"] = None, "unknown"
        draft.cells["birth_date"] = source
        return
    if found.day is None:
        return
    draft.fields["birth_date"] = found.day.isoformat()
    draft.fields["birth_date_precision"] = "day" if found.precision == "day" else "year"
    draft.cells["birth_date"] = source
    if found.precision == "age":
        draft.flag("from_age")
    if found.precision == "placeholder":
        draft.flag("dob_0101")
    if found.month_first:
        draft.flag("month_first")


def _place(reader: TableReader, draft: Draft, name: str, value: Value, source: Source) -> None:
    """Room, bed, or both in one cell; a floor or a capacity beside them is taken along."""
    text = place_text(value)
    if not re.search(r"\w", text):
        return
    if name != "room" and reader.numbered_beds and text.isdigit():
        text = f"{text[:-1]}-{text[-1]}"
    place = read_place(text, bare_is_bed=name == "bed" and reader.has_room)
    if name == "bed" and not reader.has_room and place.room and not place.bed:
        place = place._replace(room="", bed=place.room)
    if name == "room" and place.bed and reader.layout.column_of("bed") is not None and not place.room:
        place = place._replace(room=place.bed, bed="")
    if name == "room" and place.bed and reader.layout.column_of("bed") is not None and re.fullmatch(r"\w+", text):
        place = place._replace(room=text.upper(), bed="")
    for part, found in (("floor", place.floor), ("room", place.room), ("bed", place.bed)):
        if found:
            draft.put(part, Parsed(found), source)
    if not any((place.room, place.bed, place.floor)):
        draft.note(text)


def _status(draft: Draft, value: Value, source: Source) -> None:
    text = text_of(value)
    words = vocabulary()
    if words.begins("left", text) or words.attended.get(plain(text)) == "false":
        draft.fields["status"] = "left"
    elif words.begins("present", text) or words.attended.get(plain(text)) == "true" or words.begins("absent", text):
        draft.fields["status"] = "present"
    elif parsed := codes.read_procedure(text).value:
        draft.put("procedure", Parsed(parsed), source)
        return
    else:
        draft.note(text)
        return
    draft.cells["status"] = source


def read_person(reader: TableReader, draft: Draft, row: int) -> bool:
    """The person's name, from one column or two. False when the row names nobody."""
    full, last, first = reader.name_columns
    order = reader.context.names
    if full is not None:
        value, source = reader.value(row, full)
        text = text_of(value)
        put_name(draft, text, order, source)
        return "last_name" in draft.fields
    parts = {}
    for name, column in (("last_name", last), ("first_name", first)):
        if column is None:
            continue
        value, source = reader.value(row, column)
        cleaned = clean_name(text_of(value))
        if cleaned.aside:
            draft.note(cleaned.aside)
        if cleaned.doubtful:
            draft.flag("doubt")
        if re.search(r"[^\W\d_]", cleaned.text) and not says_nothing(cleaned.text):
            parts[name] = (cleaned.text, source)
    if len(parts) == 1:
        ((name, (text, source)),) = parts.items()
        if (
            len(text.split()) > 1
            and first is not None
            and name == "last_name"
            and not (text.isupper() or text.istitle())
        ):
            put_name(draft, text, order, source)
        else:
            draft.put("last_name", Parsed(text), source)
            draft.fields["first_name"] = None
            draft.flag("single_name")
    for name, (text, source) in parts.items() if len(parts) == 2 else ():
        draft.put(name, Parsed(text), source)
    return bool(parts)


def put_name(draft: Draft, text: str, order: NameOrder, source: Source) -> None:
    """Split a full name into ``draft``."""
    cleaned = clean_name(text)
    if cleaned.aside:
        draft.note(cleaned.aside)
    if cleaned.doubtful:
        draft.flag("doubt")
    if not re.search(r"[^\W\d_]", cleaned.text) or says_nothing(cleaned.text):
        return
    name = split_name(cleaned.text, order)
    draft.put("last_name", Parsed(name.last), source)
    draft.fields["first_name"] = name.first or None
    if name.first:
        draft.cells["first_name"] = source
        if not name.sure:
            draft.flag("name_order_ambiguous")
    else:
        draft.flag("single_name")


def read_comment(draft: Draft, text: str, row: int, column: str, context: DateContext, kind: str) -> None:
    """A note on a cell is data: a departure, a number or a phone in it goes to its field, all of it to the note."""
    source = Source(row, column, text)
    draft.flag("from_comment")
    used = False
    if kind in ("resident", "presence", "bed", "waiting", "legal") and (sp := sp_in(text)):
        used = _fill(draft, "sp_number", sp, source)
    elif phone := phone_in(text):
        used = _fill(draft, "phone", phone, source)
    found = search_date(text, context)
    if found.day and kind in ("resident", "presence") and vocabulary().mentions("left", text):
        used = _fill(draft, "departure", found.day.isoformat(), source) or used
        draft.fields["status"] = "left"
    elif (
        found.day
        and kind in ("resident", "presence")
        and vocabulary().mentions("since", text)
        and "arrival" not in draft.fields
    ):
        used = _fill(draft, "arrival", found.day.isoformat(), source) or used
    words = re.findall(r"[^\W\d_]{3,}", text)
    if not used or len(words) > 2:
        draft.note(text)


def _fill(draft: Draft, name: str, value: str, source: Source) -> bool:
    if draft.fields.get(name) is None:
        draft.fields[name] = value
        draft.cells[name] = source
        return True
    return draft.fields[name] == value


def departure_in_note(draft: Draft, text: str, context: DateContext, source: Source) -> None:
    """``partie le 24/08/2023`` among the remarks is a departure."""
    words = vocabulary()
    if words.begins("left", text) or re.search(r"\b(?:partie?|sortie?|vertrokken|left)\s+(?:le|op|on)\b", text.lower()):
        found = search_date(text, context)
        if found.day and draft.fields.get("departure") is None:
            draft.fields["departure"] = found.day.isoformat()
            draft.cells["departure"] = source
        if found.day or len(text.split()) <= 4:
            draft.fields["status"] = "left"


def add_term(draft: Draft, name: str, days: int, source: Source) -> None:
    """``30 jours``: calendar days from the date of the same row."""
    for base in (
        "decision_date",
        "annex26_date",
        "request_date",
        "interview_date",
        "appointment_date",
        "arrival",
        "date",
    ):
        start = draft.fields.get(base)
        if base != name and isinstance(start, str):
            draft.put(name, Parsed((date.fromisoformat(start) + timedelta(days=days)).isoformat()), source)
            return
    draft.put(name, NOTHING._replace(note=text_of(source.raw)), source)
