"""Tables that only grow: the record's own, and the history of every tracked model.

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


def journals() -> list[str]:
    """The tables, by name: those of the record, and those that pghistory writes."""
    own = [model._meta.db_table for model in apps.get_app_config("audit").get_models()]
    history = [model._meta.db_table for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
    return sorted(own + history)


def keep_journals(using: str, **_kwargs: object) -> None:
    """Refuse UPDATE, DELETE and TRUNCATE of journals: to the application by its rights, to the owner by a trigger (C5)."""
    app = sql.Identifier(str(settings.APP_DATABASE["USER"]))
    with connections[using].cursor() as cursor:
        for name in journals():
            for statement in (GUARD, REFUSE):
                cursor.execute(sql.SQL(statement).format(table=sql.Identifier(name), app=app))
