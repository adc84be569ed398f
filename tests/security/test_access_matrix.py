"""Every address, for every role: at its own site, at another, after its time, signed out (A2). The policy table says
what to expect.

A new page is covered as soon as it is in the URL map. When one of these tests names it:

- decorate the view with ``@requires(Can.X)``, or ``@open_to("signed in")`` if it shows nobody's data;
- let the path's arguments have the names of ``OBJECTS`` in ``world.py``, or give a new kind of object to ``Place`` there;
- fetch through ``.visible_to(request.user, Can.X)``: another site's object is 404, for every method.
"""

import pytest
from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client

from shelter.accounts.addresses import OPEN, Address, addresses
from shelter.accounts.policy import Can, Role
from tests.security.addresses import names_an_object, path_at
from tests.security.conftest import unwritten
from tests.security.world import OBJECTS, Place, World

ADDRESSES = addresses()
OURS = [address for address in ADDRESSES if isinstance(address.action, Can)]
METHODS = ("get", "post")


def answer(client: Client, method: str, path: str) -> int:
    with unwritten():
        return getattr(client, method)(path).status_code


def expected(address: Address, role: Role, place: Place, world: World) -> str:
    """What the table promises: ``answers``, ``refused`` (403) or ``unknown`` (404)."""
    if role not in address.action.roles():
        return "refused"
    if place is world.own or role is Role.PLATFORM_ADMIN or not names_an_object(address):
        return "answers"
    return "unknown"


def outcome(status: int) -> str:
    words = {403: "refused", 404: "unknown"}
    return words.get(status, "answers" if status < 500 else f"fails with {status}")


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
        # A role without the action is refused before any object is looked up: one place is enough then.
        places = ("own", "sister", "foreign") if role in address.action.roles() else ("own",)
        for where in places:
            place = getattr(world, where)
            promised = expected(address, role, place, world)
            for method in METHODS:
                status = answer(clients[user], method, path_at(address, place))
                # Which methods a page knows is no secret: "not allowed" may come before any other refusal.
                if status != 405 and outcome(status) != promised:
                    wrong.append(f"{role} {method} at {where} site: {outcome(status)} ({status}), promised {promised}")
            if not names_an_object(address):
                break
    assert not wrong, f"{address} ({address.action.value}):\n" + "\n".join(wrong)


@pytest.mark.parametrize("address", OURS, ids=str)
def test_whose_time_is_over_is_refused_everywhere(world, clients, address):
    for role in address.action.roles():
        for method in METHODS:
            status = answer(clients[world.leavers[role]], method, path_at(address, world.own))
            assert status in {403, 405}, f"{role} {method} after the end"


@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_who_is_signed_out_is_asked_to_sign_in(world, address):
    for method in METHODS:
        with unwritten():
            response = getattr(Client(), method)(path_at(address, world.own))
        if address.action == OPEN:
            assert response.status_code != 500  # readyz may say 503: no worker runs here
            assert not asks_to_sign_in(response), f"{address} is said to be open to everyone"
        else:
            assert response.status_code == 405 or asks_to_sign_in(response), f"{address} answers {method} to nobody"


def asks_to_sign_in(response) -> bool:
    return response.status_code == 302 and response.url.startswith(resolve_url(settings.LOGIN_URL) + "?")
