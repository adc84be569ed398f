"""Bed plans: the house drawn as a sheet, floor beside floor or one long list, and the capacity of its rooms."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from shelter.demo.mess import edges
from shelter.demo.mess.book import Book
from shelter.demo.mess.ledger import Fact
from shelter.demo.mess.lists import Line
from shelter.demo.mess.page import BLUE, GREEN, GREY, ORANGE, YELLOW, Cell, Page, letters
from shelter.demo.mess.pen import Written
from shelter.demo.mess.places import ROOM_WORDS, Slot
from shelter.demo.mess.words import chance, pick, read


@dataclass
class Place:
    """A bed of the plan: who has it, or why nobody. ``state`` is a bed_status of the truth's vocabulary."""

    slot: Slot
    state: str
    line: Line | None = None


def plan_tab(book: Book, places: Sequence[Place]) -> None:
    """The plan on one tab, in one of three drawings."""
    page = book.page_for("bed")
    drawing = "list" if book.is_csv else book.rng.choice(("beside", "beside", "below", "list"))
    plan = _Plan(book, page, drawing)
    top = edges.title_rows(book, page, "title_plan", always=book.is_csv)  # a bare list of beds may be of people
    floors = [list(group) for _, group in groupby(places, key=lambda place: place.slot.floor)]
    if drawing == "list":
        bottom = plan.block(top, 1, list(places), floor="")
    elif drawing == "below":
        bottom = top
        for floor in floors:
            bottom = plan.block(bottom, 1, floor, floor=floor[0].slot.floor) + 1
    else:
        lefts = [1 + index * (len(plan.keys) + 1) for index in range(len(floors))]
        starts = zip(lefts, floors, strict=True)
        bottom = max(plan.block(top, left, floor, floor=floor[0].slot.floor) for left, floor in starts)
    if any(place.line and place.line.doubt for place in places) and not book.is_csv:
        edges.legend_rows(book, page, bottom + 1, 1, red=False, strike=False, yellow=True)


class _Plan:
    """Draws blocks of beds that share their columns."""

    def __init__(self, book: Book, page: Page, drawing: str) -> None:
        self.book, self.page, self.rng = book, page, book.rng
        self.pen = book.pen()
        self.pen.name_style = self.rng.choice(("NAME First", "First NAME", "Name, First"))
        floor = ["floor"] if drawing == "list" and chance(self.rng, 0.5) else []
        extra = [key for key in ("nationality", "arrival") if chance(self.rng, 0.5)]
        self.keys = [*floor, "room", "bed", "occupant", *extra]
        self.merged = not book.is_csv and chance(self.rng, 0.6)
        self.counted = chance(self.rng, 0.5)  # the room's capacity stands in its cell
        self.room_style = self.rng.choice(("plain", *ROOM_WORDS[book.language]))
        self.bed_style = self.rng.choice(("{}", "{}", {"fr": "lit {}", "nl": "bed {}", "en": "bed {}"}[book.language]))
        self.headings = {key: book.heading(key) for key in self.keys}

    def block(self, top: int, left: int, places: list[Place], *, floor: str) -> int:
        """One table; gives the row after it."""
        row = top
        if floor:
            title = self.rng.choice(read("wording")["floors"][floor])
            self.page.put(row, left, Cell(title, BLUE, bold=True))
            self.page.merges.append((row, left, row, left + len(self.keys) - 1))
            self.book.ledger.set_aside(self.page, row, "section_title")
            row += 1
        for index, key in enumerate(self.keys):
            self.page.put(row, left + index, Cell(self.headings[key], GREY, bold=True))
        self.book.ledger.set_aside(self.page, row, "header")
        meaning = {letters(left + i): "name" if key == "occupant" else key for i, key in enumerate(self.keys)}
        self.book.ledger.table(self.page, "bed", [row], meaning)
        row += 1
        for _, group in groupby(places, key=lambda place: place.slot.room):
            row = self._room(row, left, list(group), floor)
        if floor and chance(self.rng, 0.6):
            self._count(row, left, places)
            row += 1
        return row

    def _room(self, row: int, left: int, places: list[Place], floor: str) -> int:
        column = left + self.keys.index("room")
        text = self._room_text(places[0].slot, len(places))
        for offset, place in enumerate(places):
            if offset == 0 or not self.merged:
                self.page.put(row + offset, column, text)
            self._bed(row + offset, left, place, floor)
        if self.merged and len(places) > 1:
            self.page.merges.append((row, column, row + len(places) - 1, column))
        return row + len(places)

    def _room_text(self, slot: Slot, beds: int) -> str:
        style = "{}" if self.room_style == "plain" else self.room_style
        name = f"{slot.word} {slot.room}" if slot.word else style.format(slot.room)
        people = {"fr": "p.", "nl": "pers.", "en": "beds"}[self.book.language]
        return f"{name}\n({beds} {people})" if self.counted and self.merged else name

    def _bed(self, row: int, left: int, place: Place, floor: str) -> None:
        slot = place.slot
        fields = {"room": slot.room, "bed": slot.bed, "bed_status": place.state}
        if floor:
            fields["floor"] = floor
        flags: list[str] = []
        for index, key in enumerate(self.keys):
            written, fill = self._cell(key, place)
            self.page.put(row, left + index, Cell(written.value, fill, number_format=written.number_format))
            fields |= written.fields
            flags += written.flags
        if place.line and place.line.doubt and not self.book.is_csv:
            self.page.restyle(row, fill=YELLOW, columns=range(left + self.keys.index("bed"), left + len(self.keys)))
            flags.append("doubt")
        person = place.line.human.key if place.line else None
        self.book.ledger.record(self.page, row, Fact("bed", fields, flags, person=person, column=letters(left)))

    def _cell(self, key: str, place: Place) -> tuple[Written, str]:
        slot, line = place.slot, place.line
        if key == "floor":
            return slot.written_floor(self.rng), ""
        if key == "bed":
            return Written(self.bed_style.format(slot.bed)), ""
        if key == "occupant":
            return self._occupant(place)
        if line is None or place.state == "reserved" or key == "room":
            return Written(), ""
        if key == "nationality":
            return self.pen.nationality(line.human), ""
        return self.pen.day(line.arrival, "arrival"), ""

    def _occupant(self, place: Place) -> tuple[Written, str]:
        if place.state == "free":
            return Written(self.pen.any_of("free")), GREEN
        if place.state == "out_of_order":
            return Written(self.pen.any_of("out_of_order")), GREY
        written = self.pen.full_name(place.line.human)
        if place.state == "reserved":
            written.value = f"{self.pen.any_of('reserved_prefix')}{str(written.value).strip()}"
            return written, ORANGE
        return written, ""

    def _count(self, row: int, left: int, places: list[Place]) -> None:
        taken = sum(place.state == "occupied" for place in places)
        self.page.put(row, left + 1, pick(self.rng, "occupied_line", self.book.language))
        self.page.put(row, left + 2, f"{taken} / {len(places)}")
        self.book.ledger.set_aside(self.page, row, "subtotal")


