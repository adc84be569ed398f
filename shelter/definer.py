"""Functions that see past row-level security. They belong to a role that nobody logs in as."""

from django.db.migrations import RunSQL
from psycopg import sql

ROLE = "maisonnee_definer"


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
