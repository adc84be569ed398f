"""Whether two descriptions are of one person. Pure: the database finds candidates, this judges them, people decide.

Precision first: a false merge harms more than a question. ``sure`` needs a number or a whole birth date beside the name;
the name alone never is (field guide §4).
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from residents.names import similarity

SURE_NAME, LIKE_NAME = 92, 84


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one person. ``precision`` as in ``Person.BirthPrecision``."""

    name: str
    birth_date: date | None = None
    precision: str = "unknown"
    nationalities: Collection[str] = ()
    phone: str = ""
    gender: str = "INC"


@dataclass(slots=True)
class Verdict:
    """``score`` 0 to 100; ``reasons`` are codes, those against begin with ``other_``."""

    score: int = 0
    reasons: list[str] = field(default_factory=list)
    is_sure: bool = False

    @property
    def is_likely(self) -> bool:
        return self.score >= 70


def judge(one: Facts, other: Facts) -> Verdict:
    """How much speaks for the two being one person."""
    named = similarity(one.name, other.name)
    if named < LIKE_NAME:
        return Verdict()
    verdict = Verdict(round(named * 0.7), ["name" if named >= SURE_NAME else "name_like"])
    born = _birth(one, other)
    same_phone = bool(one.phone) and one.phone == other.phone
    same_country = bool(set(one.nationalities) & set(other.nationalities))
    for reason, holds, worth in (
        ("birth_date", born == "day", 30),
        ("birth_year", born == "year", 18),
        ("phone", same_phone, 25),
        ("nationality", same_country, 8),
        ("other_birth_date", born == "other", -60),
        ("other_nationality", _differ(one.nationalities, other.nationalities), -12),
        ("other_gender", {one.gender, other.gender} == {"F", "H"}, -25),
    ):
        if holds:
            verdict.score += worth
            verdict.reasons.append(reason)
    against = any(reason.startswith("other_") for reason in verdict.reasons)
    verdict.is_sure = named >= SURE_NAME and not against and (born == "day" or (same_phone and born != "unknown"))
    if named >= 97 and not one.birth_date and not other.birth_date and not same_phone and not against:
        verdict.score = max(verdict.score, 70)  # nothing but the name is known: ask
    verdict.score = max(0, min(99, verdict.score))
    return verdict


def _birth(one: Facts, other: Facts) -> str:
    """``day``, ``year``, ``other`` when they cannot be one person's, ``unknown``."""
    if one.birth_date is None or other.birth_date is None:
        return "unknown"
    exact = one.precision == other.precision == "day"
    if exact:
        if one.birth_date == other.birth_date:
            return "day"
        swapped = (one.birth_date.month, one.birth_date.day) == (other.birth_date.day, other.birth_date.month)
        return "year" if one.birth_date.year == other.birth_date.year and swapped else "other"
    # A year alone is often a placeholder or an age: one year more or less may be the same.
    return "year" if abs(one.birth_date.year - other.birth_date.year) <= 1 else "other"


def _differ(one: Collection[str], other: Collection[str]) -> bool:
    return bool(one) and bool(other) and not set(one) & set(other)
