"""Dates and times as teams write them. Day first, unless the column shows otherwise.

Sources: README of the sample set ("How values are normalised"), field guide section 4.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from residents.names import INVISIBLE
from shelter.imports.reading.types import Value
from shelter.imports.reading.vocabulary import plain, vocabulary

EXCEL_DAY_ZERO = date(1899, 12, 30)
SHIFT_1904 = 1462
FIRST_BIRTH_YEAR = 1905
FIRST_EVENT_YEAR = 1990
MAX_AGE = 110
FUTURE_DAYS = 3 * 366  # a deadline may lie ahead; a date further on is a slip

SEPARATOR = r"\s*[./\-\s]\s*"
ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
NUMERIC = re.compile(rf"(?<![\d.])(\d{{1,2}}){SEPARATOR}(\d{{1,2}}){SEPARATOR}(\d{{4}}|\d{{2}})(?!\d)")
PLAIN_NUMERIC = re.compile(r"\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})\s*\Z")
SERIAL_TEXT = re.compile(r"\s*\d{5}(?:\.0+)?\s*")
DAY_MONTH = re.compile(r"(?<![\d/.])(\d{1,2})\s*[./\-]\s*(\d{1,2})(?![\d/])")
ORDINAL = r"(?:er|ste|de|st|nd|rd|th|e)?"
DAY_WORD = re.compile(
    rf"(?<!\d)(\d{{1,2}}){ORDINAL}[\s.\-/]*(?:of |de |d')?([a-z]{{3,10}})\.?[\s,.\-/']*(\d{{4}}|\d{{2}})?(?![\d:h])"
)
WORD_DAY = re.compile(rf"\b([a-z]{{3,10}})\.?\s+(\d{{1,2}}){ORDINAL}(?:,?\s+(\d{{4}}))?(?!\d)")
COMPACT = re.compile(r"(\d{8})")
PLACEHOLDER = re.compile(r"(?:[?x\-_.0]{1,2}\s*[/.\-]\s*){2}((?:19|20)\d\d)")
MONTH_YEAR = re.compile(r"(?<![\d/.\-])(\d{1,2})\s*[/.\-]\s*((?:19|20)\d\d)(?!\d)")
WORD_YEAR = re.compile(r"\b([a-z]{3,10})\.?\s*((?:19|20)\d\d)(?!\d)")
YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
AGE = re.compile(r"(\d{1,3})\s*([a-z]*(?:\s(?:old|o))?)\s*\??")
DAYS = re.compile(r"(?<!\d)(\d{1,3})\s*([a-z]+)")
CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})\s*(?:h|u|:|\.|uur|heures?|hrs?)\s*(\d{2})?(?:\s*:\s*\d{2})?\s*(am|pm)?(?![a-z\d])"
)
CLOCK_12 = re.compile(r"(?<!\d)(\d{1,2})\s*(am|pm)\b")


class Found(NamedTuple):
    """A date found in a text. ``precision`` is ``day``, ``month`` or ``year``; ``problem`` is a reason code.

    ``swappable``: day and month could also be read the other way round. ``yearless``: the year came from the context.
    """

    day: date | None = None
    precision: str = "day"
    problem: str = ""
    swappable: bool = False
    month_first: bool = False
    yearless: bool = False
    rest: str = ""


@dataclass(slots=True)
class DateContext:
    """What helps to read a column's dates: ``today``, the year of its tab or title, the last date read above.

    ``month_first``: the column writes months first throughout. ``mixed``: it does so here and there.
    """

    today: date
    year: int | None = None
    previous: date | None = None
    month_first: bool = False
    mixed: bool = False
    shift: int = 0  # days to add to serial numbers (1904 system)


UNFOUND = Found()


@lru_cache(maxsize=65536)
def lowered(text: str) -> str:
    """Lower case, without accents and weekday names, digits and signs kept."""
    decomposed = unicodedata.normalize("NFKD", text.translate(INVISIBLE)).casefold()
    bare = "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn")
    words = bare.split()
    while words and words[0].strip(".,") in vocabulary().weekdays and len(words) > 1:
        words = words[1:]
    return " ".join(words)


def read_date(value: Value, context: DateContext) -> Found:
    """The date of a cell that should hold one. ``Found.day`` is ``None`` without a problem when it says nothing."""
    if isinstance(value, datetime):
        return _in_range(Found(value.date()), context)
    if isinstance(value, date):
        return _in_range(Found(value), context)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(float(value), context)
    if not isinstance(value, str):
        return UNFOUND
    if match := PLAIN_NUMERIC.match(value):
        return _in_range(_from_numeric(match, context), context)
    if SERIAL_TEXT.fullmatch(value):
        return _from_number(float(value), context)
    return search_date(value, context)


def _from_number(number: float, context: DateContext) -> Found:
    if 20000 <= number <= 80000:
        return _in_range(Found(EXCEL_DAY_ZERO + timedelta(days=int(number) + context.shift)), context)
    if COMPACT.fullmatch(text := str(int(number))):
        return _compact(text, context)
    return Found(problem="impossible_date")


def _compact(text: str, context: DateContext) -> Found:
    """``20240213`` or ``13022024``."""
    for year, month, day in ((text[:4], text[4:6], text[6:]), (text[4:], text[2:4], text[:2])):
        if 1900 <= int(year) <= 2100:
            return _in_range(_built(int(year), int(month), int(day)), context)
    return Found(problem="impossible_date")


def search_date(text: str, context: DateContext) -> Found:
    """The first date that a text holds, in any way of writing; ``rest`` is the text around it."""
    low = lowered(text)
    for pattern, build in (
        (ISO, _from_iso), (NUMERIC, _from_numeric), (DAY_WORD, _from_day_word), (WORD_DAY, _from_word_day),
        (DAY_MONTH, _from_day_month),
    ):  # fmt: skip
        for match in pattern.finditer(low):
            if found := build(match, context):
                rest = f"{low[: match.start()]} {low[match.end() :]}".strip(" ,;:-()")
                return _in_range(found, context)._replace(rest=rest)
    if COMPACT.fullmatch(low):
        return _compact(low, context)
    return UNFOUND


def _from_iso(match: re.Match[str], context: DateContext) -> Found:
    return _built(int(match[1]), int(match[2]), int(match[3]))


def _from_numeric(match: re.Match[str], context: DateContext) -> Found:
    first, second, year = int(match[1]), int(match[2]), _full_year(match[3])
    swappable = first <= 12 and second <= 12 and first != second
    month_first = second > 12 >= first or (context.month_first and swappable)
    if month_first:
        first, second = second, first
    try:
        day = date(year, second, first)
    except ValueError:
        return Found(problem="impossible_date")
    return Found(day, swappable=swappable and (context.mixed or month_first), month_first=month_first)


def _from_day_word(match: re.Match[str], context: DateContext) -> Found | None:
    month = vocabulary().months.get(match[2])
    if month is None:
        return None
    if match[3]:
        return _built(_full_year(match[3]), month, int(match[1]))
    return _yearless(month, int(match[1]), context)


def _from_word_day(match: re.Match[str], context: DateContext) -> Found | None:
    month = vocabulary().months.get(match[1])
    if month is None:
        return None
    if match[3]:
        return _built(int(match[3]), month, int(match[2]))
    return _yearless(month, int(match[2]), context)


def _from_day_month(match: re.Match[str], context: DateContext) -> Found:
    first, second = int(match[1]), int(match[2])
    if second > 12 >= first or context.month_first:
        first, second = second, first
    return _yearless(second, first, context)


def _yearless(month: int, day: int, context: DateContext) -> Found:
    """The year that brings the date closest to its neighbour above; else that of the tab or title; else this year."""
    year = context.year or (context.previous or context.today).year
    if context.previous and not context.year:
        near = [found.day for y in (year - 1, year, year + 1) if (found := _built(y, month, day)).day]
        if near:
            closest = min(near, key=lambda d: abs((d - context.previous).days))  # type: ignore[operator]
            return Found(closest, yearless=True)
    return _built(year, month, day)._replace(yearless=True)


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _built(year: int, month: int, day: int) -> Found:
    try:
        return Found(date(year, month, day))
    except ValueError:
        return Found(problem="impossible_date")


def _in_range(found: Found, context: DateContext) -> Found:
    if found.day is None:
        return found
    if found.day.year < FIRST_EVENT_YEAR or (found.day - context.today).days > FUTURE_DAYS:
        return found._replace(day=None, problem="date_out_of_range")
    return found


def read_birth(value: Value, context: DateContext, reference: date) -> Found:
    """A birth date, a year, or an age counted back from ``reference``. Precision ``unknown`` when the cell says so."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return _birth(Found(value), context)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _birth_number(float(value), context, reference)
    if not isinstance(value, str):
        return UNFOUND
    if plain(value) in vocabulary().words["unknown"] or plain(value) in vocabulary().words["nothing"]:
        return Found(precision="unknown")
    return _birth_text(lowered(value), context, reference)


