"""What the web server and the workers ask before they serve."""

from contextlib import suppress

from django.core.management.base import BaseCommand, SystemCheckError
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.backends.utils import CursorWrapper

from shelter.vault import rotation
from shelter.vault.ring import key_ring

ABOVE_THE_POLICIES = """
SELECT current_user, CASE
    WHEN r.rolsuper THEN 'is a superuser'
    WHEN r.rolbypassrls THEN 'bypasses row-level security'
    WHEN EXISTS (SELECT FROM pg_class c WHERE pg_has_role(c.relowner, 'MEMBER') AND c.relnamespace = 'public'::regnamespace)
        THEN 'owns tables'
END FROM pg_roles r WHERE r.rolname = current_user
"""


def refuse_unsound_house() -> None:
    """The checks that ``manage.py`` commands run by themselves, the role that serves (A20), and the keys it needs (D2).

    Raises ``SystemCheckError``, which names what is wrong. A database that does not answer yet is asked at its first answer.
    """
    BaseCommand().check()
    connection.close()  # a check may have opened one
    connection_created.connect(_refuse_at_first_answer, dispatch_uid="soundness")
    with suppress(OperationalError):
        connection.ensure_connection()
    connection.close()


def _refuse_at_first_answer(connection: BaseDatabaseWrapper, **_kwargs: object) -> None:
    with connection.cursor() as cursor:
        _refuse_a_role_above_the_policies(cursor)
        _refuse_a_ring_that_lacks_a_key(cursor)
    connection_created.disconnect(dispatch_uid="soundness")


def _refuse_a_role_above_the_policies(cursor: CursorWrapper) -> None:
    cursor.execute(ABOVE_THE_POLICIES)
    role, fault = cursor.fetchone()
    if fault:
        raise SystemCheckError(f"The role {role} {fault}. DATABASE_URL must name the application's: maisonnee_app.")


def _refuse_a_ring_that_lacks_a_key(cursor: CursorWrapper) -> None:
    for use in rotation.uses(cursor):
        if use.ring_key not in key_ring().keys:
            raise SystemCheckError(
                f"VAULT_KEYS lacks the key {use.ring_key!r}, which wraps {use.keys} keys in {use.place}. "
                "Put it back after a comma; it may go once `manage.py keys list` says so."
            )
