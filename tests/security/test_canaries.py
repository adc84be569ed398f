"""What a role may not know is in no byte of any answer: pages, htmx parts, files (A3, A4).

People carry their site's mark as a family name, and all have one first name, so that a search finds whom it may. Each
role, at its own site, opens every address it may open and asks for other sites by the ways that lists offer.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from itertools import product
from urllib.parse import urlencode

import pytest
from django.test import Client

from casework.kinds import Kind
from shelter.accounts.addresses import Address, addresses
from shelter.accounts.models import User
from shelter.accounts.policy import Can, Mode, Role, grants
from tests.searching import searched
from tests.security.addresses import kinds_of, names_an_object, path_at
from tests.security.conftest import unwritten
from tests.security.world import FIRST_NAME, World

ADDRESSES = [address for address in addresses() if isinstance(address.action, Can)]
PART = {"HX-Request": "true"}
# A confidential address is read on the site's own pages, by those who work there: in no list, no file, no other page (A12).
STREET_AT = {"sites:site", "sites:edit"}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("assigned", [False, True], ids=["unassigned", "assigned"])
def test_nothing_shows_that_the_role_may_not_know(world, clients, role, assigned):
    user = (world.assigned if assigned else world.users)[role]
    elsewhere = (world.sister, world.foreign)
    forbidden = {mark for place in elsewhere for mark in place.marks}
    forbidden |= {secret for kind, secret in world.own.secrets.items() if not may_know(role, kind, assigned=assigned)}
    may = user.access.may_if_assigned if assigned else user.access.may
    if not may(Can.SEE_PEOPLE):
        forbidden.add(world.own.mark)
    if not may(Can.SEE_CONTACT):
        forbidden.add(world.own.phone)
    for address in ADDRESSES:
        if role in address.roles():
            for asked, text in answers(user, clients, address, world):
                shown = {mark for mark in forbidden if mark in text}
                assert not shown, f"{role} sees {', '.join(sorted(shown))} at {asked}"
                assert world.own.street not in text or address.name in STREET_AT, (
                    f"{asked} says where the refuge stands"
                )


# What each limit of the secrecy columns leaves of the kinds; the others leave all. Nothing here is marked as evidence.
LEFT_BY = {
    "minimal": {Kind.OUTCOME, Kind.INSTRUCTION},
    "outcome": {Kind.OUTCOME},
    "instruction": {Kind.INSTRUCTION},
    "mediation": {Kind.MEDIATION},
    "if evidence": set(),
    "consent": set(),
}


def may_know(role: Role, kind: Kind, *, assigned: bool) -> bool:
    """Whether the table lets the role read what the person confided of this kind."""
    return any(
        (kind is Kind.INSTRUCTION if grant.mode is Mode.SAFETY else kind in LEFT_BY.get(grant.limit, set(Kind)))
        for grant in grants()[role, kind.info_class]
        if grant.mode in {Mode.READ, Mode.WRITE, Mode.SAFETY} and (assigned or not grant.assigned_only)
    )


def test_what_is_confided_is_told_to_whom_the_table_lets_in(world, clients):
    """Or the test above proves nothing about secrecy."""
    for role, kind in product(Role, Kind):
        if may_know(role, kind, assigned=True) and Can.SEE_PEOPLE.roles_if_assigned() >= {role}:
            told = any(
                world.own.secrets[kind] in text
                for address in ADDRESSES
                if role in address.roles() and address.name.startswith("casework:")
                for _, text in answers(world.assigned[role], clients, address, world)
            )
            assert told, f"{role} never reads {kind}, and may"


def test_the_canaries_sing_where_they_may(world, clients):
    """Or the test above proves nothing."""
    seen = "".join(
        text
        for address in ADDRESSES
        if Role.DATA_ADMIN in address.roles()
        for _, text in answers(world.users[Role.DATA_ADMIN], clients, address, world)
    )
    assert world.own.street in seen
    if any(address.name == "residents:people" for address in ADDRESSES):
        assert world.own.mark in seen
        assert world.own.phone in seen


def answers(user: User, clients: Mapping[User, Client], address: Address, world: World) -> Iterator[tuple[str, str]]:
    """Each way to ask, with the text of its answer."""
    client = clients[user]
    elsewhere = [place.site.slug for place in (world.sister, world.foreign)]
    search = urlencode(searched(user, q=FIRST_NAME, name=FIRST_NAME))
    ways = [("", {}), (f"?{search}", PART)]
    if not names_an_object(address):
        ways += [(f"?site={elsewhere[0]}", {}), (f"?site={elsewhere[1]}&{search}", PART)]
    for path in {path_at(address, world.own, kind) for kind in kinds_of(address) or (None,)}:
        for query, headers in ways:
            with unwritten():
                yield f"{path}{query}", text_of(client.get(path + query, headers=headers))
        if "export" in address.name:
            with unwritten():
                response = client.post(path, {"purpose": "test"})
                if response.status_code == 302:
                    response = client.post(f"{response.url}download/")
                yield f"{path} (post)", text_of(response)


def text_of(response) -> str:
    """The answer as one text: files unpacked, telephone numbers without the spaces that people put in."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    text = content.decode(errors="replace")
    return text + re.sub(r"(?<=\d)[\s\u202f\u00a0]+(?=\d)", "", text)