def _birth_text(text: str, context: DateContext, reference: date) -> Found:
    if match := PLACEHOLDER.search(text):
        return _birth(Found(date(int(match[1]), 1, 1), precision="year"), context)
    if text.replace(".", "", 1).isdigit():
        return _birth_number(float(text), context, reference)
    for pattern, build in (
        (ISO, _from_iso),
        (NUMERIC, _from_numeric),
        (DAY_WORD, _from_day_word),
        (WORD_DAY, _from_word_day),
    ):
        for match in pattern.finditer(text):
            if (found := build(match, context)) and not found.yearless:
                return _birth(_not_in_the_future(found, match, context), context)
    if (match := MONTH_YEAR.search(text)) or (match := WORD_YEAR.search(text)) or (match := YEAR.search(text)):
        return _birth(Found(date(int(match[match.lastindex or 1]), 1, 1), precision="year"), context)
    match = AGE.search(text)
    if match and (
        not match[2] or match[2].split(" ")[0] in vocabulary().words["years_old"] | {"ans", "jaar", "years", "yo"}
    ):
        return _birth_number(float(match[1]), context, reference)
    return Found(problem="impossible_date") if any(letter.isdigit() for letter in text) else UNFOUND


def _not_in_the_future(found: Found, match: re.Match[str], context: DateContext) -> Found:
    """A two-digit year of birth is of the last century rather than in the future."""
    short = (match.lastindex or 0) >= 3 and len(match[3] or "") == 2
    if not short or found.day is None or found.day <= context.today:
        return found
    try:
        return found._replace(day=found.day.replace(year=found.day.year - 100))
    except ValueError:  # 29 February of a year that has none
        return Found(problem="impossible_date")


