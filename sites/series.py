"""Names written as a series, as one says them: ``101-118`` for rooms, ``A-D`` for beds."""

import re

LONGEST = 300
PARTS = re.compile(r"\s*[,;\n]\s*")
RANGE = re.compile(r"(?P<first>\S+?)\s*(?:-|–|—|\.\.|…)\s*(?P<last>\S+)")
NUMBERED = re.compile(r"(?P<stem>.*?)(?P<number>\d+)")


class SeriesTooLong(ValueError):
    """More than ``LONGEST`` names."""


def expand(text: str) -> list[str]:
    """The names that ``text`` lists, in order and each once: ``K1-K3, Nord`` gives K1, K2, K3, Nord.

    A part between commas is a series if both ends are single letters, or the same word with a number behind that does not
    fall; the first number's zeros are kept. Anything else is a name as it stands, dashes and all.
    """
    names: dict[str, None] = {}
    for part in PARTS.split(text.strip()):
        if part:
            names |= dict.fromkeys(_series(part))
        if len(names) > LONGEST:
            raise SeriesTooLong
    return list(names)


def _series(part: str) -> list[str]:
    ends = RANGE.fullmatch(part)
    if ends is None:
        return [part]
    first, last = ends["first"], ends["last"]
    if len(first) == len(last) == 1 and first.isalpha() and last.isalpha() and first <= last:
        return [chr(code) for code in range(ord(first), ord(last) + 1)]
    start, end = NUMBERED.fullmatch(first), NUMBERED.fullmatch(last)
    if start is None or end is None or end["stem"] not in {start["stem"], ""}:
        return [part]
    low, high, width = int(start["number"]), int(end["number"]), len(start["number"])
    if low > high:
        return [part]
    if high - low >= LONGEST:
        raise SeriesTooLong
    return [f"{start['stem']}{number:0{width}}" for number in range(low, high + 1)]