def capacity_tab(book: Book, slots: Sequence[Slot]) -> None:
    """A line for each room with its beds, a subtotal for each floor."""
    page, rng = book.page_for("room"), book.rng
    keys = ["room", "floor", "capacity"] if chance(rng, 0.6) else ["floor", "room", "capacity"]
    keys += ["ignore_area"] if chance(rng, 0.4) else []
    top, left = rng.choice((1, 2)), rng.choice((1, 2))
    columns = {key: left + index for index, key in enumerate(keys)}
    for key, column in columns.items():
        page.put(top, column, Cell(book.heading(key), GREY, bold=True))
    book.ledger.set_aside(page, top, "header")
    meaning = {letters(column): "ignore" if "ignore" in key else key for key, column in columns.items()}
    book.ledger.table(page, "room", [top], meaning)
    row, subtotals = top + 1, chance(rng, 0.5)
    for _floor, group in groupby(slots, key=lambda slot: slot.floor):
        start, on_floor = row, list(group)
        for room, beds in groupby(on_floor, key=lambda slot: slot.room):
            row = _capacity(book, page, row, columns, room, list(beds))
        if subtotals:
            page.put(row, left, pick(rng, "subtotal", book.language))
            span = f"SUM({letters(columns['capacity'])}{start}:{letters(columns['capacity'])}{row - 1})"
            page.put(row, columns["capacity"], Cell(len(on_floor), formula="" if book.is_csv else span))
            book.ledger.set_aside(page, row, "subtotal")
            row += 1
    page.put(row, left, pick(rng, "total", book.language))
    page.put(row, columns["capacity"], len(slots))
    book.ledger.set_aside(page, row, "total")


def _capacity(book: Book, page: Page, row: int, columns: dict[str, int], room: str, beds: list[Slot]) -> int:
    floor = beds[0].written_floor(book.rng)
    written = beds[0].written_room(book.rng, book.language)
    page.put(row, columns["floor"], floor.value)
    page.put(row, columns["room"], written.value)
    page.put(row, columns["capacity"], len(beds))
    if "ignore_area" in columns:
        page.put(row, columns["ignore_area"], 4 * len(beds) + book.rng.randrange(6))
    fields = {"room": room, "floor": beds[0].floor, "capacity": len(beds)}
    book.ledger.record(page, row, Fact("room", fields))
    return row + 1
