"""Functions that see past row-level security. They belong to a role that nobody logs in as.

Only the owner, whose policies ask them, the application and maintenance may call them: the backup role writes nothing,
and through one of these it could (A20).
"""

from django.conf import settings
from django.db import connections, transaction
from django.db.migrations import RunSQL
from psycopg import sql

ROLE = "maisonnee_definer"
BE_DEFINER, BE_ONESELF = f"SET LOCAL ROLE {ROLE}", "RESET ROLE"
NAME_WHO_MAY_CALL = """
DO $$
DECLARE
    one regprocedure;
BEGIN
    FOR one IN
        SELECT oid FROM pg_proc WHERE proowner = current_user::regrole AND has_function_privilege('public', oid, 'EXECUTE')
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', one);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO SESSION_USER', one);
    END LOOP;
END $$
"""


class GiveToDefiner(RunSQL):
    """In a migration: these functions run as the definer role, whoever calls them. Each must ask who acts by itself.

    A later migration that replaces one says ``SET LOCAL ROLE maisonnee_definer`` first, and ``RESET ROLE`` after.
    """

    def __init__(self, *functions: str) -> None:
        self.functions = functions
        give = sql.SQL("ALTER FUNCTION {} OWNER TO {}")
        role = sql.Identifier(ROLE)
        super().__init__(
            [
                sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(role).as_string(None),
                *(give.format(sql.Identifier(function), role).as_string(None) for function in functions),
            ],
            self.noop,
        )

    def deconstruct(self) -> tuple[str, list[str], dict[str, object]]:
        return self.__class__.__name__, list(self.functions), {}

    def describe(self) -> str:
        return f"Give {', '.join(self.functions)} to {ROLE}"


class KeepInside(RunSQL):
    """In a migration, after ``GiveToDefiner``: other functions call these, and the application does not.

    For what asks nobody who acts, and answers about whatever one names.
    """

    def __init__(self, *functions: str) -> None:
        self.functions = functions
        take = sql.SQL("REVOKE EXECUTE ON FUNCTION {} FROM {}").format(
            sql.SQL(", ").join(map(sql.Identifier, functions)), sql.Identifier(str(settings.APP_DATABASE["USER"]))
        )
        super().__init__([BE_DEFINER, take.as_string(None), BE_ONESELF], self.noop)

    def deconstruct(self) -> tuple[str, list[str], dict[str, object]]:
        return self.__class__.__name__, list(self.functions), {}

    def describe(self) -> str:
        return f"Keep {', '.join(self.functions)} inside"


def name_who_may_call(using: str, **_kwargs: object) -> None:
    """After each ``migrate``, as the owner: not everybody, as PostgreSQL has it for a new function."""
    with transaction.atomic(using), connections[using].cursor() as cursor:
        for statement in (BE_DEFINER, NAME_WHO_MAY_CALL, BE_ONESELF):
            cursor.execute(statement)
