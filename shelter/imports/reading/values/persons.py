"""Names of people in one cell or two: titles and nicknames taken off, family name told from given names.

A comma or capitals tell the family name. Where neither does, the heading's order counts, then what the other rows of the
column show; else the record is flagged and any order counts.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from residents.names import INVISIBLE, fold
from shelter.imports.reading.vocabulary import plain, vocabulary

PARTICLES = frozenset(
    {
        "al",
        "el",
        "abu",
        "abou",
        "ait",
        "ben",
        "bin",
        "ibn",
        "ould",
        "de",
        "van",
        "der",
        "den",
        "du",
        "da",
        "dos",
        "di",
        "von",
    }
)
IN_BRACKETS = re.compile(r"\s*[(\[]([^)\]]*)[)\]]\s*")
IN_QUOTES = re.compile(r"\s*[\"“”«»]([^\"“”«»]+)[\"“”«»]\s*|(?<=\s)['‘’]([^'‘’]+)['‘’](?=\s|$)")
PLUS = re.compile(r"\s*(?:\+|&)\s*(?:\d|un|une|een|a\b|one|b[eé]b[eé]|bab|enf|kind|child|fils|fille).*$", re.IGNORECASE)
NUMBERING = re.compile(r"^\s*\d{1,3}\s*[.):\-]\s+")
TRAILING = re.compile(r"[\s*?!;,:.]+$")


class Cleaned(NamedTuple):
    """A name without what is not a name; ``aside`` is what was taken off (a nickname, children), ``doubtful`` a ``?``."""

    text: str
    aside: str = ""
    doubtful: bool = False


class Name(NamedTuple):
    """A name in two parts. ``sure`` is False when the order could not be known."""

    last: str
    first: str
    sure: bool = True


@dataclass(slots=True)
class NameOrder:
    """What a table shows about names: which words are family names and given names, and the usual order."""

    lasts: Counter[str] = field(default_factory=Counter)
    firsts: Counter[str] = field(default_factory=Counter)
    last_first: int = 0
    first_last: int = 0
    heading: str = ""  # "last_first", "first_last" or empty

    def learn(self, texts: Iterable[str]) -> None:
        """Count the names whose capitals or comma leave no doubt."""
        for text in texts:
            name = _told_by_form(text)
            if name is None or not name.first:
                continue
            self.lasts.update(fold(name.last).split())
            self.firsts.update(fold(name.first).split())
            if "," not in text:
                if fold(text).startswith(fold(name.last)):
                    self.last_first += 1
                else:
                    self.first_last += 1


@lru_cache(maxsize=65536)
def clean_name(text: str) -> Cleaned:
    """The name in a cell, without title, nickname, number of children and stray signs."""
    text = " ".join(text.translate(INVISIBLE).replace("\u00a0", " ").split())
    aside: list[str] = []

    def take(match: re.Match[str]) -> str:
        aside.append(next((group for group in match.groups() if group), match[0]).strip())
        return " "

    bare = PLUS.sub(take, IN_QUOTES.sub(take, IN_BRACKETS.sub(take, NUMBERING.sub("", text))))
    bare = _without_children(bare, aside)
    bare = _without_alias(bare, aside)
    doubtful = "?" in bare
    bare = TRAILING.sub("", bare.replace("?", " "))
    words = bare.split()
    while len(words) > 1 and plain(words[0].rstrip(".")) in vocabulary().titles:
        if len(words[0].rstrip(".")) == 1 and not words[0].endswith(".") and words[0].islower():
            break
        words = words[1:]
    while len(words) > 2 and plain(words[-1].rstrip(".")) in vocabulary().titles and words[-1].endswith("."):
        words = words[:-1]
    return Cleaned(" ".join(words).strip(" ,-/"), "; ".join(part for part in aside if part), doubtful)


def _without_children(text: str, aside: list[str]) -> str:
    """``Diallo Awa et 2 enfants``: the number of children is no name."""
    words = text.split()
    for position, word in enumerate(words):
        folded = fold(word)
        if position and (folded in vocabulary().words["children"] or re.fullmatch(r"\d+\s*(?:enf|kd|ch)\w*", folded)):
            start = position
            while start > 1 and (
                words[start - 1].isdigit()
                or fold(words[start - 1])
                in {"et", "en", "and", "avec", "met", "with", "un", "une", "son", "sa", "ses", "haar"}
            ):
                start -= 1
            aside.append(" ".join(words[start:]))
            return " ".join(words[:start])
    return text


def _without_alias(text: str, aside: list[str]) -> str:
    """``Camara Ibrahima dit Ibou``: the name in use is set aside."""
    words = text.split()
    for position, word in enumerate(words):
        if position > 0 and position < len(words) - 1 and fold(word) in vocabulary().words["alias"]:
            aside.append(" ".join(words[position:]))
            return " ".join(words[:position])
    return text


def split_name(text: str, order: NameOrder) -> Name:
    """Family name and given names of a cleaned name. A single name counts as family name."""
    told = _told_by_form(text)
    if told is not None:
        return told
    words = text.split()
    if len(words) < 2:
        return Name(text, "")
    return _told_by_company(words, order)


@lru_cache(maxsize=65536)
def _told_by_form(text: str) -> Name | None:
    """The parts of a name whose comma or capitals leave no doubt."""
    if "," in text:
        last, _, first = text.partition(",")
        return Name(last.strip(), first.strip(" ,")) if last.strip() and first.strip() else None
    words = text.split()
    capital = [_is_capital(word) for word in words]
    if len(words) < 2 or all(capital) or not any(capital):
        return None
    first_capital = capital.index(True)
    last_capital = len(capital) - 1 - capital[::-1].index(True)
    while first_capital > 0 and words[first_capital - 1].islower() and fold(words[first_capital - 1]) in PARTICLES:
        first_capital -= 1
    inside = range(first_capital, last_capital + 1)
    lasts = [i for i in inside if capital[i] or i < capital.index(True) or words[i].islower()]
    family = " ".join(words[i] for i in lasts)
    return Name(family, " ".join(word for i, word in enumerate(words) if i not in lasts))


def _is_capital(word: str) -> bool:
    letters = [letter for letter in word if letter.isalpha()]
    return len(letters) > 1 and all(letter.isupper() for letter in letters)


def _told_by_company(words: list[str], order: NameOrder) -> Name:
    """Order by the words that other rows use as family or given names, then by heading, then by the column's habit."""
    last_first = _with_last_first(words)
    first_last = _with_first_last(words)
    score = 0
    for candidate, sign in ((last_first, 1), (first_last, -1)):
        score += sign * (
            _known(candidate.last, order.lasts, order.firsts) + _known(candidate.first, order.firsts, order.lasts)
        )
    if score:
        return last_first if score > 0 else first_last
    if order.heading:
        return last_first if order.heading == "last_first" else first_last
    if order.last_first + order.first_last >= 3 and order.last_first != order.first_last:
        return last_first if order.last_first > order.first_last else first_last
    return last_first._replace(sure=False)


