from django.apps import AppConfig
from django.conf import settings
from django.db import connection
from django.db.models.signals import pre_migrate
from psycopg import sql


class ShelterConfig(AppConfig):
    name = "shelter"

    def ready(self) -> None:
        pre_migrate.connect(let_the_application_use_new_tables, dispatch_uid="app_grants")


def let_the_application_use_new_tables(**_kwargs: object) -> None:
    """What the owner makes from here on, the application may use. A migration takes away what it should not have.

    Default privileges and no GRANT on all tables: that would give back, at every deployment, what was taken away.
    """
    app, owner = str(settings.APP_DATABASE["USER"]), settings.OWNER_DATABASE["USER"]
    if app == owner:
        return
    grants = {"TABLES": "SELECT, INSERT, UPDATE, DELETE", "SEQUENCES": "USAGE, SELECT", "FUNCTIONS": "EXECUTE"}
    with connection.cursor() as cursor:
        for kind, rights in grants.items():
            statement = sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {} ON {} TO {}")
            cursor.execute(statement.format(sql.SQL(rights), sql.SQL(kind), sql.Identifier(app)))
