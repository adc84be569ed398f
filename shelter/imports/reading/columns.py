"""Says what kind of table an area is and what each of its columns holds."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from residents.names import fold

from .fits import Sample, fit, holds_two_words, in_capitals, is_mark
from .grid import Grid, column_letters
from .headings import Role, bed_heading, day_of_month, hours_heading, is_weekday, roles_of, whole_date
from .kinds import NAMES, Shape, find_kind
from .layout import Area, Head
from .types import Column, Kind, TableMapping
from .values.codes import text_of
from .values.dates import DateContext, search_date
from .vocabulary import plain, vocabulary

SAMPLE_ROWS = 150
SAMPLE_SIZE = 40
EXACT = frozenset({"arrival", "departure", "request_date", "phone", "sp_number"})  # a cell is one, or it is not
UNFIT = 0.2  # less of a column than this fits: its heading misleads
# Roles that a column's cells show without a heading, and the test that tells it.
CONTENT = {
    "phone": "phone", "sp_number": "sp_number", "birth_date": "birth_year", "procedure": "procedure",
    "nationality": "nationality", "gender": "gender", "languages": "languages", "note": "text",
}  # fmt: skip
GRID_DAYS = 5

PERSON = {
    "name": "name", "last_name": "last_name", "first_name": "first_name", "birth_date": "birth_date", "gender": "gender",
    "nationality": "nationality", "languages": "languages", "phone": "phone", "sp_number": "sp_number", "note": "note",
}  # fmt: skip
PLACE = {"site": "site", "floor": "floor", "room": "room", "bed": "bed", "room_bed": "place"}
# What a role means in each kind of table. A role that is not named here needs no import there.
FIELDS: dict[str, dict[str, str]] = {
    "resident": PERSON | PLACE | {
        "arrival": "arrival", "departure": "departure", "status": "status", "procedure": "procedure", "date": "arrival",
        "request_date": "arrival", "start": "arrival", "end": "departure", "outcome": "note", "text": "note", "person": "name",
        "orientation": "note", "motive": "note", "needs": "note", "decision": "procedure", "place": "site",
    },
    "bed": PERSON | PLACE | {
        "arrival": "arrival", "date": "arrival", "start": "arrival", "status": "bed_status", "person": "name", "text": "note",
    },
    "room": {"room": "room", "floor": "floor", "capacity": "capacity", "bed": "capacity", "room_bed": "room", "site": "site"},
    "presence": PERSON | PLACE | {
        "arrival": "arrival", "date": "arrival", "start": "arrival", "departure": "departure", "end": "departure",
        "status": "status", "person": "name", "text": "note", "outcome": "note",
    },
    "waiting": PERSON | {
        "request_date": "request_date", "date": "request_date", "priority": "priority", "severity": "priority",
        "outcome": "outcome", "status": "outcome", "orientation": "outcome", "text": "note", "needs": "note",
        "motive": "note", "person": "name", "decision": "outcome", "arrival": "request_date",
    },
    "interview": PERSON | {
        "date": "interview_date", "request_date": "interview_date", "author": "author", "person": "author",
        "motive": "motive", "subject": "motive", "needs": "needs", "orientation": "orientation", "outcome": "note",
        "place": "place", "site": "place", "text": "note", "arrival": "interview_date",
    },
    "appointment": PERSON | {
        "date": "appointment_date", "deadline": "appointment_date", "request_date": "appointment_date", "time": "time",
        "start": "time", "place": "place", "site": "place", "subject": "subject", "motive": "subject", "text": "subject",
        "author": "author", "person": "author", "attended": "attended", "status": "attended", "outcome": "note",
    },
    "legal": PERSON | {
        "site": "site", "procedure": "procedure", "decision": "procedure", "annex26_date": "annex26_date",
        "date": "decision_date", "decision_date": "decision_date", "deadline": "deadline",
        "dublin_state": "dublin_state", "lawyer": "lawyer",
        "status": "procedure", "outcome": "note", "text": "note", "person": "name", "place": "site",
    },
    "shift": {
        "date": "date", "start": "start", "end": "end", "person": "person", "name": "person", "last_name": "person",
        "author": "person",
    },
    "incident": {
        "date": "date", "time": "time", "place": "place", "site": "place", "room": "place", "severity": "severity",
        "priority": "severity", "text": "text", "subject": "text", "motive": "text", "author": "author", "person": "author",
        "note": "note", "outcome": "note", "orientation": "note", "start": "time",
    },
}  # fmt: skip
SINGLE_TEXTS = {"note", "outcome", "text", "needs", "motive"}  # several columns may feed one of these


@dataclass(slots=True)
class Layout:
    """A table with its kind and columns, ready to be read. ``grid_days``: columns that are nights or days."""

    area: Area
    kind: Kind | None
    columns: dict[int, Column]
    confidence: int = 0
    grid_days: dict[int, date] = field(default_factory=dict)
    grid_beds: dict[int, str] = field(default_factory=dict)
    grid_hours: dict[int, tuple[str, str]] = field(default_factory=dict)

    def column_of(self, *fields: str) -> int | None:
        """The first column that holds one of ``fields``."""
        return next((number for number, column in self.columns.items() if column.field in fields), None)

    def columns_of(self, name: str) -> list[int]:
        return [number for number, column in self.columns.items() if column.field == name]


def map_area(
    grid: Grid, area: Area, *, today: date, days: dict[int, date], names: list[str], asked: TableMapping | None
) -> Layout:
    """The kind and columns of ``area``. ``names``: its titles, tab and file; ``asked``: what a person corrected."""
    samples = {column: _sample(grid, area, column) for column in range(area.left, area.right + 1)}
    beds = {column: bed for column, head in area.heads.items() if (bed := bed_heading(head.value))}
    hours = {column: found for column, head in area.heads.items() if (found := hours_heading(head.value))}
    beds, hours = (beds if len(set(beds.values())) > 1 else {}), (hours if len(hours) > 1 else {})
    special = set(days) | set(beds) | set(hours)
    candidates = {
        column: _candidates(area.heads.get(column), samples[column]) for column in samples if column not in special
    }
    marks = {plain(text_of(value)) for column in days for value in samples.get(column, [])}
    shape = Shape(bool(days), bool(beds), bool(hours), _shows_vacancies(candidates, samples), marks)
    kind, confidence = find_kind(candidates, samples, names, shape)
    if asked and asked.kind:
        kind, confidence = asked.kind, 100
    layout = Layout(area, kind, {}, confidence, days, beds, hours)
    _assign(layout, candidates, samples)
    _add_needs(layout, candidates, samples)
    for column, day in days.items():
        layout.columns[column] = Column(
            f"{'day' if kind == 'shift' else 'night'}:{day.isoformat()}", _shown(area, column), 95
        )
    for column, bed in beds.items():
        layout.columns[column] = Column(f"bed:{bed}", _shown(area, column), 95)
    for column, (start, end) in hours.items():
        layout.columns[column] = Column(f"shift:{start}-{end}", _shown(area, column), 95)
    _mend_names(layout, samples)
    if asked:
        for column in samples:
            if wanted := asked.columns.get(column_letters(column)):
                layout.columns[column] = Column(wanted, _shown(area, column), 100)
    for number, column_found in layout.columns.items():
        column_found.sample = tuple(text_of(value)[:60] for value in samples[number][:3])
    layout.columns = dict(sorted(layout.columns.items()))
    return layout


def _sample(grid: Grid, area: Area, column: int) -> Sample:
    """Up to forty filled cells of a column, ditto marks and repeated headings aside."""
    heading = fold(area.heads[column].text) if column in area.heads else ""
    found: Sample = []
    for row in range(area.first, min(area.last, area.first + SAMPLE_ROWS) + 1):
        if (row, column) in grid.down:
            continue
        value = grid.value(row, column)
        text = text_of(value)
        if not text or fold(text) == heading or text in ('"', "''") or plain(text) in vocabulary().words["ditto"]:
            continue
        found.append(value)
        if len(found) == SAMPLE_SIZE:
            break
    return found


def _shown(area: Area, column: int) -> str:
    return area.heads[column].shown if column in area.heads else ""


def _candidates(head: Head | None, sample: Sample) -> list[Role]:
    """The roles that a column may have: by its heading, by its content where the heading says nothing that fits."""
    found: list[Role] = []
    if head is not None:
        by_group = roles_of(head.shown) if head.group else ()
        if not by_group or by_group[0].score < 96:  # only where group and heading are one phrase
            by_group = roles_of(head.text) or by_group or roles_of(head.group)
        found = list(by_group)
    if len(sample) < 3 or any(fit(role.role, sample) >= UNFIT for role in found):
        return found
    return found + [role for role in _by_content(sample) if role.role not in [known.role for known in found]]


def _by_content(sample: Sample) -> list[Role]:
    """What a column holds by the look of its cells alone."""
    shares = {role: fit(test, sample) for role, test in CONTENT.items()}
    return [Role(role, round(60 * share)) for role, share in shares.items() if share >= 0.8]


def _shows_vacancies(candidates: dict[int, list[Role]], samples: dict[int, Sample]) -> bool:
    """Whether a column of names also says that beds are free or out of order."""
    words = vocabulary().words["free"] | vocabulary().words["out_of_order"]
    named = [column for column, roles in candidates.items() if any(role.role in NAMES for role in roles)]
    return any(plain(text_of(value)) in words for column in named for value in samples[column])


def _assign(layout: Layout, candidates: dict[int, list[Role]], samples: dict[int, Sample]) -> None:
    """Give each column its field: the best fitting of its roles; where two columns claim one field, the better has it."""
    if layout.kind is None:
        return
    meanings = FIELDS[layout.kind]
    claims: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for column, roles in candidates.items():
        layout.columns[column], score = _chosen(roles, samples[column], meanings, _shown(layout.area, column))
        if layout.columns[column].field != "ignore":
            claims[layout.columns[column].field].append((score, -column))
    for wanted, columns in list(claims.items()):
        if wanted in SINGLE_TEXTS:
            continue
        for _, column in sorted(columns)[:-1]:
            left = [role for role in candidates[-column] if meanings.get(role.role) not in claims]
            second, _ = _chosen(left, samples[-column], meanings, _shown(layout.area, -column))
            is_text = wanted not in NAMES and fit("text", samples[-column]) > 0.3 and "note" in meanings
            layout.columns[-column] = second
            if second.field == "ignore" and is_text:
                second.field = "note"


def _chosen(roles: list[Role], sample: Sample, meanings: dict[str, str], heading: str) -> tuple[Column, float]:
    """The best field for a column among its roles, with its score; ``ignore`` when none serves this kind of table."""
    choices = []
    for position, role in enumerate(roles):
        if wanted := meanings.get(role.role):
            if roles[0].role == "ignore" and len(sample) > 3 and fit(role.role, sample) < 0.15:
                continue  # a heading that is mostly of no use, over a column that fits nothing else
            direct = role.role == wanted or role.role in ("room_bed", "date")
            choices.append((role.score * 0.6 + 40 * fit(role.role, sample) + 6 * direct - 2 * position, wanted, role))
    if not choices:
        return Column("ignore", heading, roles[0].score if roles else 0), 0
    score, wanted, role = max(choices, key=lambda choice: choice[0])
    share = fit(role.role, sample)
    misled = len(sample) >= 4 and share == 0 and wanted in EXACT
    if misled or (sample and share < UNFIT and role.score < 85):
        return Column("ignore", heading, 30), 0
    return Column(wanted, heading, min(99, round(score))), score


def _add_needs(layout: Layout, candidates: dict[int, list[Role]], samples: dict[int, Sample]) -> None:
    """Columns of crosses in a table of interviews: one for each need, named by its heading."""
    if layout.kind != "interview":
        return
    for column, head in layout.area.heads.items():
        group = roles_of(head.group) if head.group else ()
        under_needs = bool(group) and group[0].role == "needs" and head.text != head.group
        marked = samples.get(column) and all(is_mark(value) for value in samples[column])
        unknown = layout.columns.get(column, Column("ignore")).field == "ignore" and not candidates.get(column)
        if head.text and marked and (under_needs or unknown):
            layout.columns[column] = Column(f"need:{head.text}", head.shown, 90)


def _mend_names(layout: Layout, samples: dict[int, Sample]) -> None:
    """Headings the wrong way round, a full name under "Nom", a family name alone."""
    last, first, full = (layout.column_of(name) for name in ("last_name", "first_name", "name"))
    if last is not None and first is not None:
        if in_capitals(samples[first]) >= 0.7 and in_capitals(samples[last]) <= 0.3:
            layout.columns[last].field, layout.columns[first].field = "first_name", "last_name"
        if full is not None:
            layout.columns[full].field = "ignore"
        return
    if last is not None and first is None:
        if full is None:
            layout.columns[last].field = "name"
        elif holds_two_words(samples[last]) > holds_two_words(samples[full]):
            layout.columns[last].field, layout.columns[full].field = "name", "ignore"
        else:
            layout.columns[last].field = "ignore"
    if first is not None and last is None and full is not None:
        if holds_two_words(samples[full]) < 0.4:
            layout.columns[full].field = "last_name"
        else:
            layout.columns[first].field = "ignore"
    elif first is not None and last is None:
        layout.columns[first].field = "name"


def night_columns(area: Area, *, year: int | None, month: int | None, today: date) -> dict[int, date]:
    """The columns of a grid of nights or days, with their dates.

    Headings are dates, or numbers of days whose month stands in the title or the tab. A day lower than the one before it
    belongs to the next month.
    """
    days: dict[int, date] = {}
    anchor = date(year, 12, 31) if year else today  # a 29/02 exists only in its own year
    whole = {c: day for c, head in area.heads.items() if (day := whole_date(head.value, anchor))}
    if len(whole) >= GRID_DAYS:
        for column, day in sorted(whole.items()):
            head = area.heads[column].value
            if isinstance(head, str) and year and day.year != year and not _states_year(head):
                day = _in_year(day, year)
            days[column] = day
        return days
    if not whole and (week := _week(area, today)):
        return week
    numbers = {c: n for c, head in area.heads.items() if (n := day_of_month(head.value)) is not None}
    if len(numbers) < GRID_DAYS or month is None:
        return {}
    at_year, at_month, last = year or today.year, month, 0
    for column, number in sorted(numbers.items()):
        if number < last:
            at_year, at_month = (at_year + 1, 1) if at_month == 12 else (at_year, at_month + 1)
        last = number
        try:
            days[column] = date(at_year, at_month, number)
        except ValueError:  # a 31st in a month of 30 days: a column that means nothing
            continue
    return days


def _week(area: Area, today: date) -> dict[int, date]:
    """``Lundi`` to ``Dimanche`` under a title that says which week: ``du 17/03/2025 au 23/03/2025``."""
    columns = [column for column, head in sorted(area.heads.items()) if is_weekday(head.text) and len(head.text) > 1]
    if len(columns) < GRID_DAYS:
        return {}
    for title in area.titles:
        found = search_date(title, DateContext(today))
        if found.day and not found.yearless:
            return {column: found.day + timedelta(days=number) for number, column in enumerate(columns)}
    return {}


def _states_year(text: str) -> bool:
    return sum(text.count(sign) for sign in "/.-") >= 2 or any(
        len(word) == 4 and word.isdigit() for word in text.split()
    )


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return day
