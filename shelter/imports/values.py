"""Understood values in the house's own terms: what reading calls ``f`` is ``Person.Gender.WOMAN`` here."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from residents.models import IntakeRequest, Person
from residents.names import fold

GENDERS = {"f": Person.Gender.WOMAN, "m": Person.Gender.MAN, "x": Person.Gender.OTHER}
PRECISIONS = {
    "day": Person.BirthPrecision.DAY,
    "month": Person.BirthPrecision.MONTH,
    "year": Person.BirthPrecision.YEAR,
}


def to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def day(value: object) -> date | None:
    """An ISO date, or nothing."""
    return date.fromisoformat(str(value)) if value else None


def person_facts(records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What all the records of one person say of them, as fields of ``Person``; the fullest statement wins."""
    named = max(records, key=lambda fields: (bool(fields.get("first_name")), len(_full_name(fields))), default={})
    dated = max(records, key=_birth_rank, default={})
    precision = PRECISIONS.get(str(dated.get("birth_date_precision")), Person.BirthPrecision.UNKNOWN)
    birth = day(dated.get("birth_date"))
    if birth and precision == Person.BirthPrecision.UNKNOWN:
        precision = Person.BirthPrecision.DAY
    languages = dict.fromkeys(code for fields in records for code in _texts(fields.get("languages")))
    return {
        "last_name": str(named.get("last_name") or "")[:120],
        "first_name": str(named.get("first_name") or "")[:120],
        "birth_date": birth,
        "birth_precision": precision if birth else Person.BirthPrecision.UNKNOWN,
        "gender": GENDERS.get(_first(records, "gender"), Person.Gender.UNKNOWN),
        "nationality": _first(records, "nationality")[:3],
        "languages": [code for code in languages if len(code) <= 3],
        "phone": _first(records, "phone")[:20],
    }


def _full_name(fields: Mapping[str, Any]) -> str:
    return f"{fields.get('first_name') or ''} {fields.get('last_name') or ''}".strip()


def _birth_rank(fields: Mapping[str, Any]) -> int:
    if not fields.get("birth_date"):
        return 0
    return {"day": 3, "month": 2, "year": 1}.get(str(fields.get("birth_date_precision")), 1)


def _first(records: Sequence[Mapping[str, Any]], field: str) -> str:
    return next((str(fields[field]) for fields in records if fields.get(field) not in (None, "", "unknown")), "")


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)] if value else []


# What an outcome on a waiting list says. Beginnings of folded words, French, Dutch, English.
OUTCOMES = (
    (
        ("place", "admi", "accueil", "heberge", "entre", "geplaatst", "opgenomen", "housed", "admitted", "arrive"),
        "admitted",
    ),
    (("refus", "geweiger", "weiger", "declined", "rejected", "hors public"), "refused"),
    (("annul", "desist", "renonc", "plus de nouvelle", "injoignable", "geannuleerd", "withdr", "cancel"), "withdrawn"),
)


def outcome_state(text: object) -> str:
    """The state of a request from the words of its outcome; anything unclear still waits."""
    folded = fold(str(text or ""))
    for words, state in OUTCOMES:
        if any(folded.startswith(word) or f" {word}" in folded for word in words):
            return state
    return IntakeRequest.State.WAITING
