"""One small network for each module of these tests; what a request writes is undone at once."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.test import Client

from shelter.accounts.models import User
from tests.security.world import World, make_world


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def clients(world) -> dict[User, Client]:
    """Everybody signed in, once for the module."""
    signed_in = {user: Client() for user in world.everybody()}
    for user, client in signed_in.items():
        client.force_login(user)
    return signed_in


@contextmanager
def unwritten() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
