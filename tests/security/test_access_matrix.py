"""Every address, for every role: at its own site, at another, after its time, signed out (A2). The policy table says
what to expect.

A new page is covered as soon as it is in the URL map. When one of these tests names it:

- decorate the view with ``@requires(Can.X)``, or ``@open_to("signed in")`` if it shows nobody's data;
- let the path's arguments have the names of ``OBJECTS`` in ``world.py``, or give a new kind of object to ``Place`` there;
- fetch through ``.visible_to(request.user, Can.X)``: another site's object is 404, for every method.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import transaction
from django.shortcuts import resolve_url
from django.test import Client

from shelter.accounts.models import User
from shelter.accounts.policy import Can, Role
from tests.security.addresses import OPEN, Address, addresses
from tests.security.world import OBJECTS, Place, World, make_world

ADDRESSES = addresses()
OURS = [address for address in ADDRESSES if isinstance(address.action, Can)]
METHODS = ("get", "post")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """One network for the whole module; each request is undone by ``unwritten``."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@contextmanager
def unwritten() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def clients(world) -> dict[User, Client]:
    """Everybody signed in, once for the module."""
    signed_in = {user: Client() for user in (*world.users.values(), *world.leavers.values())}
    for user, client in signed_in.items():
        client.force_login(user)
    return signed_in


def answer(client: Client, method: str, path: str) -> int:
    with unwritten():
        return getattr(client, method)(path).status_code


def expected(address: Address, role: Role, place: Place, world: World) -> str:
    """What the table promises: ``answers``, ``refused`` (403) or ``unknown`` (404)."""
    if role not in address.action.roles():
        return "refused"
    if place is world.own or role is Role.PLATFORM_ADMIN or not address.names_an_object:
        return "answers"
    return "unknown"


def outcome(status: int) -> str:
    words = {403: "refused", 404: "unknown"}
    return words.get(status, "answers" if status < 500 else f"fails with {status}")


@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_every_address_says_who_may_open_it(address):
    assert address.action, (
        f"{address} has no action. Decorate its view with @requires(Can.X) or @open_to(…), "
        "or, for a view that is not ours, say why in tests/security/addresses.py: WITHOUT_ACTION."
    )


@pytest.mark.parametrize("address", OURS, ids=str)
def test_every_address_can_be_filled_with_objects(address):
    strange = [argument for argument in address.arguments if argument not in OBJECTS]
    assert not strange, (
        f"{address} takes {', '.join(strange)}, which the walk cannot fill. "
        "Use a name that tests/security/world.py: OBJECTS knows, or add the object there."
    )


@pytest.mark.parametrize("address", OURS, ids=str)
def test_every_role_gets_what_the_table_promises(world, clients, address):
    wrong = []
    for role, user in world.users.items():
        for where in ("own", "sister", "foreign"):
            place = getattr(world, where)
            promised = expected(address, role, place, world)
            for method in METHODS:
                status = answer(clients[user], method, address.at(place))
                # Which methods a page knows is no secret: "not allowed" may come before any other refusal.
                if status != 405 and outcome(status) != promised:
                    wrong.append(f"{role} {method} at {where} site: {outcome(status)} ({status}), promised {promised}")
            if not address.names_an_object:
                break
    assert not wrong, f"{address} ({address.action.value}):\n" + "\n".join(wrong)


@pytest.mark.parametrize("address", OURS, ids=str)
def test_whose_time_is_over_is_refused_everywhere(world, clients, address):
    for role, user in world.leavers.items():
        for method in METHODS:
            assert answer(clients[user], method, address.at(world.own)) in {403, 405}, f"{role} {method} after the end"


@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_who_is_signed_out_is_asked_to_sign_in(world, address):
    for method in METHODS:
        with unwritten():
            response = getattr(Client(), method)(address.at(world.own))
        if address.action == OPEN:
            assert response.status_code != 500  # readyz may say 503: no worker runs here
            assert not asks_to_sign_in(response), f"{address} is said to be open to everyone"
        else:
            assert response.status_code == 405 or asks_to_sign_in(response), f"{address} answers {method} to nobody"


def asks_to_sign_in(response) -> bool:
    return response.status_code == 302 and response.url.startswith(resolve_url(settings.LOGIN_URL) + "?")
