"""Writing many rows by COPY."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models, transaction
from psycopg import sql


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Keys for ``count`` new rows, so that rows which point at each other can be written in one go each."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [key for (key,) in cursor.fetchall()]


def copy_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write new rows by COPY, about ten times as fast as INSERT. JSON values come as text; ``fields`` are model fields.

    What COPY leaves out gets the database's default, not Django's.
    """
    columns = [str(getattr(model._meta.get_field(field), "column", field)) for field in fields]
    names = {
        "table": sql.Identifier(model._meta.db_table),
        "columns": sql.SQL(", ").join([sql.Identifier(column) for column in columns]),
    }
    ready = list(rows)  # a query made while the rows are made would wait for the COPY, and it for the query
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_text(BESIDE.format(**names)))
        with cursor.copy(sql.SQL("COPY copied ({columns}) FROM STDIN").format(**names)) as copy:
            for row in ready:
                copy.write_row(row)
        cursor.execute(_text(INTO.format(**names)))
        cursor.execute("DROP TABLE copied")


# Row-level security takes no COPY: the rows land beside the table first.
BESIDE = sql.SQL("CREATE TEMPORARY TABLE copied ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA")
INTO = sql.SQL("INSERT INTO {table} ({columns}) SELECT {columns} FROM copied")


def _text(statement: sql.Composed) -> str:
    """As text: pghistory looks into what is executed."""
    return statement.as_string(None)
