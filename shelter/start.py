"""What the web server and the workers ask before they serve."""

from contextlib import suppress

from django.core.management.base import BaseCommand, SystemCheckError
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

ABOVE_THE_POLICIES = """
SELECT current_user, CASE
    WHEN r.rolsuper THEN 'is a superuser'
    WHEN r.rolbypassrls THEN 'bypasses row-level security'
    WHEN EXISTS (SELECT FROM pg_class c WHERE pg_has_role(c.relowner, 'MEMBER') AND c.relnamespace = 'public'::regnamespace)
        THEN 'owns tables'
END FROM pg_roles r WHERE r.rolname = current_user
"""


def refuse_unsound_house() -> None:
    """The checks that ``manage.py`` commands run by themselves, and the role that serves (A20).

    Raises ``SystemCheckError``, which names what is wrong. A database that does not answer yet is asked at its first answer.
    """
    BaseCommand().check()
    connection.close()  # a check may have opened one
    connection_created.connect(_refuse_a_role_above_the_policies, dispatch_uid="role")
    with suppress(OperationalError):
        connection.ensure_connection()
    connection.close()


def _refuse_a_role_above_the_policies(connection: BaseDatabaseWrapper, **_kwargs: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ABOVE_THE_POLICIES)
        role, fault = cursor.fetchone()
    if fault:
        raise SystemCheckError(f"The role {role} {fault}. DATABASE_URL must name the application's: maisonnee_app.")
    connection_created.disconnect(dispatch_uid="role")
