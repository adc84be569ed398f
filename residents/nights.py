"""The calendar of nights, as ``sites.nights`` keeps it: capacity is asked for the same nights as stays."""

from datetime import date

from sites.nights import MORNING_HOUR, night_of, tonight

__all__ = ["FIRST_DAY", "LAST_DAY", "MORNING_HOUR", "as_day", "night_of", "tonight"]

# Days before and after these are slips; at the ends of the calendar there is no night before or after.
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2099, 12, 31)


def as_day(value: object) -> date | None:
    """A day written as the browser sends it; None for anything else."""
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None
