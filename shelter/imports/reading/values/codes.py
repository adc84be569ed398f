"""Words that stand for a code: nationality, language, gender, procedure, priority, severity, attended."""

import re
from functools import lru_cache

from rapidfuzz import fuzz, process

from residents.names import fold
from shelter.imports.reading.types import Value
from shelter.imports.reading.vocabulary import plain, vocabulary

from .contacts import says_nothing
from .parsed import NOTHING, Parsed

REGIONAL_A = 0x1F1E6
LEAST_LIKENESS = 78  # a misspelt nationality; below, it is another word
# ISO 3166, as flags and some sheets write it.
ALPHA2_PAIRS = (
    "SY:SYR AF:AFG ER:ERI ET:ETH SO:SOM SD:SDN PS:PSE GN:GIN CM:CMR CD:COD BI:BDI MA:MAR DZ:DZA TN:TUN "
    "IQ:IRQ IR:IRN UA:UKR TR:TUR RW:RWA SN:SEN ML:MLI NG:NGA GH:GHA TG:TGO BJ:BEN CI:CIV EG:EGY LB:LBN "
    "JO:JOR PK:PAK BD:BGD IN:IND GE:GEO AM:ARM AL:ALB XK:XKX RS:SRB MD:MDA RU:RUS BE:BEL FR:FRA IT:ITA "
    "ES:ESP DE:DEU GR:GRC BG:BGR HR:HRV RO:ROU PL:POL AT:AUT NL:NLD PT:PRT LY:LBY YE:YEM SV:SLV CO:COL "
    "VE:VEN DJ:DJI SL:SLE GM:GMB MR:MRT TD:TCD NE:NER BF:BFA AO:AGO CG:COG UG:UGA KE:KEN SS:SSD GW:GNB"
)
ALPHA2 = {pair[:2]: pair[3:] for pair in ALPHA2_PAIRS.split()}


