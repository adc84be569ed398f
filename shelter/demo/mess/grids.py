"""Night lists: a tab a month, a line a person, a column a night."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from shelter.demo.mess import edges
from shelter.demo.mess.book import Book
from shelter.demo.mess.ledger import Fact
from shelter.demo.mess.lists import CELLS, Line
from shelter.demo.mess.page import BLUE, GREY, YELLOW, Cell, Page, Value, letters
from shelter.demo.mess.pen import Written
from shelter.demo.mess.places import Slot, place_style
from shelter.demo.mess.words import chance, read, wording

PRESENT, ABSENT, HOSPITAL, UNSEEN, GONE = "present", "absent", "hospital", "unseen", "gone"
Nights = Mapping[date, str]

PRESENT_MARKS: tuple[tuple[Value, ...], ...] = (("x", "X"), ("X",), (1,), ("P",), ("x", 1), ("V",), ("✓",))
PRESENT_WORDS = {"fr": ("oui", "Oui"), "nl": ("ja", "Ja"), "en": ("yes", "Y")}
ABSENT_MARKS: tuple[Value, ...] = ("A", "abs", 0, "/", "a")
ABSENT_WORDS = {"fr": "non", "nl": "nee", "en": "no"}
HOSPITAL_MARKS = {"fr": ("H", "hôp", "hôpital"), "nl": ("H", "ZKH", "ziekenhuis"), "en": ("H", "hosp", "hospital")}
TAB_NAMES = ("{Month} {year}", "{month} {year}", "{MONTH} {year}", "{number:02d}-{year}", "{short} {yy}", "{Month}")
DAY_HEADS = ("number", "number", "text", "date", "slashed")


@dataclass(frozen=True)
class Marks:
    """What this team writes into a night."""

    present: tuple[Value, ...]
    absent: Value
    hospital: Value

    @classmethod
    def drawn(cls, rng: Random, language: str, *, plain: bool) -> "Marks":
        """``plain``: only what every code page can write."""
        marks = [mark for mark in PRESENT_MARKS if mark != ("✓",) or not plain]
        if chance(rng, 0.15):
            return cls(PRESENT_WORDS[language], ABSENT_WORDS[language], rng.choice(HOSPITAL_MARKS[language]))
        return cls(rng.choice(marks), rng.choice(ABSENT_MARKS), rng.choice(HOSPITAL_MARKS[language]))


@dataclass
class Grid:
    """The layout that all tabs of one night list share."""

    before: list[str]
    after: list[str]
    day_head: str
    weekdays: str  # above, below or nowhere
    tab_name: str
    marks: Marks
    merged_rooms: bool
    sections: bool
    subtotals: bool
    legend: bool
    place_style: str = "joined"
    name_key: str = field(init=False)

    def __post_init__(self) -> None:
        self.name_key = "name" if "name" in self.before else "last_name"

    @classmethod
    def drawn(cls, book: Book, slots: Iterable[Slot]) -> "Grid":
        """A layout for a house with these beds."""
        rng = book.rng
        place = rng.choice((["room", "bed"], ["room", "bed"], ["place"], ["floor", "room", "bed"]))
        names = rng.choice((["name"], ["name"], ["last_name", "first_name"]))
        extra = [key for key in ("nationality", "arrival") if chance(rng, 0.25)]
        before = [*names, *place] if chance(rng, 0.3) else [*place, *names]
        if chance(rng, 0.3):
            before = ["ignore_number", *before]
        # A list without a title must say month and year on its tab.
        tab_name = rng.choice(TAB_NAMES)
        return cls(
            before=before + extra,
            after=[key for key in ("ignore_total", "note") if chance(rng, 0.5)],
            day_head=rng.choice(("number", "text", "slashed") if book.is_csv else DAY_HEADS),
            weekdays=rng.choice(("above", "below", "nowhere", "nowhere")),
            tab_name=tab_name,
            marks=Marks.drawn(rng, book.language, plain=book.is_csv),
            merged_rooms="room" in before and not book.is_csv and chance(rng, 0.5),
            sections=not {"floor", "place"} & set(before) and chance(rng, 0.3),
            subtotals=chance(rng, 0.3),
            legend=chance(rng, 0.7),
            place_style=place_style(rng, slots),
        )


def month_tab(book: Book, grid: Grid, first: date, lines: Sequence[Line], nights: Mapping[str, Nights]) -> Page:
    """One month of nights. ``nights`` has the marks of each person by key."""
    page = book.page(_month_text(book, grid.tab_name, first))
    # "06-2024" and full names date the tab; where only the month stands on it, the title has the year.
    titled = book.is_csv or not ("{year}" in grid.tab_name or "{yy}" in grid.tab_name)
    month = _month_text(book, "{month} {year}", first)
    top = edges.title_rows(book, page, "title_presence", month=month) if titled or chance(book.rng, 0.7) else 1
    return _Month(book, grid, page, first).lay(top, lines, nights)


def _month_text(book: Book, template: str, first: date) -> str:
    month = wording("months", book.language)[first.month - 1]
    short = wording("short_months", book.language)[first.month - 1]
    return template.format(
        Month=month.capitalize(),
        month=month,
        MONTH=month.upper(),
        short=short,
        number=first.month,
        year=first.year,
        yy=f"{first:%y}",
    )


class _Month:
    """Lays out one tab."""

    def __init__(self, book: Book, grid: Grid, page: Page, first: date) -> None:
        self.book, self.grid, self.page, self.first = book, grid, page, first
        self.rng, self.pen = book.rng, book.pen()
        self.pen.capitals, self.pen.name_style = True, self.rng.choice(("NAME First", "NAME First", "First NAME"))
        self.pen.place_style = grid.place_style
        self.days = [first + timedelta(days=day) for day in range(monthrange(first.year, first.month)[1])]
        self.columns = {key: column for column, key in enumerate(grid.before, start=1)}
        self.first_night = len(grid.before) + 1
        after = self.first_night + len(self.days)
        self.columns |= {key: column for column, key in enumerate(grid.after, start=after)}

    def lay(self, top: int, lines: Sequence[Line], nights: Mapping[str, Nights]) -> Page:
        row = self._headings(top)
        floor, since = None, row
        rooms: dict[int, str] = {}
        for index, line in enumerate(lines):
            if self.grid.sections and line.slot.floor != floor:
                row = self._section(row, line.slot.floor)
            if floor is not None and line.slot.floor != floor and self.grid.subtotals and not self.grid.sections:
                row = self._sum(row, since, "subtotal") + self.rng.choice((0, 1))
                since = row
            floor = line.slot.floor
            self._line(row, index, line, nights.get(line.human.key, {}))
            rooms[row] = line.slot.room
            row += 1
        if self.grid.merged_rooms:
            self.page.merge_runs(self.columns["room"], rooms)
        row = self._sum(row + self.rng.choice((0, 1)), since, "total")
        if self.grid.legend or self.grid.marks.present[0] in ("V", "✓"):
            self._legend(row + 1)
        return self.page

    # --- headings

    def _headings(self, top: int) -> int:
        both = self.grid.weekdays != "nowhere"
        numbers = top + (self.grid.weekdays == "above")
        names = top + 1 if both and chance(self.rng, 0.6) else top
        if both and names == top and self.grid.weekdays == "above":
            names = numbers
        for key, column in self.columns.items():
            self.page.put(names, column, Cell(self.book.heading(key), BLUE, bold=True))
        weekdays = wording("weekdays", self.book.language)
        for column, day in enumerate(self.days, start=self.first_night):
            self.page.put(numbers, column, self._day_head(day))
            if both:
                self.page.put(2 * top + 1 - numbers, column, weekdays[day.weekday()])
        rows = [top, top + 1] if both else [top]
        for row in rows:
            self.book.ledger.set_aside(self.page, row, "header")
        meaning = {letters(column): "ignore" if "ignore" in key else key for key, column in self.columns.items()}
        meaning |= {letters(c): f"night:{day}" for c, day in enumerate(self.days, start=self.first_night)}
        self.book.ledger.table(self.page, "presence", rows, meaning)
        return rows[-1] + 1

    def _day_head(self, day: date) -> Cell:
        if self.grid.day_head == "date":
            return Cell(day, BLUE, number_format="d/mm")
        if self.grid.day_head == "number":
            return Cell(day.day, BLUE)
        return Cell(f"{day:%d/%m}" if self.grid.day_head == "slashed" else f"{day.day}", BLUE)

    def _section(self, row: int, floor: str) -> int:
        self.page.put(row, 1, Cell(self.rng.choice(read("wording")["floors"][floor]), GREY, bold=True))
        self.book.ledger.set_aside(self.page, row, "section_title")
        return row + 1

    # --- lines

    def _line(self, row: int, index: int, line: Line, nights: Nights) -> None:
        fields, flags, accept = {}, [], {}
        for key in self.grid.before + self.grid.after:
            written = self._cell(key, index, line)
            if written is None:
                continue
            self.page.put(row, self.columns[key], Cell(written.value, number_format=written.number_format))
            fields |= written.fields
            flags += written.flags
            accept |= written.accept
        if self.grid.sections:
            fields["floor"] = line.slot.floor
        self._nights(row, nights, fields, flags)
        if line.doubt and not self.book.is_csv:
            self.page.restyle(row, fill=YELLOW, columns=range(1, self.first_night))
            flags.append("doubt")
        if total := self.columns.get("ignore_total"):
            self._total(row, total, len(fields["nights_present"]))
        self.book.ledger.record(self.page, row, Fact("presence", fields, flags, accept, person=line.human.key))

    def _cell(self, key: str, index: int, line: Line) -> Written | None:
        if key == "ignore_number":
            return Written(index + 1)
        return None if key == "ignore_total" else CELLS[key](self.pen, line)

    def _nights(self, row: int, nights: Nights, fields: dict, flags: list[str]) -> None:
        fields |= {"nights_present": [], "nights_absent": []}
        usual = self.rng.choice(self.grid.marks.present)
        for column, day in enumerate(self.days, start=self.first_night):
            state = nights.get(day)
            if state == PRESENT:
                mark: Value = self.rng.choice(self.grid.marks.present) if chance(self.rng, 0.05) else usual
                fields["nights_present"].append(day.isoformat())
            elif state in (ABSENT, HOSPITAL):
                mark = self.grid.marks.absent if state == ABSENT else self.grid.marks.hospital
                fields["nights_absent"].append(day.isoformat())
            elif state == GONE:
                mark = self.pen.any_of("left")
                fields["departure"] = day.isoformat()
                flags.append("departure_in_grid")
            else:
                mark = "?" if state == UNSEEN else None
                flags += ["doubt"] if state == UNSEEN and "doubt" not in flags else []
            self.page.put(row, column, mark)

    def _total(self, row: int, column: int, count: int) -> None:
        span = f"{letters(self.first_night)}{row}:{letters(self.first_night + len(self.days) - 1)}{row}"
        self.page.put(row, column, Cell(count, formula="" if self.book.is_csv else f"COUNTA({span})"))

    def _sum(self, row: int, since: int, key: str) -> int:
        label = self.pen.any_of(key)
        self.page.put(row, self.columns[self.grid.name_key], Cell(label, bold=True))
        for column in range(self.first_night, self.first_night + len(self.days)):
            span = f"{letters(column)}{since}:{letters(column)}{row - 1}"
            count = sum((r, column) in self.page.cells for r in range(since, row))
            self.page.put(row, column, Cell(count, formula="" if self.book.is_csv else f"COUNTA({span})"))
        self.book.ledger.set_aside(self.page, row, key)
        return row + 1

    def _legend(self, row: int) -> None:
        marks = self.grid.marks
        texts = wording("legend_marks", self.book.language)
        for text in texts:
            shown = text.format(present=marks.present[0], absent=marks.absent, hospital=marks.hospital)
            self.page.put(row, self.columns[self.grid.name_key], shown)
            self.book.ledger.set_aside(self.page, row, "legend")
            row += 1


def some_nights(rng: Random, first: date, last: date) -> dict[date, str]:
    """Nights of somebody who is mostly there; a few leave for good."""
    regular = rng.choice((0.98, 0.95, 0.9, 0.8))
    day, nights, leaves = first, {}, chance(rng, 0.1)
    gone_on = first + timedelta(days=rng.randrange(3, max(4, (last - first).days))) if leaves else None
    while day <= last:
        if day == gone_on:
            nights[day] = GONE
            break
        nights[day] = PRESENT if chance(rng, regular) else rng.choice((ABSENT, ABSENT, HOSPITAL, UNSEEN, ""))
        day += timedelta(days=1)
    return nights