def _birth_number(number: float, context: DateContext, reference: date) -> Found:
    """An age, a year, or a serial number."""
    whole = int(number)
    if 0 <= number <= MAX_AGE:
        return Found(date(reference.year - whole, 1, 1), precision="age")
    if FIRST_BIRTH_YEAR <= whole <= context.today.year:
        return Found(date(whole, 1, 1), precision="year")
    if 1900 < whole < 2200:
        return Found(problem="birth_in_future" if whole > context.today.year else "date_out_of_range")
    if 2000 < whole < 60000:
        return _birth(Found(EXCEL_DAY_ZERO + timedelta(days=whole + context.shift)), context)
    if COMPACT.fullmatch(text := str(whole)):
        year = int(text[4:]) if 1900 <= int(text[4:]) <= 2100 else int(text[:4])
        parts = (int(text[2:4]), int(text[:2])) if year == int(text[4:]) else (int(text[4:6]), int(text[6:]))
        return _birth(_built(year, *parts), context)
    return Found(problem="impossible_age" if whole < 1900 else "impossible_date")


def _birth(found: Found, context: DateContext) -> Found:
    """Refuse births in the future and beyond a life; 1 January stands for "year only"."""
    if found.day is None:
        return found
    if found.day > context.today:
        return Found(problem="birth_in_future")
    if found.day.year < FIRST_BIRTH_YEAR:
        return Found(problem="date_out_of_range")
    if (found.day.month, found.day.day) == (1, 1) and found.precision == "day":
        return found._replace(precision="placeholder")
    return found


