"""Floors, rooms and beds: ``Ch. 12 lit B``, ``12B``, ``R+2 / 12 / B``, ``Module 3``, ``1er étage``."""

import re
from functools import lru_cache
from typing import NamedTuple

from residents.names import fold
from shelter.imports.reading.types import Value
from shelter.imports.reading.vocabulary import vocabulary

from .dates import lowered


class Place(NamedTuple):
    """Parts of a place that were stated, as text without words; empty where not."""

    floor: str = ""
    room: str = ""
    bed: str = ""
    capacity: int | None = None


R_PLUS = re.compile(r"\br\s*\+\s*(\d{1,2})\b", re.IGNORECASE)
ROOM_AND_BED = re.compile(r"([a-z]{0,2}\d{1,4})\s*[-/. ]?\s*([a-h])", re.IGNORECASE)
ROOM_THEN_BED = re.compile(r"([a-z]{0,2}\d{1,4}[a-z]?)\s*[-/.]\s*(\d{1,2}|[a-z])", re.IGNORECASE)
IDENTIFIER = re.compile(r"(?:[a-z]{1,2}[-. ]?)?\d{1,4}[a-z]?|[a-z]", re.IGNORECASE)


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Patterns for room words, bed words, floors before and after the number, and persons."""
    words = vocabulary().words

    def either(category: str, least: int = 1) -> str:
        return "|".join(
            sorted((re.escape(word) for word in words[category] if len(word) >= least), key=len, reverse=True)
        )

    number = r"\s*(?:n°|nr|no|n)?[\s.:#°]*"
    return (
        re.compile(rf"\b(?:{either('room')})\b\.?{number}([a-z]{{0,2}}\d{{1,4}}[a-z]?|[a-z])\b"),
        re.compile(rf"\b(?:{either('bed')})\b\.?{number}([a-z]|\d{{1,2}})\b"),
        re.compile(rf"\b(?:{either('floor', 2)})\b\.?\s*:?\s*(-?\d{{1,2}})\b"),
        re.compile(rf"(-?\d{{1,2}})\s*(?:e|er|ere|eme|ème|de|ste|st|nd|rd|th|o)?\s*\.?\s*(?:{either('floor', 2)})\b"),
        re.compile(rf"[(\[]?\s*(\d{{1,2}})\s*(?:{either('persons')})\b\.?\s*[)\]]?"),
    )


@lru_cache(maxsize=16384)
def read_floor(text: str, *, bare: bool = True) -> str:
    """The floor's number as text, ``0`` for the ground floor. ``bare``: a number alone counts (the column says so)."""
    low = _low(text)
    words = vocabulary()
    if words.mentions("ground_floor", text):
        return "0"
    if words.mentions("basement", text):
        return "-1"
    if match := R_PLUS.search(low):
        return match[1]
    _, _, before, after, _ = _patterns()
    if match := after.search(low) or before.search(low):
        return match[1]
    for word in fold(text).split():
        if word in words.numbers and (bare or words.mentions("floor", text)):
            return str(words.numbers[word])
    if bare and (match := re.fullmatch(r"(-?\d{1,2})\s*(?:e|er|eme|de|ste|st|nd|rd|th)?\.?", fold(text) or low)):
        return match[1] if not low.startswith("-") else f"-{match[1].lstrip('-')}"
    return ""


@lru_cache(maxsize=16384)
def read_place(text: str, *, bare_is_bed: bool = False) -> Place:
    """All parts of a place in one text. ``bare_is_bed``: a lone letter or number is a bed, for there is a room column."""
    low = _low(text)
    room_words, bed_words, _, _, persons = _patterns()
    capacity: int | None = None
    if match := persons.search(low):
        capacity = int(match[1])
        low = (low[: match.start()] + " " + low[match.end() :]).strip()
    floor = ""
    if match := R_PLUS.search(low):
        floor = match[1]
        low = (low[: match.start()] + " " + low[match.end() :]).strip(" /-,;")
    elif not re.fullmatch(r"[\s\d]*", low) and (found := read_floor(low, bare=False)):
        floor = found
        low = _without_floor(low)
    bed = room = ""
    if match := bed_words.search(low):
        bed = match[1]
        low = (low[: match.start()] + " " + low[match.end() :]).strip(" /-,;")
    if match := room_words.search(low):
        room = match[1]
        low = (low[: match.start()] + " " + low[match.end() :]).strip(" /-,;")
    low = low.strip(" .,;/-")
    if low and not (room and bed):
        room, bed = _bare(low, room, bed, bare_is_bed=bare_is_bed)
    elif room and not bed and (match := ROOM_AND_BED.fullmatch(room)):
        room, bed = match[1], match[2]
    if room and not bed and not bare_is_bed and (match := ROOM_AND_BED.fullmatch(room)) and match[1][-1:].isdigit():
        room, bed = match[1], match[2]
    return Place(floor, _tidy(room), _tidy(bed), capacity)


def _bare(low: str, room: str, bed: str, *, bare_is_bed: bool) -> tuple[str, str]:
    """What is left without words: ``12b``, ``105-b``, ``12 / b``, ``b``, ``d1``."""
    if room:
        return room, low if IDENTIFIER.fullmatch(low) else bed
    if bed:
        return (low if IDENTIFIER.fullmatch(low) else room), bed
    if match := ROOM_AND_BED.fullmatch(low) or ROOM_THEN_BED.fullmatch(low):
        return match[1], match[2]
    if parts := re.fullmatch(r"(\S+)\s*[/,;]\s*(\S+)", low):
        return parts[1], parts[2]
    if IDENTIFIER.fullmatch(low):
        return ("", low) if bare_is_bed else (low, "")
    return ("", low) if bare_is_bed and len(low) <= 12 else (low if len(low) <= 24 else "", "")


def _without_floor(low: str) -> str:
    _, _, before, after, _ = _patterns()
    low = after.sub(" ", before.sub(" ", low))
    for category in ("ground_floor", "basement", "floor"):
        for word in sorted(vocabulary().words[category], key=len, reverse=True):
            if len(word) > 2:
                low = re.sub(rf"\b{re.escape(word)}\b", " ", low)
    return " ".join(low.split()).strip(" /-,;.")


def _low(text: str) -> str:
    """Lower case without accents; line breaks and repeated spaces made one space."""
    return lowered(" ".join(text.split()))


def _tidy(part: str) -> str:
    return re.sub(r"[\s.]+", "", part).upper()


def place_text(value: Value) -> str:
    """A room number typed as a number shows without decimals."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)
