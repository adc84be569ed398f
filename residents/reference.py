"""Languages and countries: codes in the tables, names in the reader's language."""

from collections.abc import Sequence
from functools import cache

from babel import Locale
from babel.core import get_global
from django.utils.translation import get_language
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from residents.names import fold

# Field guide §3.9, ``list:language``: ISO 639 codes, in the order of the guide. Codes never change.
LANGUAGES = {
    "ar": _("Arabic"),
    "ary": _("Moroccan Arabic"),
    "apd": _("Sudanese Arabic"),
    "ti": _("Tigrinya"),
    "am": _("Amharic"),
    "om": _("Oromo"),
    "so": _("Somali"),
    "aa": _("Afar"),
    "ps": _("Pashto"),
    "prs": _("Dari"),
    "fa": _("Farsi"),
    "ku": _("Kurdish"),
    "kmr": _("Kurmanji"),
    "ckb": _("Sorani"),
    "tr": _("Turkish"),
    "ur": _("Urdu"),
    "pa": _("Punjabi"),
    "bn": _("Bengali"),
    "fr": _("French"),
    "en": _("English"),
    "nl": _("Dutch"),
    "ff": _("Fulah"),
    "wo": _("Wolof"),
    "sus": _("Susu"),
    "mnk": _("Mandinka"),
    "bm": _("Bambara"),
    "ln": _("Lingala"),
    "sw": _("Swahili"),
    "rw": _("Kinyarwanda"),
    "rn": _("Kirundi"),
    "ha": _("Hausa"),
    "zgh": _("Amazigh"),
    "uk": _("Ukrainian"),
    "ru": _("Russian"),
    "ro": _("Romanian"),
    "bg": _("Bulgarian"),
    "pl": _("Polish"),
    "sq": _("Albanian"),
    "es": _("Spanish"),
    "pt": _("Portuguese"),
    "ka": _("Georgian"),
    "vi": _("Vietnamese"),
    "sgn": _("Sign language"),
}

# Field guide §3.10: ISO 3166-1 alpha-3, and what the standard leaves to its users.
STATELESS, UNSPECIFIED = "XXA", "XXX"
KOSOVO = "XKX"
WITHDRAWN = frozenset({"BUR", "DDR", "FXX", "TMP", "YMD", "ZAR"})  # ISO 3166-3: names of the past share a code of today


def language_name(code: str) -> str:
    """The language's name; imports know more of them than the guide lists, and CLDR names those."""
    if code in LANGUAGES:
        return str(LANGUAGES[code])
    name: str = Locale.parse((get_language() or "en").replace("-", "_")).languages.get(code, code)
    return name[:1].upper() + name[1:]


def language_choices() -> list[tuple[str, str]]:
    return [(code, str(name)) for code, name in LANGUAGES.items()]


def country_name(code: str) -> str:
    """The country's name in the language of the page, as CLDR keeps it; the code itself when it is none."""
    return _countries(get_language() or "en").get(code, code)


def country_choices() -> Sequence[tuple[str, str]]:
    """Every country by its name, without regard to accents; stateless and unspecified last."""
    return _sorted_countries(get_language() or "en")


@cache
def _sorted_countries(language: str) -> tuple[tuple[str, str], ...]:
    special = (STATELESS, UNSPECIFIED)
    return tuple(sorted(_countries(language).items(), key=lambda row: (row[0] in special, fold(row[1]))))


@cache
def _countries(language: str) -> dict[str, str]:
    """Alpha-3 codes and names. CLDR knows alpha-3 codes as other spellings of its own two letters."""
    territories = Locale.parse(language.replace("-", "_")).territories
    codes = {
        three: two[0]
        for three, two in get_global("territory_aliases").items()
        if len(three) == 3 and three.isalpha() and three[0] not in "QX" and three not in WITHDRAWN and len(two) == 1
    }
    named = {three: territories[two] for three, two in codes.items() if two in territories}
    return named | {
        KOSOVO: territories["XK"],
        STATELESS: translate("Stateless"),
        UNSPECIFIED: translate("Nationality not specified"),
    }
