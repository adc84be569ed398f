"""Phone numbers and SP numbers (numéro de sûreté publique, OV-nummer)."""

import re

from shelter.imports.reading.types import Value
from shelter.imports.reading.vocabulary import plain, vocabulary

from .parsed import NOTHING, Parsed

SP_DIGITS = 7
SP_IN_TEXT = re.compile(r"(?<!\d)\d(?:[ .]?\d{3}){2}(?![\d.]\d)")
SP_WORD = re.compile(r"\b(?:sp|ov)\b[^\d]{0,12}(\d[\d. ]{5,10}\d)", re.IGNORECASE)
PHONE_IN_TEXT = re.compile(r"(?<![\d.])(?:\+|00)?\d[\d\s./()\-]{6,17}\d(?!\d)")
TWO_NUMBERS = re.compile(r"\s*(?:\bou\b|\bof\b|\bor\b|\bet\b|;|\n|,|\s/\s|\|)\s*")
# Calling codes that teams leave without a plus, each with the numbers of digits that may follow.
CALLING_CODES = (
    "33:9 32:8,9 31:9 49:10,11 44:10 34:9 39:9,10 30:10 48:9 40:9 212:9 213:9 216:8 218:9 20:10 249:9 "
    "251:9 252:8,9 291:7 253:8 224:9 221:9 223:8 225:10 237:9 243:9 242:9 250:9 257:8 234:10 90:10 93:9 "
    "92:10 98:10 963:9 964:10 961:7,8 962:9 970:9 972:9 380:9 7:10 995:9 374:8 355:9 352:9 41:9 43:10 "
    "46:9 233:9 220:7"
)
FOREIGN = {code: sizes.split(",") for code, _, sizes in (entry.partition(":") for entry in CALLING_CODES.split())}


def digits_of(value: Value) -> str:
    """What was typed, with a number's decimals off."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None or isinstance(value, bool) else str(value).strip()


def says_nothing(text: str) -> bool:
    words = vocabulary().words
    return not text or plain(text) in words["unknown"] or plain(text) in words["nothing"]


def read_phone(value: Value) -> Parsed:
    """E.164. A number of nine digits that starts with 4 lost its 0 (Belgium). The first of two numbers counts."""
    text = digits_of(value)
    if says_nothing(text):
        return NOTHING
    found: list[Parsed] = [_phone(part) for part in TWO_NUMBERS.split(text) if any(letter.isdigit() for letter in part)]
    if not found:
        return Parsed(note=text)
    good = [parsed for parsed in found if parsed.value]
    if not good:
        return _phone(text) if len(found) > 1 else found[0]
    words = re.sub(r"[\d+()./\-\s]{6,}", " ", text).strip(" ,;:/")
    note = text if len(good) > 1 else words if len(words) > 2 else ""
    return good[0]._replace(note=note)


def _phone(text: str) -> Parsed:
    international = re.match(r"[^\d+]*(\+|00)", text) is not None
    digits = re.sub(r"\D", "", re.sub(r"\(0\)", "", text))
    if re.search(r"\d[.,]\d+\s*[eE]\+?\d", text):  # 4,65E+08: digits were lost
        return Parsed(problem="phone_too_short")
    digits = digits.removeprefix("00")
    if international:
        return _checked("32" + digits[3:] if digits.startswith("320") else digits)
    return _national(digits)


def _national(digits: str) -> Parsed:
    """A number without a sign of its country: Belgian, or foreign by its length."""
    if digits.startswith("0"):
        if len(digits) == 10 or (len(digits) == 9 and not digits.startswith("04")):
            return Parsed("+32" + digits[1:])
        return Parsed(problem="phone_too_short" if len(digits) < 10 else "phone_too_long")
    if len(digits) == 9 and digits.startswith("4"):
        return Parsed("+32" + digits)
    for size in (3, 2, 1):
        if str(len(digits) - size) in FOREIGN.get(digits[:size], ()):
            return Parsed("+" + digits)
    if len(digits) == 8 and digits[0] in "123569":  # a landline without its 0
        return Parsed("+32" + digits)
    return Parsed(problem="phone_too_short" if len(digits) < 10 else "phone_too_long")


def _checked(digits: str) -> Parsed:
    if digits.startswith("32"):
        national = digits[2:]
        least, most = (9, 9) if national.startswith("4") else (8, 8)
        if len(national) < least:
            return Parsed(problem="phone_too_short")
        return Parsed("+" + digits) if len(national) <= most else Parsed(problem="phone_too_long")
    if len(digits) < 8:
        return Parsed(problem="phone_too_short")
    return Parsed("+" + digits) if len(digits) <= 15 else Parsed(problem="phone_too_long")


def read_sp(value: Value) -> Parsed:
    """The seven digits of an SP number."""
    text = digits_of(value)
    digits = re.sub(r"\D", "", text)
    if says_nothing(text) or not digits:
        return NOTHING
    if len(digits) == SP_DIGITS:
        return Parsed(digits)
    parts = re.findall(r"\d[\d. ]*\d", text)
    whole = [part for part in (re.sub(r"\D", "", part) for part in parts) if len(part) == SP_DIGITS]
    return Parsed(whole[0], note=text) if len(whole) == 1 and len(parts) > 1 else Parsed(problem="sp_wrong_length")


def sp_in(text: str) -> str:
    """The SP number in a free text, told by the word before it or by its dots; empty when there is none."""
    if (match := SP_WORD.search(text)) and len(digits := re.sub(r"\D", "", match[1])) == SP_DIGITS:
        return digits
    for match in SP_IN_TEXT.finditer(text):
        if "." in match[0]:
            return re.sub(r"\D", "", match[0])
    return ""


def phone_in(text: str) -> str:
    """The phone number in a free text; empty when there is none."""
    for match in PHONE_IN_TEXT.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if len(digits) >= 9 and isinstance(value := read_phone(match[0]).value, str):
            return value
    return ""
