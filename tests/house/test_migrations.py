"""A house with people in it becomes the next release, and loses nobody (G6)."""

import shutil
import sys

import psycopg
import pytest
from psycopg import sql

from shelter.embedded.home import PROJECT, Home
from shelter.embedded.postgres import Postgres
from tests.house.processes import environment
from tests.house.test_production import run

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations' ORDER BY 1"


@pytest.fixture
def postgres(tmp_path):
    home = Home(tmp_path)
    home.prepare()
    server = Postgres(home)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(home.postgres, ignore_errors=True)


def counts(postgres: Postgres) -> dict[str, int]:
    """Rows of every table, seen past row-level security."""
    with psycopg.connect(postgres.url("maintenance")) as connection:
        tables = [table for (table,) in connection.execute(TABLES)]
        count = sql.SQL("SELECT count(*) FROM {}")
        return {table: connection.execute(count.format(sql.Identifier(table))).fetchone()[0] for table in tables}


def test_every_migration_runs_forward_on_a_filled_database(postgres, tmp_path):
    owner = {"DATABASE_URL": postgres.url("app"), "DATABASE_OWNER_URL": postgres.url("owner")}
    env = environment(
        tmp_path,
        **owner,
        DATABASE_MAINTENANCE_URL=postgres.url("maintenance"),
        DATABASE_AS="owner",
        BROKER_URL="redis://localhost/0",
        SECRET_KEY="0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        VAULT_KEYS=f"test:{'A' * 43}",
        ALLOWED_HOSTS="house.example",
        MAIL_URL="smtp://mail.example",
        DJANGO_SETTINGS_MODULE="shelter.settings",
        PYTHONPATH=str(PROJECT),
    )
    run([sys.executable, "tests/house/earlier.py"], env)
    before = counts(postgres)
    assert before["residents_person"] == before["residents_stay"] == before["imports_importjob"] == 1
    run(["python", "manage.py", "migrate", "--no-input", "--verbosity", "0"], env)
    after = counts(postgres)
    lost = {table: (rows, after.get(table)) for table, rows in before.items() if after.get(table, 0) < rows}
    assert lost == {}
    run(["python", "manage.py", "migrate", "--no-input", "--verbosity", "0"], env)  # again: nothing to do
    assert counts(postgres) == after


def test_a_migration_waits_five_seconds_for_a_lock_and_no_longer(settings):
    assert "lock_timeout=5s" in settings.DATABASES["default"]["OPTIONS"]["options"]
