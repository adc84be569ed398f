"""Who somebody is, for those who read what they did."""

from collections.abc import Collection

from django.db import connection


def names_of(user_ids: Collection[int]) -> dict[int, str | None]:
    """Names by id; ``None`` for a colleague of another site than those where the acting user works."""
    if not user_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM accounts_named(%s)", [list(user_ids)])
        return dict(cursor.fetchall())
