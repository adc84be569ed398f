"""Periods of nights: half-open, ``[start, end)``, over two date columns. No end: still running."""

from datetime import date

from django.contrib.postgres.fields import DateRangeField
from django.db.models import F, Func, GeneratedField, Q


def nights(start: str, end: str) -> GeneratedField:
    """The range of two date columns, kept by the database for its exclusion constraints.

    Queries ask the two dates instead: PostgreSQL does not use an index on a range beneath row-level security, because the
    range operators are not leakproof.
    """
    return GeneratedField(
        expression=Func(F(start), F(end), function="daterange"), output_field=DateRangeField(), db_persist=True
    )


def covering(start: str, end: str, night: date) -> Q:
    """Periods that hold this night."""
    return Q((f"{start}__lte", night)) & (Q((end, None)) | Q((f"{end}__gt", night)))


def meeting(start: str, end: str, first: date, until: date | None) -> Q:
    """Periods that share a night with ``[first, until)``; no ``until``: with any night from ``first`` on."""
    begun = Q() if until is None else Q((f"{start}__lt", until))
    return begun & (Q((end, None)) | Q((f"{end}__gt", first)))
