"""What a role may not know is in no byte of any answer: pages, htmx parts, files (A3, A4).

People carry their site's mark as a family name, and all have one first name, so that a search finds whom it may. Each
role, at its own site, opens every address it may open and asks for other sites by the ways that lists offer.
"""

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from django.test import Client

from shelter.accounts.addresses import Address, addresses
from shelter.accounts.policy import Can, Role
from tests.security.addresses import names_an_object, path_at
from tests.security.conftest import unwritten
from tests.security.world import FIRST_NAME, World

ADDRESSES = [address for address in addresses() if isinstance(address.action, Can)]
PART = {"HX-Request": "true"}


@pytest.mark.parametrize("role", list(Role))
def test_nothing_shows_that_the_role_may_not_know(world, clients, role):
    user = world.users[role]
    forbidden = {mark for place in (world.sister, world.foreign) for mark in (place.mark, place.phone)}
    if not user.access.may(Can.SEE_PEOPLE):
        forbidden.add(world.own.mark)
    if not user.access.may(Can.SEE_CONTACT):
        forbidden.add(world.own.phone)
    for address in ADDRESSES:
        if role in address.action.roles():
            for asked, text in answers(clients[user], address, world):
                shown = {mark for mark in forbidden if mark in text}
                assert not shown, f"{role} sees {', '.join(sorted(shown))} at {asked}"


def test_the_canaries_sing_where_they_may(world, clients):
    """Or the test above proves nothing."""
    seen = "".join(
        text
        for address in ADDRESSES
        if Role.DATA_ADMIN in address.action.roles()
        for _, text in answers(clients[world.users[Role.DATA_ADMIN]], address, world)
    )
    if any(address.name == "residents:people" for address in ADDRESSES):
        assert world.own.mark in seen
        assert world.own.phone in seen


def answers(client: Client, address: Address, world: World) -> Iterator[tuple[str, str]]:
    """Each way to ask, with the text of its answer."""
    path, elsewhere = path_at(address, world.own), [place.site.slug for place in (world.sister, world.foreign)]
    ways = [("", {}), (f"?q={FIRST_NAME}", PART)]
    if not names_an_object(address):
        ways += [(f"?site={elsewhere[0]}", {}), (f"?site={elsewhere[1]}&q={FIRST_NAME}", PART)]
    for query, headers in ways:
        with unwritten():
            yield f"{path}{query}", text_of(client.get(path + query, headers=headers))
    if "export" in address.name:
        with unwritten():
            yield f"{path} (post)", text_of(client.post(path, {"purpose": "test", "q": FIRST_NAME}))


def text_of(response) -> str:
    """The answer as one text: files unpacked, telephone numbers without the spaces that people put in."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    text = content.decode(errors="replace")
    return text + re.sub(r"(?<=\d)[\s\u202f\u00a0]+(?=\d)", "", text)
