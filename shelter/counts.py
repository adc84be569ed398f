"""Counts of people by what they are, shown so that nobody can be picked out of one (A11)."""

from collections.abc import Mapping
from typing import TypeVar

FEW = 5
BELOW, WITHHELD = f"< {FEW}", "–"

K = TypeVar("K")


def discreet(parts: Mapping[K, int]) -> dict[K, int | str] | None:
    """What may be shown of the parts of a total that is shown as well. None: nothing, for there are too few people.

    One to four people read "< 5". Where the total would tell how many these are, because there is one such part, or all
    such parts must be ones or fours, they are withheld together with the largest: which of them is the small one is then
    not to be told either. Several that are equally large are withheld all, for a choice among them would tell.
    """
    small = [part for part, number in parts.items() if 0 < number < FEW]
    if not small:
        return dict(parts)
    if sum(parts.values()) < FEW * len(parts):
        return None
    people = sum(parts[part] for part in small)
    if len(small) > 1 and len(small) < people < (FEW - 1) * len(small):
        return {**parts, **dict.fromkeys(small, BELOW)}
    largest = max(parts.values())
    return {part: WITHHELD if part in small or number == largest else number for part, number in parts.items()}
