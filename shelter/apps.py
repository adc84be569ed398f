from django.apps import AppConfig
from django.conf import settings
from django.core.checks import register
from django.db import connection
from django.db.models.signals import post_migrate, pre_migrate
from psycopg import sql

from shelter import definer, rows


class ShelterConfig(AppConfig):
    name = "shelter"

    def ready(self) -> None:
        pre_migrate.connect(let_the_application_use_new_tables, dispatch_uid="app_grants")
        post_migrate.connect(rows.tell_the_database, dispatch_uid="rows")
        post_migrate.connect(definer.name_who_may_call, dispatch_uid="definer_grants")
        register(rows.check_rows)


def let_the_application_use_new_tables(**_kwargs: object) -> None:
    """What the owner makes from here on, the application may use. A migration takes away what it should not have.

    Maintenance reads and writes every table by its nature, and may call every function.

    Default privileges and no GRANT on all tables: that would give back, at every deployment, what was taken away.
    """
    app, owner = str(settings.APP_DATABASE["USER"]), settings.OWNER_DATABASE["USER"]
    if app == owner:
        return
    grants = {"TABLES": "SELECT, INSERT, UPDATE, DELETE", "SEQUENCES": "USAGE, SELECT", "FUNCTIONS": "EXECUTE"}
    statement = sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {} ON {} TO {}")
    with connection.cursor() as cursor:
        for kind, rights in grants.items():
            cursor.execute(statement.format(sql.SQL(rights), sql.SQL(kind), sql.Identifier(app)))
        maintenance = sql.Identifier(str(settings.MAINTENANCE_DATABASE["USER"]))
        cursor.execute(statement.format(sql.SQL("EXECUTE"), sql.SQL("FUNCTIONS"), maintenance))
