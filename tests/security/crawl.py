"""What one person can get out of the house: every address they may open, and wherever its answers lead.

An answer is not kept, only which marks of the three sites were in its bytes.
"""

import io
import re
import zipfile
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve, reverse

from shelter.accounts.addresses import Address
from shelter.accounts.models import User
from shelter.accounts.policy import Role
from tests.searching import searched
from tests.security.addresses import OF_NO_ROLE, OF_THE_TABLE, kinds_of, names_an_object, path_at
from tests.security.conftest import unwritten
from tests.security.links import Links
from tests.security.world import FIRST_NAME, World

PART = {"HX-Request": "true"}
MOST_ALIKE = 1  # address of one view, asked the same way, that is followed from page to page beside those of the map


Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Asked:
    """``sends``: the form that is posted. ``found_on``: the page that leads here; none for what the map of addresses gives."""

    path: str
    by_htmx: bool = False
    sends: Fields | None = None
    found_on: str = ""

    def __str__(self) -> str:
        how = "get" if self.sends is None else "post"
        return f"{how}{' by htmx' * self.by_htmx} {self.path}{self.found_on and f', from {self.found_on}'}"

    @property
    def view(self) -> str:
        try:
            return resolve(self.path.partition("?")[0]).view_name
        except Resolver404:
            return ""

    @property
    def alike(self) -> tuple[object, ...]:
        """The same for all that ask one view, or search one page, for the same things, whatever the values."""
        asked_for = [*parse_qsl(urlsplit(self.path).query), *(self.sends or ())]
        page = next((Asked(value).view for name, value in asked_for if name == "page" and value.startswith("/")), "")
        return self.view, page, tuple(sorted(name for name, value in asked_for if value)), self.by_htmx


@dataclass(frozen=True)
class Answer:
    asked: Asked
    status: int
    marks: frozenset[str]


@dataclass
class Crawl:
    """Of one person through the house. What a request writes is undone at once."""

    user: User
    client: Client
    world: World
    done: set[Asked] = field(default_factory=set)
    followed: Counter = field(default_factory=Counter)

    def answers(self) -> list[Answer]:
        """To the map of addresses, as far as it opens to the role, and from the answers on to where they lead."""
        role = Role(self.user.memberships.get().role)
        opened = [address for address in OF_THE_TABLE if role in address.roles() and self.user.access.roles]
        queue = deque([Asked("/")])
        queue.extend(Asked(path_at(address, self.world.own)) for address in OF_NO_ROLE)
        for address in opened:
            queue.extend(self.ways_to_ask(address))
        found = []
        while queue:
            asked = queue.popleft()
            if self.is_new(asked):
                answer, led_to = self.ask(asked)
                found.append(answer)
                queue.extend(led_to)
        return found

    def ways_to_ask(self, address: Address) -> Iterator[Asked]:
        """As a page, as a search, for the other sites; and with a form that says nothing, for what the refusal tells."""
        elsewhere = [place.site.slug for place in (self.world.sister, self.world.foreign)]
        search = urlencode(searched(self.user, q=FIRST_NAME, name=FIRST_NAME))
        for path in sorted({path_at(address, self.world.own, kind) for kind in kinds_of(address) or (None,)}):
            yield Asked(path)
            yield Asked(path, sends=(("purpose", "test"),))
            if not names_an_object(address):
                yield Asked(f"{path}?{search}", by_htmx=True)
                yield Asked(f"{path}?site={elsewhere[0]}")
                yield Asked(f"{path}?site={elsewhere[1]}&{search}", by_htmx=True)

    def is_new(self, asked: Asked) -> bool:
        this = replace(asked, found_on="")
        if this in self.done or (asked.found_on and self.followed[asked.alike] >= MOST_ALIKE):
            return False
        self.done.add(this)
        if asked.found_on:
            self.followed[asked.alike] += 1
        return True

    def ask(self, asked: Asked) -> tuple[Answer, list[Asked]]:
        headers = PART if asked.by_htmx else {}
        with unwritten():
            if asked.sends is None:
                response = self.client.get(asked.path, headers=headers)
            else:
                response = self.client.post(asked.path, dict(asked.sends), headers=headers)
                if response.status_code == 302 and response.url.startswith("/exports/"):
                    response = self.client.post(f"{response.url}download/")
            text = text_of(response)
        answer = Answer(asked, response.status_code, frozenset(marks_in(text, self.world)))
        return answer, list(led_to(asked, response, text))


def led_to(asked: Asked, response, text: str) -> Iterator[Asked]:
    """Not from a form that would write: its answer was undone."""
    if asked.sends is not None and asked.view != "ui:search":
        return
    if response.status_code == 302:
        yield Asked(response.url, asked.by_htmx, found_on=asked.path)
    elif response.status_code == 200 and response["Content-Type"].startswith("text/html"):
        links = Links(asked.path, text)
        for path, by_htmx in sorted(links.gets):
            yield Asked(path, by_htmx, found_on=asked.path)
        for fields in sorted(links.searches):
            yield Asked(reverse("ui:search"), by_htmx=True, sends=fields, found_on=asked.path)


def marks_in(text: str, world: World) -> Iterator[str]:
    # A list of all countries says nothing of anybody; the country that is chosen in it does.
    text = re.sub(r"<option(?![^>]*\bselected\b)[^>]*>[^<]*</option>", "", text)
    for place in (world.own, world.sister, world.foreign):
        for mark in place.marks:
            if mark in text:
                yield mark


def text_of(response) -> str:
    """The answer as one text: files unpacked, telephone numbers without the spaces that people put in."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    text = content.decode(errors="replace")
    return text + re.sub(r"(?<=\d)[\s\u202f\u00a0]+(?=\d)", "", text)
