"""Which records of one workbook speak of the same person.

A false merge harms more than a missed one: two records are joined only when their names agree word by word, nothing they
state contradicts, and something beside the name speaks for it, or nobody else in the book bears a like name. Twins share a
birth date and a phone, fathers and sons a name and a room: each is kept apart by what differs.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

from residents.names import likeness, sound, words

from .types import Cluster, Doubt, Member, People, Reading, Record

PERSONAL = {"resident", "bed", "presence", "waiting", "interview", "appointment", "legal"}
EVENTS = {"interview", "appointment"}  # one person, many rows
CROWD = 80  # a bucket beyond this is a common name: only stronger evidence compares its records
CLOSE, LIKE = 88, 80  # likeness of a whole name, and of its least alike word
JOIN, WONDER = 60, 40
FEW = 6000  # up to so many identities, names one slip apart are looked for too
LIMIT_DOUBTS = 500


@dataclass(slots=True)
class Identity:
    """What one record, or several that state the very same, say of a person."""

    names: tuple[str, ...]
    sp: str
    phone: str
    birth: str
    precision: str
    nationality: str
    gender: str
    beds: frozenset[tuple[str, str]] = frozenset()
    arrivals: frozenset[str] = frozenset()
    members: list[tuple[int, int]] = field(default_factory=list)
    lists: frozenset[int] = frozenset()  # tables that list a person once
    plans: frozenset[str] = frozenset()  # sheets whose plan gives this person a bed
    loose: bool = False  # nationality that stands for two


def find_people(reading: Reading) -> People:
    """Put records together, and name the pairs that a person should look at. Sets ``Record.person``."""
    identities = _identities(reading)
    joined = _Groups(identities)
    wondered: list[tuple[int, int, int, list[str]]] = []
    scored = sorted(_scored(identities), key=lambda pair: -pair[0])
    rivals = _rivals(identities, scored)
    for score, a, b, reasons in scored:
        by_name_only = set(reasons) <= {"name", "nationality", "gender", "birth_year"}
        contested = by_name_only and score < JOIN + 30 and (rivals[a, b] or rivals[b, a])
        if score >= JOIN and not contested and joined.join(a, b, reasons):
            continue
        if score >= WONDER and not joined.together(a, b):
            wondered.append((score, a, b, reasons))
    return _people(reading, identities, joined, wondered)


def _identities(reading: Reading) -> list[Identity]:
    """One for each record of a list; records of events that state the very same share one."""
    found: dict[tuple[object, ...], Identity] = {}
    for row_index, row in enumerate(reading.rows):
        for record_index, record in enumerate(row.records):
            if record.kind not in PERSONAL or not record.fields.get("last_name"):
                continue
            if record.kind == "bed" and record.fields.get("bed_status") in ("free", "out_of_order"):
                continue
            identity = _identity(record)
            if not identity.names:
                continue
            table = row.table if row.table is not None else -1
            listed = record.kind not in EVENTS
            stated = (identity.sp, identity.phone, identity.birth, identity.nationality, identity.gender)
            key = (identity.names, stated, (row_index, record_index) if listed else None)
            known = found.setdefault(key, identity)
            known.members.append((row_index, record_index))
            if record.kind == "bed" and record.fields.get("bed_status") == "occupied":
                known.plans |= {row.sheet}
            if listed:
                known.lists |= {table}
    return list(found.values())


def _identity(record: Record) -> Identity:
    def text(name: str) -> str:
        value = record.fields.get(name)
        return value if isinstance(value, str) else ""

    parts = tuple(sorted(words(text("last_name"), text("first_name"))))
    birth, precision = text("birth_date"), text("birth_date_precision")
    identity = Identity(parts, text("sp_number"), text("phone"), birth, precision, text("nationality"), text("gender"))
    identity.loose = "ambiguous_nationality" in record.flags
    if "from_age" in record.flags:
        identity.precision = "age"
    if text("room") and text("bed"):
        identity.beds = frozenset([(text("room").lstrip("0").upper(), text("bed").upper())])
    if text("arrival"):
        identity.arrivals = frozenset([text("arrival")])
    return identity


def _buckets(identities: list[Identity]) -> Iterator[list[int]]:
    """Where two records of one person meet: by number, by phone, by birth and a name, by the sounds of the whole name.

    Keys are kept as their hashes, and most meet nobody: a long list must not fill the memory. Two keys of one hash only
    bring together a pair that ``compare`` sends home.
    """
    alone: dict[int, int] = {}
    met: dict[int, list[int]] = {}
    few = len(identities) <= FEW
    for number, identity in enumerate(identities):
        for key in {hash(key) for key in (*_exact_keys(identity), *_name_keys(identity, near=few))}:
            if key in met:
                met[key].append(number)
            elif key in alone:
                met[key] = [alone.pop(key), number]
            else:
                alone[key] = number
    alone.clear()
    yield from met.values()


def _exact_keys(identity: Identity) -> Iterator[tuple[str, ...]]:
    if identity.sp:
        yield "sp", identity.sp
    for key in {sound(word) for word in identity.names}:
        if identity.phone:
            yield "phone", identity.phone, key
        if identity.birth and identity.precision == "day":
            yield "birth", identity.birth, key
        for room, bed in identity.beds:
            yield "bed", room, bed, key


def _name_keys(identity: Identity, *, near: bool) -> Iterator[tuple[str, ...]]:
    keys = [sound(word) for word in identity.names]
    yield "name", *sorted(keys)
    for one, other in combinations(keys, 2):
        yield "two", *sorted((one, other))
        if near:
            yield from (("near", one, slip) for slip in _near(other))
            yield from (("near", other, slip) for slip in _near(one))


def _near(key: str) -> list[str]:
    return [key, *(key[:i] + key[i + 1 :] for i in range(1, len(key)))] if len(key) > 2 else [key]


def _scored(identities: list[Identity]) -> Iterator[tuple[int, int, int, list[str]]]:
    """Every pair that may be one person: (score, first, second, what speaks for it)."""
    seen: set[tuple[int, int]] = set()
    for members in _buckets(identities):
        if len(members) > CROWD:
            continue
        for pair in combinations(members, 2):
            if pair in seen:
                continue
            seen.add(pair)
            score, reasons = compare(identities[pair[0]], identities[pair[1]])
            if score >= WONDER:
                yield score, *pair, reasons


def compare(a: Identity, b: Identity) -> tuple[int, list[str]]:
    """How much two identities are one person (60 and more: joined), and what speaks for it. 0 when they contradict."""
    if contradicts(a, b):  # first, for it is quick and true of most pairs
        return 0, []
    whole, least = _alike(a.names, b.names)
    same_sp = bool(a.sp) and a.sp == b.sp
    if not same_sp and (whole < CLOSE - 8 or least < LIKE - 10):
        return 0, []
    if same_sp:
        return (95, ["sp_number", "name"]) if whole >= 60 else (WONDER, ["sp_number"])
    score, reasons = 0, []
    for holds, points, reason in (
        (whole >= (CLOSE if not a.beds & b.beds else CLOSE - 5) and least >= LIKE, 36 + (whole >= 92) * 4, "name"),
        (bool(a.phone) and a.phone == b.phone, 34, "phone"),
        (_same_day(a, b), 40, "birth_date"),
        (_same_year(a, b), 16, "birth_year"),
        (bool(a.beds & b.beds), 30, "bed"),
        (bool(a.arrivals & b.arrivals), 24, "arrival"),
        (bool(a.nationality) and a.nationality == b.nationality, 8, "nationality"),
        (bool(a.gender) and a.gender == b.gender, 2, "gender"),
    ):
        if holds:
            score += points
            reasons.append(reason)
    if "name" not in reasons:  # a near name: only hard evidence beside it makes it worth a look
        return (min(score, JOIN - 1), reasons) if whole >= CLOSE - 8 else (0, [])
    single = min(len(a.names), len(b.names)) == 1
    if not single and not (a.lists & b.lists):
        score += 20  # a whole name, not twice in one list
        if len(a.names) != len(b.names):
            score -= 8
    if single:
        score -= 6 if len(a.names) == len(b.names) else 24
    return max(score, 0), reasons


def _alike(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[int, int]:
    """(likeness of the whole, likeness of the least alike word) of two names, words in any order."""
    if a == b:
        return 100, 100
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    left = list(long)
    total = size = 0
    least = 100
    for word in sorted(short, key=len, reverse=True):
        found, best = max((likeness(word, other), other) for other in left)
        left.remove(best)
        total += found * len(word)
        size += len(word)
        least = min(least, found)
    if "".join(sorted(a)) == "".join(sorted(b)):
        return 98, 98
    return round(total / size) - 3 * len(left), least


def contradicts(a: Identity, b: Identity) -> bool:
    """Whether two identities state what one person cannot be."""
    if a.sp and b.sp and a.sp != b.sp:
        return True
    if a.nationality and b.nationality and a.nationality != b.nationality and not (a.loose or b.loose):
        return True
    if {a.gender, b.gender} == {"m", "f"}:
        return True
    if (
        (a.plans & b.plans or (a.lists & b.lists and not (a.sp and a.sp == b.sp)))
        and a.beds
        and b.beds
        and not a.beds & b.beds
    ):
        return True  # one plan or list, two beds: two people
    if a.birth and b.birth:
        return not (_same_day(a, b) or _same_year(a, b) or _slip(a.birth, b.birth, a, b))
    return False


def _same_day(a: Identity, b: Identity) -> bool:
    return bool(a.birth) and a.birth == b.birth and a.precision == b.precision == "day"


def _same_year(a: Identity, b: Identity) -> bool:
    if not a.birth or not b.birth or a.precision == b.precision == "day":
        return False
    apart = abs(int(a.birth[:4]) - int(b.birth[:4]))
    return apart <= (1 if "age" in (a.precision, b.precision) else 0)


def _asks_again(a: Identity, b: Identity) -> bool:
    """Of one list, without a bed to tell them apart: the same year of birth and the same nationality, both stated."""
    return not a.beds and not b.beds and bool(a.nationality) and a.nationality == b.nationality and _same_year(a, b)


def _slip(one: str, other: str, a: Identity, b: Identity) -> bool:
    """Day and month swapped, or one digit off: the same paper read twice. Only where both are whole dates."""
    if a.precision != "day" or b.precision != "day":
        return False
    first, second = date.fromisoformat(one), date.fromisoformat(other)
    if first.year == second.year and (first.month, first.day) == (second.day, second.month):
        return True
    return sum(x != y for x, y in zip(one, other, strict=True)) == 1


def _rivals(identities: list[Identity], scored: list[tuple[int, int, int, list[str]]]) -> dict[tuple[int, int], bool]:
    """For each pair: whether the first has, in a list of the second, another who may be meant just as well."""
    partners: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for score, a, b, reasons in scored:
        if "name" in reasons:
            partners[a].append((b, score))
            partners[b].append((a, score))
    found: dict[tuple[int, int], bool] = {}
    for score, a, b, _ in scored:
        for one, other in ((a, b), (b, a)):
            found[one, other] = any(
                rival != other
                and their_score >= score - 4
                and (
                    identities[rival].lists & identities[other].lists
                    or contradicts(identities[rival], identities[other])
                )
                for rival, their_score in partners[one]
            )
    return found


class _Groups:
    """Identities joined step by step; a join is refused when any two members would contradict."""

    def __init__(self, identities: list[Identity]) -> None:
        self.identities = identities
        self.leader = list(range(len(identities)))
        self.groups: dict[int, list[int]] = {n: [n] for n in self.leader}
        self.reasons: dict[int, list[str]] = defaultdict(list)

    def together(self, a: int, b: int) -> bool:
        return self.leader[a] == self.leader[b]

    def join(self, a: int, b: int, reasons: list[str]) -> bool:
        one, other = self.leader[a], self.leader[b]
        if one == other:
            return True
        for first in self.groups[one]:
            for second in self.groups[other]:
                if not self._may_be_one(first, second):
                    return False
        for number in self.groups[other]:
            self.leader[number] = one
        self.groups[one] += self.groups.pop(other)
        self.reasons[one] += [
            reason for reason in [*self.reasons.pop(other, []), *reasons] if reason not in self.reasons[one]
        ]
        return True

    def _may_be_one(self, first: int, second: int) -> bool:
        a, b = self.identities[first], self.identities[second]
        if contradicts(a, b) or (a.lists & b.lists and len(a.names) != len(b.names) and not a.sp):
            return False
        if not a.lists & b.lists:
            return True
        if (a.sp and a.sp == b.sp) or (a.phone and a.phone == b.phone):
            return True
        if a.beds and b.beds and not a.beds & b.beds and len(a.names) != len(b.names):
            return False  # a single name is too little to be in two beds of one list
        if _same_day(a, b):
            return True
        return len(a.names) > 1 and _asks_again(a, b)


def _people(
    reading: Reading, identities: list[Identity], joined: _Groups, wondered: list[tuple[int, int, int, list[str]]]
) -> People:
    people = People()
    order = sorted(joined.groups, key=lambda leader: min(identities[n].members[0] for n in joined.groups[leader]))
    index_of: dict[int, int] = {}
    for index, leader in enumerate(order):
        members = sorted(member for n in joined.groups[leader] for member in identities[n].members)
        index_of |= dict.fromkeys(joined.groups[leader], index)
        people.clusters.append(Cluster([Member(*member) for member in members], joined.reasons.get(leader, [])))
        for row_index, record_index in members:
            reading.rows[row_index].records[record_index].person = index
    doubted: set[tuple[int, int]] = set()
    for score, a, b, reasons in wondered[:LIMIT_DOUBTS]:
        first, second = sorted((index_of[a], index_of[b]))
        if first != second and (first, second) not in doubted:
            doubted.add((first, second))
            people.doubts.append(Doubt(first, second, min(score, 99), reasons))
    return people
