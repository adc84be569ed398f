"""Changing data in a migration, past row-level security (A20, G6)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql


@contextmanager
def as_maintenance(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """What is done inside is done as the maintenance role; the owner, who migrates, sees no row of a guarded table.

    Count what it changes, before and after, and raise when they differ: then nothing is changed.
    """
    role = sql.Identifier(str(settings.MAINTENANCE_DATABASE["USER"]))
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(role))
        yield
        cursor.execute("RESET ROLE")
