"""Puts a whole set together: workbooks of the kinds in many layouts, each with its truth, and files to refuse."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from shelter.demo.mess import edges, grids, plans, refused
from shelter.demo.mess.book import CSV_FORMS, Book
from shelter.demo.mess.lists import Line
from shelter.demo.mess.population import Population
from shelter.demo.mess.sheets import departures_tab, requests, resident_tab, residents, waiting_tab
from shelter.demo.mess.words import LANGUAGES, chance

FORMS = {"xlsx": 10, "xlsm": 2, "ods": 4} | dict.fromkeys(CSV_FORMS, 1)
SITES = (
    "Centre Bissé",
    "Casa Tamam",
    "Hôtel Léopold",
    "Evenepoel",
    "Sister's House",
    "Citoyens",
    "Tritomas",
    "Cailles",
)
KINDS = ("resident", "presence", "bed", "waiting")


def write_set(folder: Path, *, seed: int, books: int, kinds: Sequence[str] = KINDS) -> None:
    """Write ``books`` workbooks (and a second version of some) with their truth under ``folder``."""
    for name in ("workbooks", "truth", "broken"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for book, reimport in make_books(seed=seed, books=books, kinds=kinds):
        book.save(folder / "workbooks")
        truth = book.truth() | ({"reimport": reimport} if reimport else {})
        text = json.dumps(truth, ensure_ascii=False, indent=1)
        (folder / "truth" / f"{book.file_name}.json").write_text(text, encoding="utf-8")
    refused.write_files(folder / "broken")


def make_books(*, seed: int, books: int, kinds: Sequence[str] = KINDS) -> Iterator[tuple[Book, dict | None]]:
    """Every book with its re-import truth, ``None`` for all but second versions."""
    for number in range(books):
        rng = Random(f"{seed}/{number}")  # noqa: S311 — a repeatable set, no secret
        yield from MAKERS[kinds[number % len(kinds)]](_new_book(rng, seed, number, kinds))


def _new_book(rng: Random, seed: int, number: int, kinds: Sequence[str]) -> Book:
    language = rng.choices(LANGUAGES, (6, 3, 2))[0]
    today = date(2024, 1, 20) + timedelta(days=rng.randrange(0, 600))
    site = rng.choice(SITES)
    name = f"{number:02d}_{kinds[number % len(kinds)]}_{seed}"
    form = rng.choices(list(FORMS), list(FORMS.values()))[0]
    return Book(name, site, form, language, today, rng, bilingual=chance(rng, 0.15))


def _people(book: Book) -> Population:
    return Population(book.rng, year=book.today.year)


def _resident_book(book: Book) -> Iterator[tuple[Book, None]]:
    lines = residents(book, _people(book), book.rng.choice((18, 40, 60)))
    resident_tab(book, lines)
    gone = [line for line in lines if line.left]
    if not book.is_csv:
        if len(gone) > 2 and chance(book.rng, 0.5):
            departures_tab(book, gone)
        if chance(book.rng, 0.4):
            edges.lookup_tab(book)
    yield book, None


def _presence_book(book: Book) -> Iterator[tuple[Book, None]]:
    people = residents(book, _people(book), book.rng.choice((20, 40)))
    lines = [line for line in people if line.human and not line.left]
    months = [(book.today - timedelta(days=1)).replace(day=1)]
    if not book.is_csv and chance(book.rng, 0.8):
        months.insert(0, (months[0] - timedelta(days=1)).replace(day=1))
    grid = grids.Grid.drawn(book, [line.slot for line in lines])
    nights: dict[str, dict[date, str]] = {}
    for line in lines:
        first = max(months[0], line.arrival)
        nights[line.human.key] = grids.some_nights(book.rng, first, book.today - timedelta(days=1))
    for month in months:
        here = [line for line in lines if any(in_month(day, month) for day in nights[line.human.key])]
        if here:
            grids.month_tab(book, grid, month, here, nights)
    yield book, None


def in_month(day: date, first: date) -> bool:
    return (day.year, day.month) == (first.year, first.month)


def _bed_book(book: Book) -> Iterator[tuple[Book, None]]:
    lines = [line for line in residents(book, _people(book), book.rng.choice((24, 40))) if not line.left]
    seen = {}
    for line in lines:
        seen.setdefault(line.slot, line)
    places = [_place(book, line) for line in seen.values()]
    plans.plan_tab(book, places)
    if not book.is_csv:
        if chance(book.rng, 0.6):
            here = [place.line for place in places if place.line and place.state == "occupied"]
            resident_tab(book, [replace(line, doubt=False) for line in here], faults=2)
        if chance(book.rng, 0.4):
            plans.capacity_tab(book, [place.slot for place in places])
    yield book, None


def _place(book: Book, line: Line) -> plans.Place:
    if line.human is None:
        return plans.Place(line.slot, "free" if chance(book.rng, 0.6) else "out_of_order")
    state = "reserved" if chance(book.rng, 0.06) else "occupied"
    return plans.Place(line.slot, state, line)


def _waiting_book(book: Book) -> Iterator[tuple[Book, dict | None]]:
    """A waiting list, and usually the same file a week later: lines gone, lines added, answers written in."""
    people = _people(book)
    table, rendered, top = waiting_tab(book, requests(book, people, book.rng.choice((25, 50))))
    base_name, book.name = book.name, f"{book.name}_v1"
    yield book, None
    dittos = any("ditto" in written.flags for line in rendered for written in line.cells.values())
    if dittos or chance(book.rng, 0.3):
        return
    later = Book(f"{base_name}_v2", book.site, book.form, book.language, book.today + timedelta(days=7), book.rng)
    kept = [line for line in rendered if chance(book.rng, 0.93)]
    extra = [Line(people.person(), asked=book.today + timedelta(days=day)) for day in (1, 2, 2, 5)]
    table.book, table.page, table.pen.today = later, later.page(book.pages[0].name), later.today
    added = [table.render(line) for line in extra]
    for line in book.rng.sample(kept, 2):
        if "outcome" in table.keys:
            line.cells["outcome"] = table.pen.outcome()
    table.lay([*kept, *added], 2 if top > 1 else 1)
    if top > 1:
        later.pages[0].put(1, 1, edges.pick(book.rng, "title_waiting", book.language, site=book.site))
        later.ledger.set_aside(later.pages[0], 1, "title")
    known = set(book.ledger.appears)
    yield later, _reimport(book, later, known)


def _reimport(base: Book, later: Book, known: set[str]) -> dict:
    of_row = {(sheet, row): key for key, rows in later.ledger.appears.items() for sheet, row in rows}
    rows = [[*place, "matched" if key in known else "new"] for place, key in sorted(of_row.items())]
    gone = [place for key, places in base.ledger.appears.items() if key not in later.ledger.appears for place in places]
    return {"base": base.file_name, "rows": rows, "removed_from_base": gone}


MAKERS = {
    "resident": _resident_book,
    "presence": _presence_book,
    "bed": _bed_book,
    "waiting": _waiting_book,
}
