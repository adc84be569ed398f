"""How well a column's content fits a role: 0 to 1, told from a sample of its cells."""

import re
from collections.abc import Callable
from datetime import date, datetime, time

from residents.names import fold

from .types import Value
from .values import codes
from .values.codes import text_of
from .values.contacts import digits_of, read_phone
from .values.dates import DateContext, read_birth, read_date, read_time
from .values.persons import clean_name, looks_like_name
from .values.places import read_floor, read_place
from .vocabulary import plain, vocabulary

Sample = list[Value]
TODAY = date(2100, 1, 1)  # only for "is this a date at all"
CONTEXT = DateContext(TODAY)


def _is_date(value: Value) -> bool:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return 30000 <= value <= 60000
    found = read_date(value, CONTEXT)
    return (
        found.day is not None or bool(found.problem) or (isinstance(value, str) and vocabulary().means("ditto", value))
    )


def _is_birth(value: Value) -> bool:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return 0 <= value <= 110 or 1905 <= value <= 2030 or 2030 < value <= 60000
    if isinstance(value, str) and plain(value) in vocabulary().words["unknown"]:
        return True
    return read_birth(value, CONTEXT, TODAY).day is not None


def _is_birth_year(value: Value) -> bool:
    """A date or a year in which people who live now were born: for columns whose heading says nothing."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return 1930 <= value <= 2012 or 11000 <= value <= 41000
    if isinstance(value, str) and plain(value) in vocabulary().words["unknown"]:
        return True
    found = read_birth(value, CONTEXT, TODAY).day
    return found is not None and 1930 <= found.year <= 2012


def _is_time(value: Value) -> bool:
    if isinstance(value, time) or (isinstance(value, datetime) and value.year < 1905):
        return True
    return (
        isinstance(value, str) and bool(re.match(r"\s*\d{1,2}\s*[hu:.]", value.lower())) and bool(any(read_time(value)))
    )


def _is_phone(value: Value) -> bool:
    digits = re.sub(r"\D", "", digits_of(value))
    return len(digits) >= 8 and bool(read_phone(value).value)


def _is_sp(value: Value) -> bool:
    text = digits_of(value)
    return len(re.sub(r"\D", "", text)) == 7 and len(text) <= 16


def _is_name(value: Value) -> bool:
    return isinstance(value, str) and looks_like_name(value)


def _is_nationality(value: Value) -> bool:
    return isinstance(value, str) and len(value) < 40 and bool(codes.read_nationality(value).value)


def _is_room(value: Value) -> bool:
    if isinstance(value, int):
        return 0 < value < 2000
    return isinstance(value, str) and len(value) <= 24 and bool(read_place(value).room)


def _is_bed(value: Value) -> bool:
    if isinstance(value, int):
        return 0 < value < 60
    return isinstance(value, str) and len(value) <= 16 and bool(read_place(value, bare_is_bed=True).bed)


def _is_word_of(meanings: Callable[[], dict[str, str]]) -> Callable[[Value], bool]:
    return lambda value: plain(text_of(value)) in meanings()


def _is_language(value: Value) -> bool:
    return isinstance(value, str) and bool(codes.read_languages(value).value)


def _is_procedure(value: Value) -> bool:
    return isinstance(value, str) and bool(codes.read_procedure(value).value)


def _is_status(value: Value) -> bool:
    text = text_of(value)
    return (
        any(vocabulary().begins(category, text) for category in ("left", "present", "absent"))
        or plain(text) in vocabulary().attended
    )


def _is_text(value: Value) -> bool:
    return isinstance(value, str) and len(value.split()) >= 4


def _is_initials(value: Value) -> bool:
    return isinstance(value, str) and (bool(re.fullmatch(r"[A-Z]{2,3}", value.strip())) or looks_like_name(value))


def _is_floor(value: Value) -> bool:
    return (isinstance(value, int) and -3 < value < 20) or (isinstance(value, str) and bool(read_floor(value)))


def _is_small_number(value: Value) -> bool:
    return (isinstance(value, int) and 0 < value < 200) or (
        isinstance(value, str) and bool(re.match(r"\d{1,3}\b", value))
    )


def is_mark(value: Value) -> bool:
    """Whether a cell holds a mark of presence or absence, or a code of one to three signs."""
    text = text_of(value)
    return plain(text) in vocabulary().marks or (len(text) <= 3 and not text.isdigit())


TESTS: dict[str, Callable[[Value], bool]] = {
    **dict.fromkeys(
        ("date", "arrival", "departure", "request_date", "annex26_date", "decision_date", "deadline"), _is_date
    ),
    "birth_date": _is_birth,
    "birth_year": _is_birth_year,
    **dict.fromkeys(("time", "start", "end"), _is_time),
    "phone": _is_phone,
    "sp_number": _is_sp,
    **dict.fromkeys(("name", "last_name", "first_name", "person"), _is_name),
    "nationality": _is_nationality,
    "dublin_state": _is_nationality,
    "languages": _is_language,
    "gender": _is_word_of(lambda: vocabulary().genders),
    "room": _is_room,
    "bed": _is_bed,
    "room_bed": _is_room,
    "floor": _is_floor,
    "capacity": _is_small_number,
    "priority": _is_word_of(lambda: vocabulary().priorities),
    "severity": _is_word_of(lambda: vocabulary().severities),
    "attended": _is_word_of(lambda: vocabulary().attended),
    "procedure": _is_procedure,
    "status": _is_status,
    "decision": _is_procedure,
    "text": _is_text,
    "author": _is_initials,
}


def fit(role: str, sample: Sample) -> float:
    """The share of the sample that a role's parser accepts; 0.5 for roles that any text fits or without a sample."""
    test = TESTS.get(role)
    if test is None or not sample:
        return 0.5
    return sum(test(value) for value in sample) / len(sample)


def holds_two_words(sample: Sample) -> float:
    """The share of names with two words or more: a full name in one cell."""
    names = [clean_name(value).text for value in sample if isinstance(value, str)]
    return sum(len(name.split()) > 1 for name in names) / len(names) if names else 0.0


def in_capitals(sample: Sample) -> float:
    """The share of names written in capitals throughout."""
    names = [value for value in sample if isinstance(value, str) and len(fold(value)) > 1]
    return sum(name.isupper() for name in names) / len(names) if names else 0.0
