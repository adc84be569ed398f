"""The calendar of nights, as ``sites.nights`` keeps it: capacity is asked for the same nights as stays."""

from datetime import date

from sites.nights import FIRST_DAY, LAST_DAY, MORNING_HOUR, night_of, tonight

__all__ = ["FIRST_DAY", "LAST_DAY", "MORNING_HOUR", "as_day", "night_of", "tonight"]


def as_day(value: object) -> date | None:
    """A day written as the browser sends it; None for anything else."""
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None
