"""What an import did to the house, row by row, and the way back.

The ledger looks at the rows that an import may touch before and after its transaction and keeps the difference, whatever
verb made it: created, changed (with the row before) or deleted. Undoing applies the difference backwards.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection, models
from psycopg import sql

from residents.models import BedAssignment, IntakeRequest, NightSheet, Person, Presence, Stay
from shelter.imports.models import Change, ImportJob
from sites.models import Bed, BedClosure, Room

Model = type[models.Model]
# Children first: the order in which created rows go.
MODELS: tuple[Model, ...] = (
    Presence, NightSheet, BedAssignment, IntakeRequest, Stay, Person, BedClosure, Bed, Room
)  # fmt: skip
BY_LABEL = {model._meta.label_lower: model for model in MODELS}


@dataclass
class Scope:
    """The rows that an import may touch. Rooms, beds and closures are those it makes."""

    site_id: int
    persons: set[int] = field(default_factory=set)
    nights: set[date] = field(default_factory=set)
    made: dict[Model, set[int]] = field(default_factory=lambda: defaultdict(set))

    def rows(self, model: Model) -> models.QuerySet[Any]:
        if model is Person:
            return Person.objects.filter(pk__in=self.persons)
        if model is BedAssignment:
            return BedAssignment.objects.filter(stay__person__in=self.persons)
        if model is NightSheet:
            return NightSheet.objects.filter(site=self.site_id, night__in=self.nights)
        if model in (Presence, Stay, IntakeRequest):
            return model._default_manager.filter(person__in=self.persons)
        return model._default_manager.filter(pk__in=self.made[model])


class Ledger:
    """``before`` is taken when it is made; ``write`` compares and keeps the difference."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.before = {model: dict(_snapshot(model, scope)) for model in MODELS}

    def write(self, job: ImportJob) -> dict[str, int]:
        """Write the changes down. Returns how many rows of each model were created."""
        created: dict[str, int] = {}
        for model in MODELS:
            before, label = self.before[model], model._meta.label_lower
            created[label] = _write_created(job, model, self.scope, before)
            after = dict(_snapshot(model, self.scope, only=list(before)))
            Change.objects.bulk_create(
                Change(job=job, model=label, object_id=key, before=row, digest=digest)
                for key, (row, old) in before.items()
                if (digest := after[key][1] if key in after else "") != old
            )
        return created


def _snapshot(model: Model, scope: Scope, only: Sequence[int] | None = None) -> Iterable[tuple[int, tuple[Any, str]]]:
    """``(id, (row as JSON, digest))`` of the rows in scope."""
    keys = list(scope.rows(model).values_list("pk", flat=True)) if only is None else list(only)
    if not keys:
        return
    statement = sql.SQL("SELECT t.id, to_jsonb(t)::text, md5(t::text) FROM {} t WHERE t.id = ANY(%s)")
    with connection.cursor() as cursor:
        cursor.execute(_text(statement.format(sql.Identifier(model._meta.db_table))), [keys])
        for key, row, digest in cursor:
            yield key, (json.loads(row), digest)


def _text(statement: sql.Composable) -> str:
    """As text: pghistory looks into what is executed."""
    return statement.as_string(None)


def _write_created(job: ImportJob, model: Model, scope: Scope, before: Collection[int]) -> int:
    keys = list(scope.rows(model).exclude(pk__in=list(before)).values_list("pk", flat=True))
    if not keys:
        return 0
    statement = sql.SQL(
        "INSERT INTO imports_change (job_id, model, object_id, digest) SELECT %s, %s, t.id, md5(t::text) FROM {} t "
        "WHERE t.id = ANY(%s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _text(statement.format(sql.Identifier(model._meta.db_table))), [job.pk, model._meta.label_lower, keys]
        )
    return len(keys)


# --- the way back


def changed_since(job: ImportJob) -> dict[Model, list[int]]:
    """Rows that are no longer as the import left them: changed or gone."""
    found: dict[Model, list[int]] = {}
    for model in MODELS:
        statement = sql.SQL(
            "SELECT c.object_id FROM imports_change c LEFT JOIN {} t ON t.id = c.object_id "
            "WHERE c.job_id = %s AND c.model = %s AND c.digest IS DISTINCT FROM coalesce(md5(t::text), '') "
            "ORDER BY c.object_id"
        )
        with connection.cursor() as cursor:
            cursor.execute(
                _text(statement.format(sql.Identifier(model._meta.db_table))), [job.pk, model._meta.label_lower]
            )
            keys = [key for (key,) in cursor]
        if keys:
            found[model] = keys
    return found


def standing_on(job: ImportJob) -> list[models.Model]:
    """Rows that point at what the import created and that are not its own: work that came later."""
    found: list[models.Model] = []
    for model in MODELS:
        created = Change.objects.filter(job=job, model=model._meta.label_lower, before__isnull=True).values("object_id")
        for relation in model._meta.related_objects:
            source = relation.related_model
            if source._meta.app_label == "imports" or "Event" in source.__name__ or not source._meta.managed:
                continue
            own = Change.objects.filter(job=job, model=source._meta.label_lower).values("object_id")
            rows = source._default_manager.filter(**{f"{relation.field.name}__in": created}).exclude(pk__in=own)
            found.extend(rows[:5])
    return found


def created_ids(job: ImportJob, model: Model) -> list[int]:
    rows = Change.objects.filter(job=job, model=model._meta.label_lower, before__isnull=True)
    return list(rows.values_list("object_id", flat=True))


def put_back(job: ImportJob) -> None:
    """Give changed and deleted rows back what they were. Created rows are gone by now.

    Beds that were given for longer shrink before their stays do, and those that were cut grow after them.
    """
    _restore(job, Person)
    _restore(job, IntakeRequest)
    _restore(
        job,
        BedAssignment,
        "coalesce(t.until_on, 'infinity') > coalesce(r.until_on, 'infinity') OR t.from_on < r.from_on",
    )
    _restore(job, Stay)
    _restore(job, BedAssignment)
    for model in (BedAssignment, NightSheet, Presence):
        _reinsert(job, model)
    _restore(job, Presence)


def _columns(model: Model) -> list[str]:
    fields = model._meta.concrete_fields
    return [str(field.column) for field in fields if not isinstance(field, models.GeneratedField)]


def _restore(job: ImportJob, model: Model, condition: str = "true") -> None:
    columns = [column for column in _columns(model) if column != "id"]
    statement = sql.SQL(
        "UPDATE {table} t SET ({columns}) = ROW({values}) FROM imports_change c, "
        "LATERAL jsonb_populate_record(NULL::{table}, c.before) r "
        "WHERE c.job_id = %s AND c.model = %s AND c.before IS NOT NULL AND t.id = c.object_id AND ({condition})"
    ).format(
        table=sql.Identifier(model._meta.db_table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(sql.Identifier("r", column) for column in columns),
        condition=sql.SQL(condition),
    )
    with connection.cursor() as cursor:
        cursor.execute(_text(statement), [job.pk, model._meta.label_lower])


def _reinsert(job: ImportJob, model: Model) -> None:
    columns = _columns(model)
    statement = sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {values} FROM imports_change c, "
        "LATERAL jsonb_populate_record(NULL::{table}, c.before) r "
        "WHERE c.job_id = %s AND c.model = %s AND c.before IS NOT NULL AND c.digest = ''"
    ).format(
        table=sql.Identifier(model._meta.db_table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(sql.Identifier("r", column) for column in columns),
    )
    with connection.cursor() as cursor:
        cursor.execute(_text(statement), [job.pk, model._meta.label_lower])
