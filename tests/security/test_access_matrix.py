"""Every address, for every role: at its own site, at another, after its time, signed out (A2). The policy table says
what to expect.

A new page is covered as soon as it is in the URL map. When one of these tests names it:

- decorate the view with ``@requires(Can.X)``, or ``@open_to("signed in")`` if it shows nobody else's data, and say why in
  ``addresses.py``: ``NO_ROLE``;
- let the path's arguments have the names of ``OBJECTS`` in ``world.py``, or give a new kind of object to ``Place`` there;
- fetch through ``.visible_to(request.user, Can.X)``: another site's object is 404, for every method.
"""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client

from shelter.accounts.addresses import OPEN, Address
from shelter.accounts.models import User
from shelter.accounts.policy import Can, Grant, Role, grants
from tests.security.addresses import (
    EVERY_ADDRESS,
    NO_ROLE,
    OF_NO_ROLE,
    OF_THE_TABLE,
    kinds_of,
    names_an_object,
    path_at,
)
from tests.security.conftest import unwritten
from tests.security.world import CONFIDED, OBJECTS, Place, World

METHODS = ("get", "post")


def answer(client: Client, method: str, path: str) -> int:
    with unwritten():
        return getattr(client, method)(path).status_code


def expected(address: Address, role: Role, place: Place, world: World, *, assigned: bool = False) -> str:
    """What the table promises: ``answers``, ``refused`` (403) or ``unknown`` (404)."""
    if role not in address.roles():
        return "refused"
    if not names_an_object(address) or role is Role.PLATFORM_ADMIN:
        return "answers"
    opens = role in address.action.roles() or (
        assigned and any(within(grant, address) for grant in grants_of(role, address))
    )
    return "answers" if place is world.own and opens else "unknown"


def grants_of(role: Role, address: Address) -> list[Grant]:
    """The cells by which the role does what the address asks, for persons assigned to it."""
    need = address.action.needs[0]
    return [grant for grant in grants()[role, need.info_class] if need.accepts(grant)]


def within(grant: Grant, address: Address) -> bool:
    """Whether the limit of a grant leaves open what the address names: of what is confided, its first kind.

    The person of this world has agreed to share interviews with the jurist; nothing of theirs is marked as evidence.
    """
    names_a_row = bool(kinds_of(address)) or address.name in {"casework:give_consent", "casework:withdraw_consent"}
    closed = {"consent": True, "mediation": names_a_row, "if evidence": names_a_row}
    return not closed.get(grant.limit, False)


def outcome(status: int) -> str:
    words = {403: "refused", 404: "unknown"}
    return words.get(status, "answers" if status < 500 else f"fails with {status}")


@pytest.mark.parametrize("address", OF_THE_TABLE, ids=str)
def test_every_address_can_be_filled_with_objects(address):
    strange = [argument for argument in address.arguments if argument not in OBJECTS and argument not in CONFIDED]
    assert not strange, (
        f"{address} takes {', '.join(strange)}, which the walk cannot fill. "
        "Use a name that tests/security/world.py: OBJECTS knows, or add the object there."
    )


@pytest.mark.parametrize("address", OF_THE_TABLE, ids=str)
def test_every_role_gets_what_the_table_promises(world, clients, address):
    wrong = [
        complaint
        for role, user in world.users.items()
        for complaint in broken_promises(address, role, clients[user], world, assigned=False)
    ]
    assert not wrong, f"{address} ({address.action.value}):\n" + "\n".join(wrong)


@pytest.mark.parametrize("address", [address for address in OF_THE_TABLE if address.if_assigned], ids=str)
def test_every_role_gets_what_the_table_promises_for_the_persons_assigned_to_it(world, clients, address):
    wrong = [
        complaint
        for role, user in world.assigned.items()
        for complaint in broken_promises(address, role, clients[user], world, assigned=True)
    ]
    assert not wrong, f"{address} ({address.action.value}):\n" + "\n".join(wrong)


def broken_promises(address: Address, role: Role, client: Client, world: World, *, assigned: bool) -> Iterator[str]:
    # A role without the action is refused before any object is looked up: one place is enough then.
    places = ("own", "sister", "foreign") if names_an_object(address) and role in address.roles() else ("own",)
    for where in places:
        place = getattr(world, where)
        promised = expected(address, role, place, world, assigned=assigned)
        for method in METHODS:
            status = answer(client, method, path_at(address, place))
            # Which methods a page knows is no secret: "not allowed" may come before any other refusal.
            if status != 405 and outcome(status) != promised:
                yield f"{role} {method} at {where} site: {outcome(status)} ({status}), promised {promised}"


@pytest.mark.parametrize("address", OF_THE_TABLE, ids=str)
def test_whose_time_is_over_is_refused_everywhere(world, clients, address):
    for role in address.roles():
        for method in METHODS:
            status = answer(clients[world.leavers[role]], method, path_at(address, world.own))
            assert status in {403, 405}, f"{role} {method} after the end"


def test_no_page_does_without_a_role_by_forgetting():
    assert {address.name for address in OF_NO_ROLE} == NO_ROLE.keys()


@pytest.mark.parametrize("address", OF_NO_ROLE, ids=str)
def test_a_page_without_a_role_answers_everybody_alike_and_names_nobody_elses_things(world, clients, address):
    asker = Client()
    asker.force_login(world.own.colleague)
    browsers = {user: clients[user] for user in (*world.users.values(), *world.leavers.values())}
    browsers[world.own.colleague] = asker
    wrong = [
        f"{user.memberships.first()} {method} at {where} site: {outcome(status)} ({status}), promised {promised}"
        for method in METHODS
        for where in (("own", "sister", "foreign") if address.arguments else ("own",))
        for place in [getattr(world, where)]
        for alike in [outcome(answer(asker, method, path_at(address, place)))]
        for user, client in browsers.items()
        for promised in [expected_of_export(address, user, place, world) if "export" in address.arguments else alike]
        for status in [answer(client, method, path_at(address, place))]
        if status != 405 and outcome(status) != promised
    ]
    assert not wrong, "\n".join(wrong)


def expected_of_export(address: Address, user: User, place: Place, world: World) -> str:
    """It is for its asker, and for who may allow it."""
    asked = place is world.own and user == world.own.colleague
    allows = place is world.own and user.access.may(Can.APPROVE_EXPORT, place.site.pk)
    return "answers" if asked or (allows and address.name != "exports:give_up") else "unknown"


@pytest.mark.parametrize("address", EVERY_ADDRESS, ids=str)
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
