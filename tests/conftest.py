"""Tests speak to the database as the application does: as a role that owns nothing.

The owner creates and migrates the test database, then the connection becomes the application's. Such a role cannot
TRUNCATE, so tests that commit get the database back as a copy of a pristine one, with what migrations put in it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg
import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.account.internal.userkit import user_id_to_str
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client, TransactionTestCase
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases
from psycopg import sql

from shelter.audit.models import Entry


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """In place of pytest-django's, which makes no database for a module whose fixtures alone use one."""
    with django_db_blocker.unblock():
        databases = setup_databases(verbosity=0, interactive=False)
        owner = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
        let_tests_read_the_record()
        connection.close()
        copy_database(connection.settings_dict["NAME"], pristine_name())
        connection.settings_dict |= {key: settings.APP_DATABASE[key] for key in owner}
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", restore_database)
    yield
    patch.undo()
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict |= owner
        as_owner(drop(pristine_name()))
        teardown_databases(databases, verbosity=0)


@pytest.fixture
def assert_page_queries() -> Callable[[int], AbstractContextManager[None]]:
    """``with assert_page_queries(7):`` a page asks the database for seven things.

    Beside opening and closing its scope, and one statement at most for the record of what it showed (C2).
    """

    @contextmanager
    def check(expected: int) -> Iterator[None]:
        with CaptureQueriesContext(connection) as captured:
            yield
        statements = [query["sql"].strip() for query in captured]
        asked = [sql for sql in statements if not sql.startswith((*SCOPE, RECORD))]
        assert sum(sql.startswith(RECORD) for sql in statements) <= 1
        assert len(asked) == expected, "\n".join([f"{len(asked)} queries, not {expected}:", *asked])

    return check


SCOPE = ("SAVEPOINT", "RELEASE SAVEPOINT", "SELECT set_config")
RECORD = "INSERT INTO audit_entry"


def let_tests_read_the_record() -> None:
    """The application cannot (C5), so tests ask the owner by a function that exists here only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION entries_of_the_record() RETURNS SETOF audit_entry LANGUAGE sql SECURITY DEFINER "
            "AS 'SELECT * FROM audit_entry ORDER BY id'"
        )


@pytest.fixture
def entries() -> Callable[..., list[Entry]]:
    """``entries(action="open")``: the rows of the record so far that have these values, oldest first."""

    def found(**values: object) -> list[Entry]:
        rows = Entry.objects.raw("SELECT * FROM entries_of_the_record()")
        return [row for row in rows if all(getattr(row, name) == value for name, value in values.items())]

    return found


AN_HOUR = 3600  # a client of a whole module may outlive five minutes


@pytest.fixture(scope="session", autouse=True)
def complete_sign_in() -> Iterator[None]:
    """``client.force_login(user)`` stands for a whole sign-in: the session has just used a second factor, too.

    The session says so as allauth would have it. Tests of signing in post the forms instead.
    """
    forced = Client._login

    def sign_in(client: Client, user, backend: str | None = None) -> None:
        forced(client, user, backend)
        session = client.session
        session.update(
            {
                AUTHENTICATION_METHODS_SESSION_KEY: [{"method": "mfa", "type": "totp", "at": time.time() + AN_HOUR}],
                _AUTHENTICATION_METHODS_USER_SESSION_KEY: user_id_to_str(user),
            }
        )
        session.save()

    patch = pytest.MonkeyPatch()
    patch.setattr(Client, "_login", sign_in)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def empty_cache():
    yield
    cache.clear()


def restore_database(_test: TransactionTestCase) -> None:
    connections.close_all()
    copy_database(pristine_name(), connection.settings_dict["NAME"])


def pristine_name() -> str:
    return f"{connection.settings_dict['NAME']}_pristine"


def copy_database(source: str, target: str) -> None:
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
    as_owner(drop(target), create.format(sql.Identifier(target), sql.Identifier(source)))


def drop(name: str) -> sql.Composed:
    return sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))


def as_owner(*statements: sql.Composed) -> None:
    owner = settings.OWNER_DATABASE
    with psycopg.connect(
        host=owner["HOST"],
        port=owner["PORT"] or None,
        user=owner["USER"],
        password=owner["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    ) as server:
        for statement in statements:
            server.execute(statement)
