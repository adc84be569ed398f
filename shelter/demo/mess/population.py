"""Invented people. Names are drawn from the communities that the shelters know; nobody here exists.

Phone numbers are of the shape 04xx 00 xx xx and SP numbers begin with 9: neither is given out that way.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from shelter.demo.mess.words import chance, read

PREFIXES = ("465", "466", "467", "468", "470", "484", "486", "492", "495")
PROCEDURES = ("DPI", "DPI", "CGRA", "CGRA", "CCE", "DUB", "DUB", "SUB", "REF", "PS", "9BIS", "9TER", "OQT", "NONE")


@dataclass(frozen=True)
class Human:
    """One invented person: the spelling she gives, and the facts that teams note. ``single`` has one name only."""

    key: str
    last: tuple[str, ...]
    first: tuple[str, ...]
    gender: str
    nationality: str
    languages: tuple[str, ...]
    birth: date | None
    birth_is_exact: bool
    phone: str
    sp: str
    procedure: str
    spelling: tuple[int, int] = (0, 0)
    single: bool = False

    @property
    def last_name(self) -> str:
        return self.last[self.spelling[0]]

    @property
    def first_name(self) -> str:
        return "" if self.single else self.first[self.spelling[1]]

    def respelt(self, rng: Random) -> "Human":
        """The same person as another colleague writes her."""
        return replace(self, spelling=(rng.randrange(len(self.last)), rng.randrange(len(self.first))))


class Population:
    """Draws people who are all different; homonyms and twins only when asked for."""

    def __init__(self, rng: Random, *, year: int, prefix: str = "P") -> None:
        self.rng, self.year, self.prefix = rng, year, prefix
        self.names: set[tuple[str, str]] = set()
        self.numbers: set[str] = set()
        self.count = 0

    def person(self, gender: str = "", only: Collection[str] = ()) -> Human:
        """Somebody of ``only`` these communities, of any when it is empty."""
        communities = {code: facts for code, facts in read("communities").items() if not only or code in only}
        gender = gender or self.rng.choice("mmmf")
        for attempt in range(400):
            code = self.rng.choices(list(communities), [c["weight"] for c in communities.values()])[0]
            community = communities[code]
            last = tuple(self.rng.choice(community["last"]))
            pool = community["women" if gender == "f" else "men"]
            first = tuple(self.rng.choice(pool))
            if attempt > 40:  # the plain names are used up: two given names
                first = (f"{first[0]} {self.rng.choice(pool)[0]}",)
            if (last[0], first[0]) not in self.names:
                break
        self.names.add((last[0], first[0]))
        return self._made(code, last, first, gender, tuple(self.rng.choice(community["languages"])))

    def single(self, gender: str = "") -> Human:
        """Someone known by one name, as many Afghans and Eritreans are."""
        for _ in range(400):
            human = self.person(gender)
            if (human.first[0], "") not in self.names:
                break
        self.names.add((human.first[0], ""))
        return replace(human, last=human.first, first=("",), single=True)

    def homonym(self, of: Human) -> Human:
        """Somebody else of the same name, born in another year."""
        birth = self._birth()
        while of.birth and abs(birth.year - of.birth.year) < 4:
            birth = self._birth()
        made = self._made(of.nationality, of.last, of.first, of.gender, of.languages)
        return replace(made, birth=birth, birth_is_exact=True, single=of.single)

    def twin(self, of: Human) -> Human:
        """A brother or sister born the same day."""
        community = read("communities")[of.nationality]
        pool = community["women" if of.gender == "f" else "men"]
        free = (
            []
            if of.single
            else [names for names in pool if (of.last[0], names[0]) not in self.names and names[0] != of.first[0]]
        )
        if not free:
            return self.person(of.gender)
        first = tuple(self.rng.choice(free))
        self.names.add((of.last[0], first[0]))
        made = self._made(of.nationality, of.last, first, of.gender, of.languages)
        return replace(made, birth=of.birth, birth_is_exact=of.birth_is_exact)

    def _made(self, code: str, last: tuple, first: tuple, gender: str, languages: tuple) -> Human:
        self.count += 1
        exact = chance(self.rng, 0.75)
        birth = self._birth()
        return Human(
            key=f"{self.prefix}{self.count:05d}",
            last=last,
            first=first,
            gender=gender,
            nationality=code,
            languages=languages,
            birth=(birth if exact else date(birth.year, 1, 1)) if chance(self.rng, 0.94) else None,
            birth_is_exact=exact,
            phone=self._phone() if chance(self.rng, 0.7) else "",
            sp=self._fresh(lambda: f"9{self.rng.randrange(10**6):06d}") if chance(self.rng, 0.8) else "",
            procedure=self.rng.choice(PROCEDURES if code != "UKR" else ("PT",)),
        )

    def _birth(self) -> date:
        birth = date(self.year - 19, 6, 1) - timedelta(days=int(self.rng.triangular(0, 365 * 45, 365 * 9)))
        return birth if (birth.month, birth.day) != (1, 1) else birth + timedelta(days=40)

    def _phone(self) -> str:
        if chance(self.rng, 0.06):
            return self._fresh(lambda: f"+33600{self.rng.randrange(10**6):06d}")
        return self._fresh(lambda: f"+32{self.rng.choice(PREFIXES)}00{self.rng.randrange(10**4):04d}")

    def _fresh(self, draw) -> str:
        number = draw()
        while number in self.numbers:
            number = draw()
        self.numbers.add(number)
        return number
