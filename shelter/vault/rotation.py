"""Which key of the ring wraps which data keys, and how they come under the one in use (D3).

Rotation wraps data keys anew and leaves what they seal as it is, so it touches one small column a row. Readers are not
held up: a row is locked for its own update only, and a process knows every key of its ring.
"""

import time
from collections.abc import Iterator
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import connection, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import BinaryField, Model
from django.db.models.functions import Substr
from psycopg import sql

from shelter.definer import ROLE
from shelter.vault.envelope import Unreadable
from shelter.vault.fields import WrappedKeyField
from shelter.vault.ring import key_ring

BATCH = 500
PAUSE = 0.2  # seconds, for rows that somebody holds
PATIENCE = 50  # pauses in a row

# As definer: the application must learn at its start which keys it needs, and sees no row then.
FUNCTION = """
CREATE OR REPLACE FUNCTION vault_ring_keys() RETURNS TABLE (ring_key text, place text, count bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ {} $$;
REVOKE EXECUTE ON FUNCTION vault_ring_keys() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vault_ring_keys() TO {}, {}
"""
COUNT = """
SELECT convert_from(substring({column} FROM 1 FOR position('\\x3a'::bytea IN {column}) - 1), 'UTF8'), {place}, count(*)
FROM {table} WHERE {column} IS NOT NULL GROUP BY 1
"""


class Use(NamedTuple):
    """``keys`` data keys in the column ``place`` are wrapped by the ring's key of this name."""

    ring_key: str
    place: str
    keys: int


def key_columns() -> list[tuple[type[Model], str]]:
    """Every column that holds wrapped keys: its model and its name."""
    return [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, WrappedKeyField)
    ]


def check_histories(**_kwargs: object) -> list[CheckMessage]:
    """No history keeps a key: a copy would outlive its destruction, and rotation may not change versions."""
    wrapped = set(key_columns())
    return [
        Error(f"{model._meta.label} keeps versions of {field.name}.", "Leave it out: exclude=[…].", model, "vault.E001")
        for model in apps.get_models()
        for field in model._meta.local_fields
        if (getattr(model, "pgh_tracked_model", None), field.name) in wrapped
    ]


def tell_the_database(using: str, **_kwargs: object) -> None:
    """After each ``migrate``: a function that counts the keys of all columns there are."""
    count = sql.SQL(" UNION ALL ").join(
        sql.SQL(COUNT).format(
            table=sql.Identifier(model._meta.db_table),
            column=sql.Identifier(name),
            place=sql.Literal(f"{model._meta.db_table}.{name}"),
        )
        for model, name in key_columns()
    )
    callers = (settings.APP_DATABASE["USER"], settings.MAINTENANCE_DATABASE["USER"])
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(ROLE)))
        cursor.execute(sql.SQL(FUNCTION).format(count, *(sql.Identifier(str(role)) for role in callers)))
        cursor.execute("RESET ROLE")


def uses(cursor: CursorWrapper) -> list[Use]:
    """All that is wrapped, by key and column. Nothing in a database that is not migrated so far."""
    cursor.execute("SELECT to_regprocedure('vault_ring_keys()') IS NOT NULL")
    if not cursor.fetchone()[0]:
        return []
    cursor.execute("SELECT * FROM vault_ring_keys() ORDER BY 1, 2")
    return [Use(*row) for row in cursor.fetchall()]


def old_uses() -> list[Use]:
    """What another key than the one in use still wraps."""
    with connection.cursor() as cursor:
        return [use for use in uses(cursor) if use.ring_key != key_ring().current]


def open_all() -> tuple[int, int]:
    """Try this ring on every wrapped key: how many there are, and how many of them it does not open."""
    tried = unopened = 0
    for model, column in key_columns():
        for wrapped in model._base_manager.exclude(**{column: None}).values_list(column, flat=True).iterator():
            tried += 1
            try:
                key_ring().unwrap(wrapped)
            except Unreadable:
                unopened += 1
    return tried, unopened


def rotate() -> Iterator[int]:
    """Wrap every data key by the ring's key in use, a batch at a time; how many in each.

    Each batch is a transaction of its own, so a run that was cut short is taken up by the next. Rows that somebody holds
    get another turn, for ten seconds after the last success. Raises ``Unreadable`` for a key that the ring lacks.
    """
    idle = 0
    while old_uses() and idle < PATIENCE:
        done = 0
        for model, column in key_columns():
            while count := _wrap_anew(model, column):
                done += count
                yield count
        if done:
            idle = 0
        else:
            idle += 1
            time.sleep(PAUSE)


@transaction.atomic
def _wrap_anew(model: type[Model], column: str) -> int:
    ring = key_ring()
    current = f"{ring.current}:".encode()
    rows = list(
        model._base_manager.filter(**{f"{column}__isnull": False})
        .annotate(wrapped_by=Substr(column, 1, len(current), output_field=BinaryField()))
        .exclude(wrapped_by=current)
        .select_for_update(of=("self",), skip_locked=True, no_key=True)
        .only("pk", column)[:BATCH]
    )
    for row in rows:
        setattr(row, column, ring.wrap(ring.unwrap(getattr(row, column))))
    model._base_manager.bulk_update(rows, [column])
    return len(rows)
