"""The history of every tracked model only grows, like the record itself, and is sealed with it.

``migrate`` guards them all, so that a new model's history is guarded without anybody thinking of it.
"""

from django.apps import apps
from django.conf import settings
from django.db import connections
from psycopg import sql

GUARD = """
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()
"""
REFUSE = "REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {app}"


def histories() -> list[str]:
    """The tables that pghistory writes, by name."""
    return sorted(model._meta.db_table for model in apps.get_models() if hasattr(model, "pgh_tracked_model"))


def guard_histories(using: str, **_kwargs: object) -> None:
    """Refuse UPDATE, DELETE and TRUNCATE of histories: to the application by its rights, to the owner by a trigger (C5)."""
    app = sql.Identifier(str(settings.APP_DATABASE["USER"]))
    with connections[using].cursor() as cursor:
        for name in histories():
            for statement in (GUARD, REFUSE):
                cursor.execute(sql.SQL(statement).format(table=sql.Identifier(name), app=app))
