"""How floors and rooms are named and put in order."""

import re

from django.utils.translation import gettext as _


def floor_name(floor: str) -> str:
    """``Room.floor`` in words: "0" is the ground floor, what is no number speaks for itself."""
    if not floor:
        return _("Floor unknown")
    if not re.fullmatch(r"-?\d+", floor):
        return floor
    number = int(floor)
    if number == 0:
        return _("Ground floor")
    if number == 1:
        return _("First floor")
    return _("Floor %(number)s") % {"number": number}


def floor_order(floor: str) -> tuple[int, int, str]:
    """Sort key: cellar, ground floor, upwards, then floors that are words, unknown ones last."""
    if re.fullmatch(r"-?\d+", floor):
        return 0, int(floor), ""
    return (1, 0, floor) if floor else (2, 0, "")


def natural_order(name: str) -> list[tuple[bool, int, str]]:
    """Sort key that puts room 9 before room 10."""
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in re.findall(r"\d+|\D+", name)]
