"""The words of the tables, read from one file a language and joined: a sheet may mix French, Dutch and English.

``text`` below is always what a cell shows; comparing is done on its folded form.
"""

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from residents.names import fold

LANGUAGES = ("fr", "nl", "en")


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """``text`` folded; a text of signs only (``?``, ``!!!``, ``/``) stays as it is."""
    return fold(text) or "".join(text.casefold().split())


class Vocabulary:
    """All three languages. Maps go from a folded phrase to its meaning."""

    def __init__(self, files: Iterable[dict[str, Any]]) -> None:
        files = list(files)
        self.headings: dict[str, list[str]] = {}
        self.kinds: dict[str, str] = {}
        self.words: dict[str, frozenset[str]] = {}
        self.months: dict[str, int] = {}
        self.numbers: dict[str, int] = {}
        self.procedures: dict[str, list[str]] = {}
        for file in files:
            for role, phrases in file["headings"].items():
                for phrase in phrases:
                    roles = self.headings.setdefault(plain(phrase), [])
                    if role not in roles:
                        roles.append(role)
            for entry in file["procedures"]:
                self.procedures.setdefault(entry["code"], []).extend(map(plain, entry["words"]))
        for category in files[0]["words"]:
            self.words[category] = frozenset(plain(p) for file in files for p in file["words"].get(category, ()))
        self.first_words = {
            category: frozenset(phrase.partition(" ")[0] for phrase in phrases)
            for category, phrases in self.words.items()
        }
        self.kinds = _meanings(files, "kinds")
        self.months = {word: int(month) for word, month in _meanings(files, "months").items()}
        self.numbers = {word: int(number) for word, number in _meanings(files, "numbers").items()}
        self.genders = _meanings(files, "genders")
        self.priorities = _meanings(files, "priorities")
        self.severities = _meanings(files, "severities")
        self.attended = _meanings(files, "attended")
        self.languages = _meanings(files, "languages")
        self.nationalities = _meanings(files, "nationalities")
        self.ambiguous_nationalities = _meanings(files, "ambiguous_nationalities")
        self.marks = _meanings(files, "marks")
        self.colours = _meanings(files, "colours")
        self.titles = frozenset(plain(word) for file in files for word in file["titles"]["words"])
        self.weekdays = frozenset(plain(word) for file in files for word in file["weekdays"]["names"])
        self.weeks = tuple("".join(file["weekdays"]["letters"]) for file in files)  # first letters, Monday first
        self.weekday_letters = frozenset(letter for file in files for letter in file["weekdays"]["letters"])

    def means(self, category: str, text: str) -> bool:
        """Whether the whole text is one of the category's phrases."""
        return plain(text) in self.words[category]

    def begins(self, category: str, text: str) -> str:
        """The category's longest phrase that the text begins with, as whole words; empty when none."""
        folded = plain(text)
        if folded.partition(" ")[0] not in self.first_words[category]:
            return ""
        return _longest(self.words[category], folded, start=True)

    def mentions(self, category: str, text: str) -> str:
        """The category's longest phrase that occurs in the text, as whole words; empty when none."""
        return _longest(self.words[category], plain(text), start=False)


def _meanings(files: list[dict[str, Any]], section: str) -> dict[str, str]:
    """Phrase -> meaning; where two languages disagree, the first in ``LANGUAGES`` wins."""
    found: dict[str, str] = {}
    for file in files:
        for meaning, phrases in file[section].items():
            for phrase in phrases:
                found.setdefault(plain(phrase), meaning)
    return found


def _longest(phrases: frozenset[str], text: str, *, start: bool) -> str:
    words = text.split()
    longest = min(len(words), 6)
    for size in range(longest, 0, -1):
        last = 1 if start else len(words) - size + 1
        for first in range(last):
            phrase = " ".join(words[first : first + size])
            if phrase in phrases:
                return phrase
    return ""


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The project's words, loaded once."""
    folder = Path(__file__).parent
    return Vocabulary(tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")) for name in LANGUAGES)