def days_stated(text: str) -> int | None:
    """``30 jours`` -> 30: a term in calendar days, counted from a date of the same row."""
    match = DAYS.search(lowered(text))
    return int(match[1]) if match and match[2] in vocabulary().words["days"] and len(match[2]) > 1 else None


def read_time(value: Value) -> tuple[str, str]:
    """(HH:MM, problem) of a time of day; both empty when nothing is stated."""
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return value.strftime("%H:%M"), ""
    if isinstance(value, bool) or value is None:
        return "", ""
    if isinstance(value, int | float):
        if 0 <= value < 1:
            minutes = round(float(value) * 24 * 60)
            return f"{minutes // 60 % 24:02}:{minutes % 60:02}", ""
        hours, minutes = (int(value), 0) if value < 25 else divmod(int(value), 100)
        return _clock(hours, minutes)
    return _time_text(lowered(value)) if isinstance(value, str) else ("", "")


def _time_text(text: str) -> tuple[str, str]:
    if match := CLOCK.search(text):
        hours = int(match[1]) % 12 + 12 * (match[3] == "pm") if match[3] else int(match[1])
        return _clock(hours, int(match[2] or 0))
    if match := CLOCK_12.search(text):
        return _clock(int(match[1]) % 12 + 12 * (match[2] == "pm"), 0)
    if re.fullmatch(r"\d{1,4}", text):
        return read_time(int(text))
    if text in ("midi", "noon", "middag"):
        return "12:00", ""
    if text in ("minuit", "midnight", "middernacht"):
        return "00:00", ""
    return "", "impossible_time" if any(letter.isdigit() for letter in text) else ""


def _clock(hours: int, minutes: int) -> tuple[str, str]:
    if hours == 24 and minutes == 0:
        return "00:00", ""
    return (f"{hours:02}:{minutes:02}", "") if hours < 24 and minutes < 60 else ("", "impossible_time")


def read_hours(text: str) -> tuple[str, str] | None:
    """(start, end) of a range of hours: ``7h-15h``, ``07:00 - 15:00``, ``20h à 8h``, ``7-15``. ``None`` when it is none."""
    low = lowered(text)
    parts = re.split(r"\s*(?:-|–|—|\bto\b|\btot\b|\ba\b|\bau\b|>|→)\s*", low)
    parts = [part for part in parts if part]
    if len(parts) != 2:
        return None
    start, end = (re.sub(r"^(?:de|van|from|du)\s+", "", part) for part in parts)
    if not re.match(r"\d{1,2}(?:\s*(?:h|u|:|\.|uur|am|pm)|$)", start) or not re.match(
        r"\d{1,2}(?:\s*(?:h|u|:|\.|uur|am|pm)|$)", end
    ):
        return None
    (first, problem), (last, other) = read_time(start), read_time(end)
    return None if problem or other or not first or not last else (first, last)


def month_in(text: str) -> tuple[int | None, int | None]:
    """(month, year) named by a title or a tab: ``MARS 2024``, ``mrt-24``, ``2024-03``, ``03.2024``; ``None`` where absent."""
    low = lowered(text).replace("_", " ")
    if (match := re.search(r"(?<!\d)(20\d\d)[-/. ](\d{1,2})(?!\d)", low)) and 1 <= int(match[2]) <= 12:
        return int(match[2]), int(match[1])
    if (match := re.search(r"(?<![\d/.])(\d{1,2})[-/. ](20\d\d)(?!\d)", low)) and 1 <= int(match[1]) <= 12:
        return int(match[1]), int(match[2])
    year_match = re.search(r"(?<!\d)(20\d\d)(?!\d)", low)
    year = int(year_match[1]) if year_match else None
    for match in re.finditer(r"[a-z]+", low):
        month = vocabulary().months.get(match[0])
        if month and len(match[0]) >= 3:
            if year is None and (short := re.match(r"[\s.'\-/]*(\d\d)(?!\d)", low[match.end() :])):
                year = 2000 + int(short[1])
            return month, year
    return None, year
