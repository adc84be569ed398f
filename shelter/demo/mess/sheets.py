"""Whole tabs of the list kinds: which people, in which columns, with which faults, under which titles."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from shelter.demo.mess import edges
from shelter.demo.mess.book import Book
from shelter.demo.mess.lists import FAULT_COLUMNS, Line, List, Look, Rendered
from shelter.demo.mess.page import Page
from shelter.demo.mess.places import building, place_style
from shelter.demo.mess.population import Human, Population
from shelter.demo.mess.words import chance

PERSON_COLUMNS = ("nationality", "languages", "phone", "gender")


def resident_tab(book: Book, lines: Sequence[Line], *, faults: int = 3, keys: list[str] | None = None) -> List:
    """The list of people housed, in a layout of its own."""
    page = book.page_for("resident")
    keys = keys or resident_columns(book.rng)
    table = List(book, page, "resident", keys, resident_look(book, keys))
    table.pen.place_style = place_style(book.rng, [line.slot for line in lines if line.slot])
    prepared = prepare(table, lines, faults)
    top = edges.title_rows(book, page, "title")
    row = table.lay([table.render(line) for line in prepared], top)
    present = sum(line.human is not None and not line.left for line in prepared)
    close(table, page, row, present, prepared)
    return table


def departures_tab(book: Book, lines: Sequence[Line]) -> None:
    """The people who left, with the date; the names are those of the main list, written by somebody else."""
    page = book.page_for("left")
    keys = ["name", "birth_date", "nationality", "arrival", "departure", "note"]
    table = List(book, page, "resident", keys, Look("departure", False, False, False, False, gaps=True))
    gone = [replace(line, left=True, fault="") for line in lines]
    table.lay([table.render(line) for line in gone], edges.title_rows(book, page, "title"))


def waiting_tab(book: Book, lines: Sequence[Line], *, faults: int = 2) -> tuple[List, list[Rendered], int]:
    """The waiting list; gives what is needed to save it again a week later."""
    page = book.page_for("waiting")
    keys = waiting_columns(book.rng)
    look = Look("strike", False, False, False, dittos=chance(book.rng, 0.3), gaps=chance(book.rng, 0.5))
    table = List(book, page, "waiting", keys, look)
    rendered = [table.render(line) for line in prepare(table, lines, faults)]
    top = edges.title_rows(book, page, "title_waiting")
    row = table.lay(rendered, top)
    edges.free_note(book, page, row, table.left_column)
    return table, rendered, top


# --- columns ----------------------------------------------------------------------------------------------------------


def resident_columns(rng: Random) -> list[str]:
    names = name_columns(rng)
    place = rng.choice((["room", "bed"], ["room", "bed"], ["floor", "room", "bed"], ["place"]))
    facts = [rng.choice(("birth_date", "birth_date", "birth_date", "age")), "nationality"]
    facts += [key for key in ("languages", "gender", "phone", "sp_number", "procedure") if chance(rng, 0.6)]
    dates = ["arrival", *(["departure"] if chance(rng, 0.35) else [])]
    blocks = [names, place, *[[fact] for fact in facts], dates]
    if chance(rng, 0.7):
        rng.shuffle(blocks)
    keys = [key for block in blocks for key in block]
    if chance(rng, 0.3) and "departure" not in keys:
        keys.insert(rng.randrange(len(keys)), "status")
    return _with_the_rest(rng, keys)


def waiting_columns(rng: Random) -> list[str]:
    blocks = [["request_date"], name_columns(rng), [rng.choice(("birth_date", "birth_date", "age"))]]
    blocks += [[key] for key in PERSON_COLUMNS if key in ("phone", "nationality") or chance(rng, 0.7)]
    if chance(rng, 0.4):
        rng.shuffle(blocks)
    keys = [key for block in blocks for key in block]
    keys += [key for key in ("priority", "note", "outcome") if chance(rng, 0.8)]
    return ["ignore_number", *keys] if chance(rng, 0.3) else keys


def name_columns(rng: Random) -> list[str]:
    return rng.choice((["last_name", "first_name"], ["last_name", "first_name"], ["first_name", "last_name"], ["name"]))


def _with_the_rest(rng: Random, keys: list[str]) -> list[str]:
    """The columns that hold nothing of use, and the remarks at the end."""
    keys = ["ignore_number", *keys] if chance(rng, 0.5) else keys
    if chance(rng, 0.3):
        keys = [*keys, rng.choice(("ignore_key", "ignore_nights"))]
    return [*keys, "note"] if chance(rng, 0.85) else keys


def resident_look(book: Book, keys: list[str]) -> Look:
    rng = book.rng
    ways = [way for way in ("departure", "status") if way in keys] or (["note"] if "note" in keys else [])
    left = ways[0] if ways and (book.is_csv or chance(rng, 0.4)) else rng.choice(("red", "strike"))
    if book.is_csv and not ways:
        left = "nobody"
    return Look(
        left="departure" if "departure" in keys else "status" if "status" in keys else left,
        sections=not {"floor", "place"} & set(keys) and chance(rng, 0.4),
        merged_rooms="room" in keys and not book.is_csv and chance(rng, 0.25),
        repeats=chance(rng, 0.2),
        dittos=chance(rng, 0.3),
        gaps=chance(rng, 0.3),
    )


# --- people -----------------------------------------------------------------------------------------------------------


def residents(book: Book, people: Population, beds: int) -> list[Line]:
    """A house of about ``beds`` beds: most are taken, some free, some people left and others came after them."""
    rng = book.rng
    gender = rng.choice(("m", "f", ""))
    lines: list[Line] = []
    for slot in building(rng, beds):
        arrival = book.today - timedelta(days=rng.randrange(20, 320))
        if chance(rng, 0.08):
            lines.append(Line(None, slot))
        elif chance(rng, 0.1):
            departure = arrival + timedelta(days=rng.randrange(5, 15))
            lines.append(Line(people.person(gender), slot, arrival, departure, left=True))
            if chance(rng, 0.4):
                lines.append(Line(people.person(gender), slot, departure + timedelta(days=2)))
        else:
            human = _neighbour(rng, people, lines, gender)
            lines.append(Line(human, slot, arrival, doubt=chance(rng, 0.05)))
    return lines


def _neighbour(rng: Random, people: Population, lines: list[Line], gender: str) -> Human:
    """Mostly somebody new; now and then a twin or a homonym of somebody in the list, or one name only."""
    dated = [line.human for line in lines if line.human and line.human.birth_is_exact and line.human.birth]
    draw = rng.random()
    if draw < 0.03 and dated:
        return people.twin(dated[-1])
    if draw < 0.05 and dated:
        return people.homonym(rng.choice(dated))
    return people.single(gender) if draw < 0.1 else people.person(gender)


def requests(book: Book, people: Population, count: int) -> list[Line]:
    """People who ask for a bed, by date; some ask again, and a colleague spells them otherwise."""
    rng = book.rng
    days = sorted(rng.randrange(0, 60) for _ in range(count))
    lines: list[Line] = []
    for day in days:
        asked = book.today - timedelta(days=60 - day)
        again = [line.human for line in lines if line.human and line.human.birth_is_exact and line.human.birth]
        draw = rng.random()
        if again and draw < 0.05:
            human = rng.choice(again)
        elif again and draw < 0.08:
            human = people.homonym(rng.choice(again))
        else:
            human = people.single() if draw < 0.14 else people.person()
        lines.append(Line(human, asked=asked, doubt=chance(rng, 0.05), left=chance(rng, 0.04)))
    return lines


def prepare(table: List, lines: Sequence[Line], faults: int) -> list[Line]:
    """Plant faults, and drop what this list has no way to show."""
    rng = table.rng
    prepared = [line for line in lines if not (line.left and table.look.left == "nobody")]
    possible = [name for name, needs in FAULT_COLUMNS.items() if needs <= set(table.keys)]
    sound = [i for i, line in enumerate(prepared) if line.human and not line.left and not line.doubt]
    for index in rng.sample(sound, min(faults, len(sound))):
        fault = rng.choice(possible)
        prepared[index] = replace(prepared[index], fault=fault, left=fault == "leaves_first")
    return _double_booked(table, prepared) if faults else prepared


def _double_booked(table: List, lines: list[Line]) -> list[Line]:
    """Sometimes a second person is written into a bed that somebody has."""
    here = [i for i, line in enumerate(lines) if line.human and line.slot and not line.left and not line.fault]
    if not {"bed", "place"} & set(table.keys) or len(here) < 6 or chance(table.rng, 0.6):
        return lines
    first, second = here[2], here[3]
    if lines[first].slot and not (table.look.merged_rooms or table.look.sections):
        lines[second] = replace(lines[second], slot=lines[first].slot, fault="bed_twice")
    return lines


def close(table: List, page: Page, row: int, present: int, lines: Sequence[Line]) -> None:
    """Totals, legends and notes under a list."""
    book, left = table.book, table.left_column
    if "ignore_number" in table.keys and chance(book.rng, 0.25):
        row = edges.template_rows(book, page, row, left, len(lines) + 1)
    row = edges.total_row(book, page, row, left, present)
    if not book.is_csv:
        gone, doubt = any(line.left for line in lines), any(line.doubt for line in lines)
        how = table.look.left
        row = edges.legend_rows(
            book, page, row, left, red=gone and how == "red", strike=gone and how == "strike", yellow=doubt
        )
    edges.free_note(book, page, row, left)
