"""Says what kind of table it is: a resident list, a bed plan, a rota ..."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import get_args

from residents.names import fold

from .fits import Sample, fit
from .headings import Role
from .types import Kind
from .vocabulary import vocabulary

# What speaks for a kind: points for each role that its table shows.
WEIGHTS: dict[str, dict[str, float]] = {
    "resident": {
        "birth_date": 2, "nationality": 2, "gender": 1, "languages": 1, "phone": 1, "sp_number": 2, "room": 1.5, "bed": 1.5,
        "room_bed": 1.5, "arrival": 3, "departure": 3, "procedure": 2, "status": 1, "site": 1, "name": 1, "last_name": 1,
        "first_name": 1, "floor": 1, "note": 0.5,
    },
    "bed": {"room": 3, "bed": 3.5, "room_bed": 4, "name": 1.5, "last_name": 1, "floor": 1, "arrival": 1, "status": 1},
    "room": {"room": 3, "capacity": 5, "floor": 1},
    "presence": {
        "name": 1, "last_name": 1, "first_name": 0.5, "room": 1, "bed": 1, "room_bed": 1, "arrival": 1, "departure": 1,
    },
    "waiting": {
        "request_date": 6, "priority": 5, "outcome": 3, "phone": 1.5, "birth_date": 1, "nationality": 1, "languages": 1,
        "gender": 1, "date": 2, "name": 1, "last_name": 1, "first_name": 1, "note": 0.5,
    },
    "interview": {
        "motive": 4, "needs": 4.5, "orientation": 4, "author": 2, "date": 2, "name": 1, "last_name": 1, "first_name": 0.5,
        "nationality": 0.5, "subject": 1, "note": 0.5,
    },
    "appointment": {
        "time": 3.5, "subject": 3, "attended": 5, "place": 2, "date": 2, "author": 1, "name": 1, "last_name": 1,
        "first_name": 0.5, "start": 1,
    },
    "legal": {
        "lawyer": 6, "annex26_date": 4, "deadline": 4, "dublin_state": 5, "decision_date": 3, "decision": 4, "sp_number": 2,
        "procedure": 2, "name": 1, "last_name": 1, "first_name": 0.5, "date": 1,
    },
    "shift": {"start": 3.5, "end": 3.5, "person": 4, "date": 1, "author": 1},
    "incident": {"text": 6, "severity": 5, "time": 2, "place": 1.5, "date": 1.5, "author": 1.5, "note": 0.5},
}  # fmt: skip
NAMES = ("name", "last_name", "first_name", "person")
NEEDS_NAME = ("resident", "waiting", "interview", "appointment", "legal", "presence")
IN_HOUSE = {"room", "bed", "room_bed"}
NOT_IN_BED_PLANS = ("birth_date", "gender", "languages", "sp_number", "phone", "departure")
NOT_IN_ROTAS = ("birth_date", "nationality", "room", "subject", "attended", "text")
LEAST_POINTS = 3.0
TITLE_POINTS, TAB_POINTS, FILE_POINTS = 2.0, 2.5, 0.7
GRID_POINTS, VACANCY_POINTS = 12, 3


@dataclass(slots=True)
class Shape:
    """What a table shows beside its headings: columns of days, beds or hours, empty beds, the marks under days."""

    days: bool = False
    beds: bool = False
    hours: bool = False
    vacancies: bool = False  # "libre", "HS" where others have a name
    marks: set[str] = field(default_factory=set)


def find_kind(
    candidates: dict[int, list[Role]], samples: dict[int, Sample], names: list[str], shape: Shape
) -> tuple[Kind | None, int]:
    """The kind whose roles the table shows best, with a confidence; ``None`` when nothing fits.

    ``names``: the table's titles, then its tab, then its file, whose words help.
    """
    shown = _shown_roles(candidates, samples)
    scores = {kind: sum(w * shown.get(role, 0) for role, w in weights.items()) for kind, weights in WEIGHTS.items()}
    _weigh_absences(scores, shown)
    _weigh_shape(scores, shown, shape)
    for text, points in zip(reversed(names), (FILE_POINTS, TAB_POINTS, *[TITLE_POINTS] * len(names)), strict=False):
        for kind in _named_kinds(text):
            scores[kind] += points * (scores[kind] > 0)
    second, best = sorted(scores, key=lambda kind: scores[kind])[-2:]
    if scores[best] < LEAST_POINTS:
        return None, 0
    margin = (scores[best] - scores[second]) / scores[best]
    return next(kind for kind in get_args(Kind) if kind == best), min(100, round(60 + 40 * margin))


def _shown_roles(candidates: dict[int, list[Role]], samples: dict[int, Sample]) -> dict[str, float]:
    """How clearly each role shows, 0 to 1: by the words of its heading, and by what the column holds."""
    shown: dict[str, float] = defaultdict(float)
    for column, roles in candidates.items():
        for role in roles:
            content = 0.6 + 0.4 * fit(role.role, samples[column]) if samples[column] else 1
            shown[role.role] = max(shown[role.role], role.score / 100 * content)
    return shown


def _weigh_absences(scores: dict[str, float], shown: dict[str, float]) -> None:
    """What speaks against a kind: a list of people without names, a bed plan with phones, a rota with birth dates."""
    if not any(role in shown for role in NAMES):
        for kind in NEEDS_NAME:
            scores[kind] -= 8
    else:
        scores["room"] -= 6
        scores["incident"] -= 3 * any(role in shown for role in NAMES[:3])
    scores["bed"] -= 2 * sum(shown.get(role, 0) for role in NOT_IN_BED_PLANS)
    scores["shift"] -= 3 * sum(shown.get(role, 0) for role in NOT_IN_ROTAS)


def _weigh_shape(scores: dict[str, float], shown: dict[str, float], shape: Shape) -> None:
    in_house = bool(IN_HOUSE & set(shown))
    if shape.days:
        presence = sum(mark in vocabulary().marks for mark in shape.marks) >= 0.5 * len(shape.marks)
        scores["presence"] += GRID_POINTS + 2 + 4 * presence + 4 * in_house
        scores["shift"] += GRID_POINTS + 2 + 4 * (not presence) - 6 * in_house
    scores["bed"] += GRID_POINTS * shape.beds + VACANCY_POINTS * shape.vacancies
    scores["shift"] += GRID_POINTS * shape.hours


def _named_kinds(text: str) -> set[str]:
    words = fold(text).split()
    phrases = (" ".join(words[i : i + size]) for size in (3, 2, 1) for i in range(len(words) - size + 1))
    return {kind for phrase in phrases if (kind := vocabulary().kinds.get(phrase))}
