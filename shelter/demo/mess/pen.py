"""How one team writes things down. A ``Pen`` draws its habits once, then writes every value of a table that way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from shelter.demo.mess.page import Value
from shelter.demo.mess.population import Human
from shelter.demo.mess.words import chance, pick, read, wording

EPOCH = date(1899, 12, 30)  # day 0 of Excel's serial dates
NUMBER_FORMATS = ("dd/mm/yyyy", "d/mm/yy", "dd-mm-yyyy", "d-mmm-yy")


@dataclass
class Written:
    """What stands in a cell, and what it means. ``error`` says why it cannot be right; it then means nothing."""

    value: Value = None
    fields: dict[str, Any] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    accept: dict[str, list] = field(default_factory=dict)
    error: str = ""
    number_format: str = ""


NOTHING = Written()


class Pen:
    """The habits of one table: language, date styles, phone styles, name style … ``plain`` writes text only (csv);
    ``tidy`` for a team that takes care: one spelling, and a name order that can be told.
    """

    def __init__(self, rng: Random, language: str, today: date, *, plain: bool = False, tidy: bool = False) -> None:
        self.rng, self.language, self.today, self.plain = rng, language, today, plain
        self.date_styles = rng.sample(DATE_STYLES, 2) if plain else ["cell", *rng.sample(DATE_STYLES, 2)]
        self.number_format = rng.choice(NUMBER_FORMATS)
        self.capitals = chance(rng, 0.5)
        self.name_style = rng.choices(list(NAME_STYLES), [5, 3, 2, 2, 0 if tidy else 1])[0]
        self.phone_styles = rng.sample(PHONE_STYLES, 3)
        self.codes = chance(rng, 0.35)  # languages as codes
        self.tidy = tidy
        self.respells = 0.02 if tidy else 0.15
        self.age_column = False
        self.place_style = "joined"

    # --- names

    def full_name(self, human: Human) -> Written:
        human = human.respelt(self.rng) if chance(self.rng, self.respells) else human
        last, first = human.last_name, human.first_name
        fields = {"last_name": last, "first_name": first or None}
        if human.single:
            return Written(self._untidy(last), fields, ["single_name"])
        text = NAME_STYLES[self.name_style](last, first)
        flags = ["name_order_ambiguous"] if self.name_style == "guess" else []
        return Written(self._untidy(self._decorated(text, human)), fields, flags)

    def last_name(self, human: Human) -> Written:
        human = human.respelt(self.rng) if chance(self.rng, self.respells) else human
        name = human.last_name
        flags = ["single_name"] if human.single else []
        fields = {"last_name": name, **({"first_name": None} if human.single else {})}
        return Written(self._untidy(name.upper() if self.capitals else name), fields, flags)

    def first_name(self, human: Human) -> Written:
        human = human.respelt(self.rng) if chance(self.rng, self.respells) else human
        if human.single:
            return NOTHING
        return Written(self._untidy(human.first_name), {"first_name": human.first_name})

    def _decorated(self, text: str, human: Human) -> str:
        """A title before the name, or a count of children after it."""
        if chance(self.rng, 0.04):
            women, men = {"fr": ("Mme", "M."), "nl": ("Mevr.", "Dhr."), "en": ("Mrs", "Mr")}[self.language]
            return f"{women if human.gender == 'f' else men} {text}"
        if human.gender == "f" and chance(self.rng, 0.04):
            children = {"fr": "(+2 enfants)", "nl": "(+2 kinderen)", "en": "(+2 children)"}
            return f"{text} {children[self.language]}"
        return text

    def _untidy(self, text: str) -> str:
        if chance(self.rng, 0.01 if self.tidy else 0.05):
            return self.rng.choice((f"{text} ", f"  {text}", f"{text}\xa0", text.replace(" ", "  ", 1)))
        return text

    # --- dates

    def day(self, day: date | None, name: str) -> Written:
        """A date under the field ``name``, in one of the table's styles."""
        if day is None:
            return NOTHING
        style = self.date_styles[0] if chance(self.rng, 0.6) else self.rng.choice(self.date_styles)
        value, number_format = (day, self.number_format) if style == "cell" else (self.written_date(day, style), "")
        return Written(value, {name: day.isoformat()}, number_format=number_format)

    def written_date(self, day: date, style: str) -> Value:
        if style == "serial":
            return f"{(day - EPOCH).days}" if self.plain else (day - EPOCH).days
        month = read("wording")["months"][self.language][day.month - 1]
        short = read("wording")["short_months"][self.language][day.month - 1]
        first = "1er" if day.day == 1 and self.language == "fr" else str(day.day)
        return {
            "slashes": f"{day:%d/%m/%Y}",
            "short": f"{day.day}/{day.month}/{day:%y}",
            "dots": f"{day:%d.%m.%Y}",
            "dashes": f"{day.day}-{day.month}-{day.year}",
            "iso": day.isoformat(),
            "long": f"{first} {month} {day.year}",
            "abbreviated": f"{day.day}-{short}-{day:%y}",
            "the": {"fr": "le ", "nl": "op ", "en": "on "}[self.language] + f"{day:%d/%m/%Y}",
        }[style]

    def birth(self, human: Human, on: date | None = None) -> Written:
        """The birth date, its year, or the age ``on`` that day."""
        birth, rng = human.birth, self.rng
        if birth is None:
            unknown = {"birth_date": None, "birth_date_precision": "unknown"}
            return Written("?", unknown) if chance(rng, 0.6) else NOTHING
        if self.age_column or chance(rng, 0.02):
            return self._age(birth, on or self.today)
        if human.birth_is_exact:
            written = self.day(birth, "birth_date")
            written.fields["birth_date_precision"] = "day"
            return written
        fields = {"birth_date": f"{birth.year}-01-01", "birth_date_precision": "year"}
        if chance(rng, 0.5):
            return Written(f"{birth.year}" if self.plain else birth.year, fields)
        written = self.day(date(birth.year, 1, 1), "birth_date")
        return Written(written.value, fields, ["dob_0101"], number_format=written.number_format)

    def _age(self, birth: date, on: date) -> Written:
        age = on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
        year = on.year - age
        suffix = {"fr": " ans", "nl": " jaar", "en": " y"}[self.language] if chance(self.rng, 0.15) else ""
        value: Value = f"{age}{suffix}" if self.plain or suffix else age
        fields = {"birth_date": f"{year}-01-01", "birth_date_precision": "year"}
        return Written(value, fields, ["from_age"], {"birth_date": [f"{year - 1}-01-01", f"{year}-01-01"]})

    # --- facts about a person

    def gender(self, human: Human) -> Written:
        words = read("wording")["genders"][human.gender][self.language]
        return Written(self.rng.choice(words), {"gender": human.gender})

    def nationality(self, human: Human) -> Written:
        community = read("communities")[human.nationality]
        words = community["wrong"] if chance(self.rng, 0.06) else community[self.language]
        if human.nationality == "COD" and chance(self.rng, 0.05):
            return Written("Congo", {"nationality": "COD"}, ["ambiguous_nationality"], {"nationality": ["COD", "COG"]})
        return Written(self._untidy(self.rng.choice(words)), {"nationality": human.nationality})

    def languages(self, human: Human) -> Written:
        codes = list(human.languages)
        if self.codes and all(len(code) == 2 for code in codes):
            return Written("/".join(codes).upper(), {"languages": codes})
        names = [read("wording")["language_names"][code][self.language] for code in codes]
        return Written(self.rng.choice((", ", " + ", " / ")).join(names), {"languages": codes})

    def phone(self, human: Human) -> Written:
        if not human.phone:
            return NOTHING
        if not human.phone.startswith("+32"):
            national = human.phone[3:]
            value = self.rng.choice((human.phone, f"00{human.phone[1:]}", f"+33 {national[0]} {national[1:]}"))
            return Written(value, {"phone": human.phone})
        style = self.rng.choice(self.phone_styles)
        number = human.phone[3:]
        return Written(style(number) if not self.plain else str(style(number)), {"phone": human.phone})

    def sp(self, human: Human) -> Written:
        if not human.sp:
            return NOTHING
        dotted = f"{human.sp[0]}.{human.sp[1:4]}.{human.sp[4:]}"
        number: Value = human.sp if self.plain else int(human.sp)
        value = self.rng.choice((dotted, dotted, f"SP {dotted}", dotted.replace(".", " "), number, human.sp))
        return Written(value, {"sp_number": human.sp})

    def procedure(self, human: Human) -> Written:
        words = read("wording")["procedures"][human.procedure]
        return Written(self.rng.choice(words), {"procedure": human.procedure}) if words else NOTHING

    # --- words

    def note(self) -> Written:
        if chance(self.rng, 0.75):
            return NOTHING
        text = pick(self.rng, "notes", self.language)
        return Written(text, {"note": text})

    def priority(self) -> Written:
        level = self.rng.choices((1, 2, 3, 0), (3, 5, 3, 2))[0]
        if not level:
            return NOTHING
        return Written(self.rng.choice(read("wording")["priorities"][str(level)]), {"priority": level})

    def outcome(self) -> Written:
        if chance(self.rng, 0.7):
            return NOTHING
        text = pick(self.rng, "outcomes", self.language, date=f"{self.today - timedelta(days=5):%d/%m}")
        return Written(text, {"outcome": text})

    def any_of(self, key: str) -> str:
        return self.rng.choice(wording(key, self.language))