def text_of(value: Value) -> str:
    """What a cell shows, tidied of invisible marks at its ends."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).replace("\u00a0", " ").strip()


def read_nationality(value: Value) -> Parsed:
    """ISO 3166 alpha-3; ``XXA`` for stateless, ``None`` stated when the cell says "unknown"."""
    text = text_of(value)
    if not text:
        return NOTHING
    if says_nothing(text):
        return Parsed(None, stated=True)
    return _nationality(text)


@lru_cache(maxsize=16384)
def _nationality(text: str) -> Parsed:
    flag = [ord(letter) - REGIONAL_A for letter in text if 0 <= ord(letter) - REGIONAL_A < 26]
    if len(flag) == 2 and (code := ALPHA2.get("".join(chr(65 + letter) for letter in flag))):
        return Parsed(code)
    words = vocabulary()
    folded = fold(text)
    if text in ALPHA2 or text in ALPHA2.values():
        return Parsed(ALPHA2.get(text, text))
    for form in (folded, folded.removeprefix("nationalite "), re.sub(r"\b(?:d|de|du|la|le|the|of|rep)\b", "", folded)):
        form = " ".join(form.split())
        if code := words.ambiguous_nationalities.get(form):
            return Parsed(code, flags=("ambiguous_nationality",))
        if code := words.nationalities.get(form) or words.nationalities.get(form.replace(" ", "")):
            return Parsed(code)
    return _nationality_inside(text, folded)


def _nationality_inside(text: str, folded: str) -> Parsed:
    """One of several parts, a known word among others, or a misspelt one."""
    words = vocabulary()
    parts = [part for part in re.split(r"[/,;+(&)?-]|\bet\b|\ben\b|\band\b|\bou\b", text) if fold(part)]
    for part in parts if len(parts) > 1 else ():
        parsed = _nationality(part.strip())
        if parsed.value:
            return parsed
    inside = [code for size in (3, 2, 1) for code in _phrases(folded, size) if code]
    if inside:
        return Parsed(inside[0])
    found = process.extractOne(folded, words.nationalities.keys(), scorer=fuzz.ratio, score_cutoff=LEAST_LIKENESS)
    if found and len(folded) > 4:
        return Parsed(words.nationalities[found[0]])
    return Parsed(flags=("unknown_nationality",), note=text)


def _phrases(folded: str, size: int) -> list[str]:
    words = folded.split()
    phrases = (" ".join(words[i : i + size]) for i in range(len(words) - size + 1))
    return [code for p in phrases if len(p) > 2 and (code := vocabulary().nationalities.get(p))]


def read_languages(value: Value) -> Parsed:
    """A list of ISO 639 codes, in the order of the cell."""
    text = text_of(value)
    if says_nothing(text):
        return NOTHING
    codes, unknown = _languages(text)
    return Parsed(list(codes) or None, note=", ".join(unknown))


@lru_cache(maxsize=16384)
def _languages(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    codes: list[str] = []
    unknown: list[str] = []
    names = vocabulary().languages
    for part in re.split(r"[,/+;&\n|()-]|\bet\b|\ben\b(?=\s)|\band\b|\s{2,}", text):
        folded = fold(part)
        if not folded:
            continue
        code = names.get(folded)
        found = [code] if code else [names[word] for word in folded.split() if word in names and len(word) > 1]
        if not found and len(folded) > 3:
            near = process.extractOne(
                folded, [name for name in names if len(name) > 3], scorer=fuzz.ratio, score_cutoff=80
            )
            found = [names[near[0]]] if near else []
        if not found:
            unknown.append(part.strip())
        codes += [code for code in found if code not in codes]
    return tuple(codes), tuple(unknown)


def read_gender(value: Value) -> Parsed:
    text = text_of(value)
    if not text:
        return NOTHING
    found = vocabulary().genders.get(plain(text.rstrip(".")))
    if found is None and says_nothing(text):
        found = "unknown"
    return Parsed(found) if found else NOTHING


def read_priority(value: Value) -> Parsed:
    """1 urgent, 2 normal, 3 low."""
    found = _meaning(text_of(value), vocabulary().priorities)
    return Parsed(int(found)) if found else NOTHING


def read_severity(value: Value) -> Parsed:
    found = _meaning(text_of(value), vocabulary().severities)
    return Parsed(found) if found else NOTHING


def read_attended(value: Value) -> Parsed:
    found = _meaning(text_of(value), vocabulary().attended)
    return Parsed(found == "true") if found else NOTHING


def _meaning(text: str, meanings: dict[str, str]) -> str:
    """The meaning of the whole text, else of the longest phrase it begins with."""
    key = plain(text.rstrip("."))
    if key in meanings or not key:
        return meanings.get(key, "")
    words = key.split()
    for size in range(len(words) - 1, 0, -1):
        if found := meanings.get(" ".join(words[:size])):
            return found
    return ""


def read_procedure(value: Value) -> Parsed:
    """One of DPI, CGRA, CCE, DUB, SUB, REF, PS, PT, 9BIS, 9TER, OQT, NONE; the first in that file's order wins."""
    text = text_of(value)
    if not text or text in {"?", "/", "-"}:
        return NOTHING
    code = _procedure(text)
    return Parsed(code) if code else Parsed(flags=("unknown_procedure",), note=text)


@lru_cache(maxsize=16384)
def _procedure(text: str) -> str:
    procedures = vocabulary().procedures
    folded = fold(text)
    for code, phrases in procedures.items():
        if folded in phrases:
            return code
    spaced = f" {folded} "
    vague = vocabulary().words["nothing"]
    for code, phrases in procedures.items():
        if any(f" {phrase} " in spaced for phrase in phrases if phrase not in vague):
            return code
    return ""


def read_number(value: Value) -> Parsed:
    """A whole number, as a capacity is."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Parsed(int(value)) if value == int(value) else NOTHING
    match = re.search(r"\d{1,4}", text_of(value))
    return Parsed(int(match[0])) if match else NOTHING
