"""The calendar of nights, as ``sites.nights`` keeps it: capacity is asked for the same nights as stays."""

from sites.nights import MORNING_HOUR, night_of, tonight

__all__ = ["MORNING_HOUR", "night_of", "tonight"]