# "serial" is left out of csv tables' daily habits only by chance: a team that pastes numbers does it everywhere.
DATE_STYLES = ["slashes", "slashes", "short", "dots", "dashes", "iso", "long", "abbreviated", "the", "serial"]

NAME_STYLES: dict[str, Callable[[str, str], str]] = {
    "NAME First": lambda last, first: f"{last.upper()} {first}",
    "First NAME": lambda last, first: f"{first} {last.upper()}",
    "Name, First": lambda last, first: f"{last}, {first}",
    "NAME, First": lambda last, first: f"{last.upper()}, {first}",
    "guess": lambda last, first: f"{last} {first}",
}

PHONE_STYLES: list[Callable[[str], Value]] = [
    lambda n: f"0{n}",
    lambda n: f"0{n[:3]}/{n[3:5]}.{n[5:7]}.{n[7:]}",
    lambda n: f"0{n[:3]} {n[3:5]} {n[5:7]} {n[7:]}",
    lambda n: f"0{n[:3]}.{n[3:]}",
    lambda n: f"+32 {n[:3]} {n[3:5]} {n[5:7]} {n[7:]}",
    lambda n: f"+32{n}",
    lambda n: f"0032{n}",
    lambda n: f"+32 (0){n[:3]}/{n[3:]}",
    lambda n: f"0{n[:3]} {n[3:5]} {n[5:7]} {n[7:]} (WhatsApp)",
    lambda n: int(n),  # Excel ate the zero
]
