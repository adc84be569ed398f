"""Tests speak to the database as the house does, and row-level security holds in them.

The owner creates and migrates the test database. Then the connection logs in as the superuser, which may become any
role: a test arranges and looks as maintenance, which sees every row; each request, and each scope of a user, runs as
the application. Tests that commit get the database back as a copy of a pristine one: nobody truncates its tables.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar

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
from django.db.backends.signals import connection_created
from django.test import Client, TransactionTestCase
from django.test.client import ClientHandler
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases
from django.utils import timezone
from psycopg import sql

from shelter import identity
from shelter.audit.models import Entry
from shelter.embedded.home import Home

APP, MAINTENANCE = "maisonnee_app", "maisonnee_maintenance"


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """In place of pytest-django's, which makes no database for a module whose fixtures alone use one."""
    with django_db_blocker.unblock():
        databases = setup_databases(verbosity=0, interactive=False)
        owner = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
        give_the_database_our_clock()
        connection.close()
        copy_database(connection.settings_dict["NAME"], pristine_name())
        connection.settings_dict |= {"USER": "postgres", "PASSWORD": Home.from_environment().secrets["postgres"]}
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", restore_database)
    patch.setattr(ClientHandler, "__call__", answer_as_application(ClientHandler.__call__))
    patch.setattr(identity, "tell_the_database", act_as_application(identity.tell_the_database))
    connection_created.connect(begin_as_who_it_is)
    yield
    connection_created.disconnect(begin_as_who_it_is)
    patch.undo()
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict |= owner
        as_superuser(drop(pristine_name()))
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


def become(role: str, *, local: bool = False) -> None:
    """Past Django's cursors, so that no test counts it. A connection still to come begins as it should."""
    if connection.connection is None:
        return
    statement = sql.SQL("SET LOCAL SESSION AUTHORIZATION {}" if local else "SET SESSION AUTHORIZATION {}")
    connection.connection.execute(statement.format(sql.Identifier(role)))
    connection.connection.execute("SELECT set_config('tests.clock', %s, false)", [timezone.now().isoformat()])


def give_the_database_our_clock() -> None:
    """Rights hold at an hour, and tests choose the hour."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION house_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE "
            "RETURN COALESCE(nullif(current_setting('tests.clock', true), '')::timestamptz, now())"
        )


def begin_as_who_it_is(**_kwargs: object) -> None:
    """A thread of the live server serves pages; any other connection is a test's own."""
    become(APP if serving() else MAINTENANCE)


def serving() -> bool:
    return serves.get() or "process_request" in threading.current_thread().name


serves: ContextVar[bool] = ContextVar("serves", default=False)


@contextmanager
def as_application() -> Iterator[None]:
    """Inside, the test itself is the application, and acts for nobody unless it opens a scope."""
    token = serves.set(True)
    try:
        become(APP)
        yield
    finally:
        serves.reset(token)
        become(MAINTENANCE)


def answer_as_application(answer: Callable) -> Callable:
    def answered(handler: ClientHandler, environ: dict) -> object:
        with as_application():
            return answer(handler, environ)

    return answered


def act_as_application(tell_the_database: Callable[[int | None], None]) -> Callable[[int | None], None]:
    """A scope of a user runs as the application, and its end gives the test its own role back."""

    def tell(user_id: int | None) -> None:
        tell_the_database(user_id)
        if not serving():
            become(MAINTENANCE if user_id is None else APP, local=True)

    return tell


SCOPE = ("SAVEPOINT", "RELEASE SAVEPOINT", "SELECT set_config")
RECORD = "INSERT INTO audit_entry"


@pytest.fixture
def entries() -> Callable[..., list[Entry]]:
    """``entries(action="open")``: the rows of the record so far that have these values, oldest first."""

    def found(**values: object) -> list[Entry]:
        return list(Entry.objects.filter(**values).order_by("pk"))

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
    create = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy")
    owner = settings.OWNER_DATABASE["USER"]
    as_superuser(drop(target), create.format(*map(sql.Identifier, (target, owner, source))))


def drop(name: str) -> sql.Composed:
    return sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))


def as_superuser(*statements: sql.Composed) -> None:
    """Nobody less may end the sessions of a live server, which logged in as the superuser before they became the app."""
    owner = settings.OWNER_DATABASE
    with psycopg.connect(
        host=owner["HOST"],
        port=owner["PORT"] or None,
        user="postgres",
        password=Home.from_environment().secrets["postgres"],
        dbname="postgres",
        autocommit=True,
    ) as server:
        for statement in statements:
            server.execute(statement)