def _known(part: str, here: Counter[str], there: Counter[str]) -> int:
    return sum(
        (word in here and word not in there) - (word in there and word not in here) for word in fold(part).split()
    )


def _with_last_first(words: list[str]) -> Name:
    size = 1
    while size < len(words) - 1 and fold(words[size - 1]) in PARTICLES:
        size += 1
    return Name(" ".join(words[:size]), " ".join(words[size:]))


def _with_first_last(words: list[str]) -> Name:
    start = len(words) - 1
    while start > 1 and fold(words[start - 1]) in PARTICLES:
        start -= 1
    return Name(" ".join(words[start:]), " ".join(words[:start]))


def looks_like_name(text: str) -> bool:
    """Whether a cell could name a person: one to six words of letters, none of them a sentence's."""
    cleaned = clean_name(text).text
    words = cleaned.split()
    if not 1 <= len(words) <= 6 or len(cleaned) > 60 or any(letter.isdigit() for letter in cleaned):
        return False
    letters = sum(letter.isalpha() for letter in cleaned)
    capitals = sum(word[:1].isupper() or not word[:1].isascii() or fold(word) in PARTICLES for word in words)
    return letters >= 2 and letters >= 0.7 * len(cleaned.replace(" ", "")) and capitals >= len(words) / 2
