"""What an address does not take it refuses to everybody alike; by it nobody learns and nothing changes (A2).

Every address, for one person of each kind: who may, who may not, whose time is over, who is signed out.
"""

from collections.abc import Iterator

import pytest
from django.test import Client

from shelter.accounts.addresses import OPEN, Address
from shelter.accounts.policy import Role
from shelter.headers import METHODS
from tests.security.addresses import EVERY_ADDRESS, path_at
from tests.security.conftest import unwritten
from tests.security.crawl import text_of
from tests.security.test_access_matrix import asks_to_sign_in
from tests.security.test_get_changes_nothing import writes
from tests.security.world import World

NEVER = ("put", "patch", "delete", "options", "trace")


def who_may(address: Address, world: World, clients) -> Client:
    """Their role opens the address at their site; where none is asked for, anybody's does."""
    return clients[world.assigned[min(address.roles(), default=Role.NIGHT_WATCH)]]


def everybody(address: Address, world: World, clients) -> Iterator[tuple[str, Client]]:
    yield "who is signed out", Client()
    if address.action == OPEN:
        return
    yield "who may", who_may(address, world, clients)
    without = set(Role) - address.roles()
    if without:
        yield "who may not", clients[world.users[min(without)]]
    yield "whose time is over", clients[world.leavers[min(address.roles(), default=Role.NIGHT_WATCH)]]


def test_the_house_is_looked_at_and_sent_to_and_nothing_else():
    assert METHODS == ("GET", "HEAD", "POST")


@pytest.mark.parametrize("address", EVERY_ADDRESS, ids=str)
def test_no_address_takes_another_method(world, clients, address):
    path = path_at(address, world.own)
    for who, client in everybody(address, world, clients):
        for method in NEVER:
            with unwritten():
                before = writes()
                response = getattr(client, method)(path)
                assert writes() == before, f"{method} by {who} changes something"
            assert (response.status_code, response.content) == (405, b""), f"{method} by {who}"


@pytest.mark.parametrize("address", EVERY_ADDRESS, ids=str)
def test_what_only_shows_takes_no_form_and_what_only_takes_one_shows_nothing(world, clients, address):
    path = path_at(address, world.own)
    for method in ("get", "post"):
        if ask(who_may(address, world, clients), method, path)[0].status_code != 405:
            continue
        for who, client in everybody(address, world, clients):
            response, changed = ask(client, method, path)
            assert response.status_code in {405, 403, 404} or asks_to_sign_in(response), f"{method} by {who}"
            assert not changed, f"{method} by {who} changes something"
            text = text_of(response).replace(path, "")
            assert not any(mark in text for place in (world.own, world.sister, world.foreign) for mark in place.marks)


@pytest.mark.parametrize("address", EVERY_ADDRESS, ids=str)
def test_a_glance_answers_as_a_look(world, clients, address):
    """HEAD: as GET, without the page."""
    path = path_at(address, world.own)
    for who, client in everybody(address, world, clients):
        look, written = ask(client, "get", path)
        glance, written_too = ask(client, "head", path)
        assert (glance.status_code, glance.get("Location")) == (look.status_code, look.get("Location")), who
        assert text_of(glance) == "", who
        assert written_too == written, who


def ask(client: Client, method: str, path: str):
    """The answer, and what it changed beside the traces of a look. The browser forgets it, too."""
    cookies = client.cookies.copy()
    with unwritten():
        before = writes()
        response = getattr(client, method)(path)
        after = writes()
    client.cookies = cookies
    return response, {table for table, count in after.items() if count != before.get(table, 0)}
