"""The pools of words, read once from the .toml files beside this module."""

import tomllib
from functools import cache
from pathlib import Path
from random import Random

LANGUAGES = ("fr", "nl", "en")


@cache
def read(name: str) -> dict:
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


def wording(key: str, language: str) -> list[str]:
    """All the ways to write ``key`` in one language."""
    return read("wording")[key][language]


def headings(key: str, language: str) -> list[str]:
    return read("headings")[key][language]


def pick(rng: Random, key: str, language: str, **values: str) -> str:
    """One way to write ``key``, its blanks filled in."""
    return rng.choice(wording(key, language)).format(**values)


def chance(rng: Random, probability: float) -> bool:
    return rng.random() < probability
