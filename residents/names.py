"""Names as offices spell them: folding, sound keys and likeness. Pure: used by search, by the import and by matching.

``Mohamed``, ``Muhammad`` and ``Maxamed`` are one name written by three offices; ``Al Masri`` and ``ALMASRI`` too.
A sound key finds candidates, ``similarity`` judges them, a person decides. ``name_families.toml`` has the spellings.
"""

import re
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from rapidfuzz.distance import Indel, JaroWinkler

# Marks of direction and joining that copy and paste leaves inside names.
INVISIBLE = dict.fromkeys(
    [0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0xFEFF, 0xAD, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
LATIN = str.maketrans(
    {"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i", "ə": "e"}
)
APOSTROPHE = re.compile("(?<=[a-z])['\u2019`](?=[a-z])")
ARTICLES = frozenset({"al", "el", "ul", "ad", "as", "ar", "an", "az", "ash", "at"})
LEADS = frozenset(
    ["abd", "abdel", "abdul", "abdoul", "abu", "abou", "aboo", "ait", "ben", "bin", "ibn", "ould", "oum", "um"]
)
TAILS = frozenset(
    ["ullah", "ollah", "oullah", "allah", "uddin", "eddine", "eddin", "udin", "zada", "zadeh", "zai", "zay"]
)
# Spellings of one sound, applied in this order.
SOUNDS_LIKE = (
    *(
        (r"^x", ""),
        (r"^ou(?=[aei])", "w"),
        (r"tch|sch|ch|sh", "s"),
        (r"kh|ck|q|x", "k"),
        (r"gh", "g"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"dh", "d"),
    ),
    *((r"zh|dj|dz", "j"), (r"c(?=[eiy])", "s"), (r"c", "k"), (r"[pv]", "b"), (r"z", "s"), (r"^y", "j")),
)
SILENT = re.compile(r"[aeiouyhw]")
DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """``text`` in plain ASCII, lower case, words parted by one space: what comparing and searching see.

    Cyrillic, Arabic and Ethiopic letters are spelt in Latin ones, roughly; other scripts are left out.
    """
    lowered = unicodedata.normalize("NFKD", text.translate(INVISIBLE)).casefold().translate(LATIN)
    if not lowered.isascii():
        lowered = unicodedata.normalize("NFC", "".join(c for c in lowered if unicodedata.category(c) != "Mn"))
        lowered = "".join(c if c.isascii() else _ethiopic(c) for c in lowered.translate(_spellings().scripts))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", APOSTROPHE.sub("", lowered)).split())


def _ethiopic(letter: str) -> str:
    """``ETHIOPIC SYLLABLE SA`` sounds as its name ends. Anything else is a gap."""
    name = unicodedata.name(letter, "")
    return name.rsplit(" ", 1)[-1].lower() if name.startswith("ETHIOPIC SYLLABLE") else " "


def words(*names: str) -> list[str]:
    """The parts of a name, with particles glued: ``Abd Al-Rahman EL MASRI`` gives ``abdalrahman``, ``masri``."""
    parts = fold(" ".join(name for name in names if name)).split()
    glued: list[str] = []
    lead = ""
    for part in parts:
        if part in TAILS and glued and not lead:
            glued[-1] += part
        elif (part in LEADS or part in ARTICLES) and part != parts[-1]:
            lead += part
        else:
            glued.append(_without_article(lead + part))
            lead = ""
    return glued + ([lead] if lead else [])


def _without_article(word: str) -> str:
    """``almasri``, ``elmasri`` -> ``masri``; names that merely begin so (``Alemu``, ``Alpha``) are left alone."""
    bare = re.sub(r"^[ae]l(?=[^aeiouy]\w{3})", "", word)
    return bare if bare == word or not bare.startswith(("ph", "f", "b")) else word


class Spellings(NamedTuple):
    """What ``name_families.toml`` says."""

    forms: dict[str, str]  # spelling -> its family's first form
    distinct: frozenset[frozenset[str]]  # pairs of first forms that are never one name
    scripts: dict[int, str]  # letters of other scripts -> Latin


@lru_cache(maxsize=1)
def _spellings() -> Spellings:
    data = tomllib.loads(Path(__file__).with_name("name_families.toml").read_text(encoding="utf-8"))
    return Spellings(
        {spelling: family[0] for family in data["families"] for spelling in family},
        frozenset(frozenset(pair) for pair in data["distinct"]),
        str.maketrans({**data["cyrillic"], **data["arabic"]}),
    )


@lru_cache(maxsize=65536)
def canonical(word: str) -> str:
    """The family's common form of a folded word; the word itself when it belongs to none."""
    return _spellings().forms.get(word, word)


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """The sound key of one folded word: its first letter and its consonants, with spellings of one sound made one."""
    key = canonical(word)
    key = re.sub(r"^abd(?:[aeiou]{1,2}[lr]?(?=[^aeiou]))?", "abd", key)
    for pattern, letter in SOUNDS_LIKE:
        key = re.sub(pattern, letter, key)
    first = "a" if key[:1] in "aeiou" else key[:1]
    return DOUBLED.sub(r"\1", first + SILENT.sub("", key[1:])).upper() if key else ""


def sounds(*names: str) -> list[str]:
    """The sound keys of a name, one a word, sorted, each once: the order of the words does not count."""
    return sorted({key for word in words(*names) if (key := sound(word))})


def near_sounds(*names: str) -> list[str]:
    """``sounds``, and each with one letter left out: two spellings one slip apart share at least one of these."""
    keys = sounds(*names)
    return sorted({*keys, *(key[:i] + key[i + 1 :] for key in keys if len(key) > 3 for i in range(1, len(key)))})


@lru_cache(maxsize=262144)
def likeness(a: str, b: str) -> int:
    """How much two folded words are one name, 0 to 100: 97 in one family, at most 55 when known to be distinct."""
    if a == b:
        return 100
    forms, distinct, _ = _spellings()
    first, second = canonical(a), canonical(b)
    if first == second:
        return 97
    if frozenset((first, second)) in distinct:
        return 55
    letters = round(100 * max(Indel.normalized_similarity(a, b), Indel.normalized_similarity(first, second)))
    if sound(a) == sound(b):
        return max(letters, 92 if len(sound(a)) > 2 else 84)
    if a in forms and b in forms:  # two known names: a near miss is another person, not a slip
        return min(letters, 70)
    return max(letters, round(94 * JaroWinkler.similarity(a, b)) if len(a) > 4 and len(b) > 4 else 0)


def similarity(a: str, b: str) -> int:
    """How much two whole names are one person's, 0 to 100, in any order of their words.

    The words of the shorter name look for their best partners in the longer; a word left over costs little, for papers
    drop fathers' names and second names.
    """
    short, long = sorted((words(a), words(b)), key=lambda parts: (len(parts), parts))
    if not short:
        return 0
    scores = sorted(((likeness(x, y), -i, -j) for i, x in enumerate(short) for j, y in enumerate(long)), reverse=True)
    used_short: set[int] = set()
    used_long: set[int] = set()
    total = 0
    weight = 0
    for score, i, j in scores:
        if -i not in used_short and -j not in used_long:
            used_short.add(-i)
            used_long.add(-j)
            size = max(2, len(short[-i]))
            total += score * size
            weight += size
    return max(0, round(total / weight) - 6 * (len(long) - len(short)))
