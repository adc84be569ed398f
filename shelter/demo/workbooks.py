"""The workbooks that the demo's teams keep, written from the story: what the importer is then given."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from shelter.demo.mess import grids, plans
from shelter.demo.mess.book import Book
from shelter.demo.mess.lists import Line
from shelter.demo.mess.population import Population
from shelter.demo.mess.sheets import resident_tab, waiting_tab
from shelter.demo.story import NIGHTS_BACK, Chronicle, Queue, Story

RESIDENT_COLUMNS = (
    *("ignore_number", "room", "bed", "last_name", "first_name", "birth_date", "gender", "nationality", "languages"),
    *("phone", "sp_number", "procedure", "arrival", "departure", "note"),
)
# Who keeps these lists: the house's coordinators write French, two teams Dutch.
LANGUAGE = {"Chic House": "nl", "Tritomas": "nl"}
UNFINISHED_SITE = "Hôtel Léopold"


@dataclass(frozen=True)
class Batch:
    """Workbooks that one site uploads together."""

    site: str
    paths: list[Path]


def write_workbooks(story: Story, folder: Path) -> list[Batch]:
    """All workbooks, in the order of the imports: houses and their nights, then the waiting lists."""
    folder.mkdir(parents=True, exist_ok=True)
    houses = [_house_book(story, chronicle) for chronicle in story.chronicles]
    queues = [_waiting_book(story, queue, lines) for queue, lines in story.waiting]
    return [Batch(book.site, [book.save(folder)]) for book in houses + queues]


def write_unfinished(story: Story, folder: Path) -> Batch:
    """A list that raises questions: people known under other spellings, newcomers, and values that cannot be right."""
    chronicle = next(chronicle for chronicle in story.chronicles if chronicle.house.site == UNFINISHED_SITE)
    book = _book(story, UNFINISHED_SITE, "arrivées de la semaine", "xlsx", tidy=False)
    known = [line for line in chronicle.present if line.slot][:14]
    people = Population(book.rng, year=story.tonight.year, prefix="N")
    newcomers = [Line(people.person("m"), None, story.tonight - timedelta(days=day)) for day in range(6)]
    respelt = [replace(line, human=line.human.respelt(book.rng)) for line in known]
    for index in (1, 4, 7, 11):  # nothing beside the name: somebody has to say who it is
        respelt[index].human = replace(known[index].human, birth=None, phone="")
    keys = ["ignore_number", "name", "birth_date", "nationality", "phone", "room", "bed", "arrival", "note"]
    resident_tab(book, [*respelt, *newcomers], faults=4, keys=keys)
    return Batch(UNFINISHED_SITE, [book.save(folder)])


def _book(story: Story, site: str, title: str, form: str, *, tidy: bool = True) -> Book:
    rng = Random(f"{site}/{title}")  # noqa: S311 — a repeatable layout, no secret
    form = "csv;8" if form == "csv" else form
    return Book(f"{site} - {title}", site, form, LANGUAGE.get(site, "fr"), story.tonight, rng, tidy=tidy)


def _house_book(story: Story, chronicle: Chronicle) -> Book:
    """One workbook a house, as most teams keep it: residents, the plan of the beds, then a tab for each month of nights."""
    house = chronicle.house
    book = _book(story, house.site, "registre", house.form)
    resident_tab(book, chronicle.stays, faults=0, keys=list(RESIDENT_COLUMNS))
    plans.plan_tab(book, list(_plan(chronicle)))
    grid = grids.Grid.drawn(book, chronicle.slots)
    stays = sorted(chronicle.stays, key=lambda line: (line.slot.floor, int(line.slot.room), line.slot.bed))
    for month in _months(story.tonight - timedelta(days=NIGHTS_BACK), story.tonight - timedelta(days=1)):
        here = [
            line
            for line in stays
            if any((day.year, day.month) == (month.year, month.month) for day in chronicle.nights[line.human.key])
        ]
        grids.month_tab(book, grid, month, here, chronicle.nights)
    return book


def _plan(chronicle: Chronicle) -> Iterator[plans.Place]:
    taken = {line.slot: line for line in chronicle.present}
    for slot in chronicle.slots:
        if slot in taken:
            yield plans.Place(slot, "occupied", taken[slot])
        else:
            yield plans.Place(slot, "out_of_order" if slot in chronicle.closed else "free")


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def _waiting_book(story: Story, queue: Queue, lines: list[Line]) -> Book:
    book = _book(story, queue.site, "liste d'attente", queue.form)
    waiting_tab(book, lines, faults=0)
    return book
