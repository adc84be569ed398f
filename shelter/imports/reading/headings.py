"""What a heading says: a role such as ``last_name``, a night, a bed, a range of hours.

Roles are what people write over columns; the kind of table turns them into fields (``columns``): a ``date`` is the request's
date in a waiting list and the interview's in a table of interviews.
"""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from residents.names import fold

from .types import Value
from .values.dates import DateContext, read_date, read_hours
from .values.places import read_place
from .vocabulary import plain, vocabulary

MAX_HEADING = 70
NUMBER_WORDS = frozenset({"n", "nr", "no", "num", "nummer", "numero", "number"})
SMALL_WORDS = NUMBER_WORDS | {"de", "du", "d", "la", "le", "les", "l", "van", "het", "of", "the", "s"}
MAX_WORDS = 9
SURE, LIKELY, FAIR = 100, 85, 70
DAY_NUMBER = re.compile(r"(?:[a-z]{1,9}\.?\s*)?(\d{1,2})(?:er|e|st|nd|rd|th)?\.?(?:\s*[a-z]{1,3})?")


class Role(NamedTuple):
    """A role that a heading may have, with how sure the words are (0 to 100)."""

    role: str
    score: int


@lru_cache(maxsize=16384)
def roles_of(text: str) -> tuple[Role, ...]:
    """The roles that a heading may have, best first; empty for a text that is no heading."""
    if not text or len(text) > MAX_HEADING:
        return ()
    headings = vocabulary().headings
    whole = plain(text)
    bare = plain(re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", text))
    words = bare.split()
    for form, score in ((whole, SURE), (bare, SURE - 2), (_joined_initials(words), SURE - 5)):
        if form in headings:
            return tuple(Role(role, score) for role in headings[form])
    if not words or len(words) > MAX_WORDS or bare.isdigit():
        return ()
    if roles := _essential_headings().get(_essential(bare)):
        return tuple(Role(role, SURE - 4) for role in roles)
    return _in_two_languages(text) or _abbreviated(text, words) or _by_some_words(words, bare) or _misspelt(bare)


def _essential(folded: str) -> str:
    """Without the small words: ``nb de lits`` and ``nb lits`` are one heading, ``d n`` and ``dn`` too."""
    return "".join(word for word in folded.split() if word not in SMALL_WORDS)


@lru_cache(maxsize=1)
def _essential_headings() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for heading, roles in vocabulary().headings.items():
        key = _essential(heading)
        if len(key) > 1:
            found.setdefault(key, roles)
    return found


def _in_two_languages(text: str) -> tuple[Role, ...]:
    """``Naam / Nom``: what both halves may mean, or the one of them that is known."""
    parts = [part for part in re.split(r"[/|\n]", text) if fold(part)]
    if len(parts) != 2:
        return ()
    first, second = (roles_of(part.strip()) for part in parts)
    shared = [role for role in first if role.role in {other.role for other in second}]
    best = shared or (first if not second else second if not first else ())
    return tuple(Role(role.role, min(role.score, SURE - 5)) for role in best)


def _by_some_words(words: list[str], bare: str) -> tuple[Role, ...]:
    """The longest phrase of headings among the words."""
    headings = vocabulary().headings
    for size in range(min(len(words), 5), 0, -1):
        for first_word in range(len(words) - size + 1):
            phrase = " ".join(words[first_word : first_word + size])
            if phrase in headings and (len(phrase) > 3 or size == len(words)):
                share = len(phrase) / len(bare)
                return tuple(Role(role, FAIR + round(15 * share)) for role in headings[phrase])
    return ()


def _abbreviated(text: str, words: list[str]) -> tuple[Role, ...]:
    """``situation administrative`` of ``Situation adm.``, ``voornaam`` of ``Voorn.``; nothing when several fit."""
    if "." not in text:
        return ()
    fitting = (
        roles
        for phrase, roles in vocabulary().headings.items()
        if len(parts := phrase.split()) == len(words)
        and all(
            part == word or (len(word) >= 3 and part.startswith(word)) for part, word in zip(parts, words, strict=True)
        )
    )
    meant = {tuple(roles) for roles in fitting}
    return tuple(Role(role, LIKELY) for role in meant.pop()) if len(meant) == 1 else ()


def _misspelt(bare: str) -> tuple[Role, ...]:
    headings = vocabulary().headings
    if len(bare) > 4:
        near = process.extractOne(bare, headings.keys(), scorer=fuzz.ratio, score_cutoff=84)
        if near and abs(len(near[0]) - len(bare)) <= 2:
            return tuple(Role(role, FAIR) for role in headings[near[0]])
    return ()


def _joined_initials(words: list[str]) -> str:
    """``dn`` of ``D.N.``, ``sp`` of ``S. P.``."""
    return "".join(words) if len(words) > 1 and all(len(word) <= 2 for word in words) else ""


def day_of_month(value: Value) -> int | None:
    """1 to 31 of a heading such as ``1``, ``ven 1``, ``L 4``, ``1er``; ``None`` for anything else."""
    if isinstance(value, bool) or value is None or isinstance(value, date | datetime):
        return None
    if isinstance(value, int | float):
        return int(value) if value == int(value) and 1 <= value <= 31 else None
    text = fold(str(value))
    match = DAY_NUMBER.fullmatch(text)
    if not match or not 1 <= int(match[1]) <= 31:
        return None
    words = [word for word in re.findall(r"[a-z]+", text) if word not in ("er", "e", "st", "nd", "rd", "th")]
    known = vocabulary().weekdays | vocabulary().weekday_letters | vocabulary().words["night"]
    return int(match[1]) if all(word in known for word in words) else None


def whole_date(value: Value, today: date) -> date | None:
    """The date of a heading such as ``2024-03-04``, ``lun 11/03``; without a year, the year is not to be trusted."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str) and any(letter.isdigit() for letter in value) and len(value) <= 24 and "-h" not in value:
        if read_hours(value):
            return None
        return read_date(value, DateContext(today)).day
    if isinstance(value, int | float) and not isinstance(value, bool) and 40000 <= value <= 55000:
        return read_date(value, DateContext(today)).day
    return None


def has_year(value: Value) -> bool:
    return not isinstance(value, str) or (
        re.search(r"(?<!\d)20\d\d(?!\d)|[./-]\d\d$", value.strip()) is not None
        and value.count("/") + value.count(".") + value.count("-") >= 2
    )


def bed_heading(value: Value) -> str:
    """``A`` of ``Lit A``, ``Bed 1``; empty when the heading names no single bed."""
    if not isinstance(value, str) or len(value) > 14:
        return ""
    word = vocabulary().begins("bed", value)
    if not word or len(word) < 2:
        return ""
    place = read_place(value, bare_is_bed=True)
    is_label = re.fullmatch(r"[A-Z]|\d{1,2}", place.bed) is not None
    return place.bed if is_label and not place.room and fold(value) != word else ""


def hours_heading(value: Value) -> tuple[str, str] | None:
    """(start, end) of a heading such as ``7h-15h`` or ``Nuit (22h-7h)``."""
    if not isinstance(value, str) or not any(letter.isdigit() for letter in value):
        return None
    inside = re.search(r"\(([^)]*)\)", value)
    for text in (inside[1] if inside else value, value, re.sub(r"^[^\d]*", "", value)):
        if found := read_hours(text):
            return found
    return None


def is_weekday(text: str) -> bool:
    """``V``, ``lun``, ``Sat``: the name of a day, above or below its number."""
    return fold(text) in vocabulary().weekdays or fold(text) in vocabulary().weekday_letters


def names_weekdays(texts: list[str]) -> bool:
    """Whether the names of days among ``texts`` follow each other as in a week. Codes of shifts use the same letters."""
    names = [fold(text) for text in texts if is_weekday(text)]
    if len(names) < 5:
        return False
    letters = "".join(name[0] for name in names)
    in_order = any(letters in week * (len(letters) // 7 + 2) for week in vocabulary().weeks)
    return in_order or all(len(name) > 1 for name in names)
