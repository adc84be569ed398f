"""Whatever names a person leaves a row of the record in the same request (C2): a view that forgets fails here.

The same small network and the same walk over the URL map as the canaries. When this names your view, call
``shelter.audit.reading`` with everybody whom the page shows.
"""

from collections.abc import Callable, Iterator

import pytest
from django.http import HttpResponse
from django.test import Client

from residents.models import Person
from shelter.accounts.addresses import Address, addresses
from shelter.accounts.models import User
from shelter.accounts.policy import Can, Role
from shelter.audit.actions import READINGS
from tests.searching import searched
from tests.security.addresses import path_at
from tests.security.conftest import unwritten
from tests.security.crawl import PART, text_of
from tests.security.world import FIRST_NAME, World

ADDRESSES = [address for address in addresses() if isinstance(address.action, Can)]


def asked(user: User, client: Client, address: Address, world: World) -> Iterator[Callable[[], HttpResponse]]:
    """Each way to ask. A search repeats its words, so nobody is looked for by a mark."""
    path = path_at(address, world.own)
    yield lambda: client.get(path)
    yield lambda: client.get(path, searched(user, q=FIRST_NAME, name=FIRST_NAME), headers=PART)
    yield lambda: client.post(path, {"purpose": "test"})


def named(text: str, world: World) -> set[int]:
    """Who is in the bytes of an answer: by the address of their file, beside the name that all of the site share."""
    text = text.replace(f"{world.own.mark}.xlsx", "")  # the workbook's own name is no person's
    if world.own.mark not in text:
        return set()
    return {person.pk for person in Person.objects.filter(last_name=world.own.mark) if str(person.public_id) in text}


@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_whoever_is_named_is_in_the_record(world, clients, entries, address):
    for role in address.roles():
        user = (world.assigned if address.if_assigned else world.users)[role]
        for ask in asked(user, clients[user], address, world):
            clients[user].cookies.pop("messages", None)  # of the request before: recorded there
            with unwritten():
                text = text_of(ask())
                rows = [row for row in entries(user_id=user.pk) if row.action in READINGS]
                recorded = {person for row in rows for person in row.persons}
                missing = named(text, world) - recorded
                assert not missing, f"{address} shows {role} persons {missing} and records {recorded}"
                if world.own.mark in text.replace(f"{world.own.mark}.xlsx", ""):
                    assert rows, f"{address} names somebody to {role} and leaves no row"


@pytest.mark.parametrize("role", [Role.NIGHT_WATCH, Role.VOLUNTEER, Role.INTERN])
def test_first_names_are_recorded_too(world, clients, entries, role):
    """Who may know no more than a first name and an initial reads identity all the same."""
    seen = 0
    for address in ADDRESSES:
        if role in address.action.roles() and not address.name.startswith("imports:"):
            with unwritten():
                if f"{FIRST_NAME} {world.own.mark[0]}." in text_of(
                    clients[world.users[role]].get(path_at(address, world.own))
                ):
                    seen += 1
                    assert entries(user_id=world.users[role].pk, info_class="identity"), f"{address} leaves no row"
    assert seen >= 2, "the board and the night list name people"


def test_no_row_no_page(world, clients, monkeypatch):
    """When the record cannot be written, the answer is an error that shows nothing."""
    client = clients[world.users[Role.SOCIAL_WORKER]]
    client.raise_request_exception = False
    monkeypatch.setattr("shelter.audit.ledger.WRITE", "INSERT INTO nowhere VALUES (%(lines)s)")
    with unwritten():
        response = client.get(f"/people/{world.own.person.public_id}/")
    client.raise_request_exception = True
    assert response.status_code == 500
    assert world.own.mark not in text_of(response)


def test_the_walk_finds_a_view_that_forgets(world, clients, entries, monkeypatch):
    """Or the walk proves nothing."""
    monkeypatch.setattr("residents.views.people.reading", lambda *_args, **_kwargs: None)
    people = next(address for address in ADDRESSES if address.name == "residents:people")
    with pytest.raises(AssertionError, match="residents:people"):
        test_whoever_is_named_is_in_the_record(world, clients, entries, people)
