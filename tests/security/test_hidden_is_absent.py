"""What one may not see answers exactly as what does not exist: same status, same bytes, as many questions asked (A3)."""

import re
import uuid

import pytest
from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext

from shelter.accounts.addresses import addresses
from shelter.accounts.policy import Can, Role
from tests.security.addresses import names_an_object, path_at
from tests.security.conftest import unwritten

ADDRESSES = [address for address in addresses() if isinstance(address.action, Can) and names_an_object(address)]
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What differs between any two answers: one-use numbers, the token against forgery, the reference to quote.
CHANGING = re.compile(
    r'<strong class="num">[2-9A-Z]{3}-[2-9A-Z]{3}</strong>|nonce="[^"]*"'
    r'|name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": *"[^"]*"|\b[0-9a-f]{8,32}\b'
)


def absent(path, place):
    """The same address, naming things that nobody has."""
    path = UUID.sub(lambda _: str(uuid.uuid4()), path)
    path = re.sub(r"/\d+(?=/)", "/999999999", path)
    for slug in (place.site.slug, place.site.organisation.slug):
        path = path.replace(f"/{slug}/", "/nothing-of-the-kind/")
    return path


def answer(client, method, path):
    reset_queries()  # its log has an end
    with unwritten(), CaptureQueriesContext(connection) as asked:
        response = getattr(client, method)(path)
    text = response.content.decode(errors="replace").replace(path, "")
    return response.status_code, CHANGING.sub("", UUID.sub("", text)), len(asked)


@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_hidden_and_absent_are_one_answer(world, clients, address):
    role = min(address.roles() - {Role.PLATFORM_ADMIN}, default=None)
    if role is None:
        assert address.action == Can.KEEP_NETWORK  # of the whole house: nothing is hidden from those who may
        return
    client = clients[world.users[role]]
    for method in ("get", "post"):
        for place in (world.sister, world.foreign):
            hidden = path_at(address, place)
            nothing = absent(hidden, place)
            answer(client, method, nothing)  # the first of a session notes that it is in use
            assert answer(client, method, hidden) == answer(client, method, nothing), f"{role} {method} {hidden}"
