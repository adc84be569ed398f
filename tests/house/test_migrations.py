"""A house with people in it becomes the next release, and loses nobody (G6)."""

import shutil
import sys
from datetime import date
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from shelter.embedded.home import PROJECT, Home
from shelter.embedded.postgres import DATABASE, Postgres
from tests.house.processes import environment
from tests.house.test_production import run

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations' ORDER BY 1"
# What migrations make besides rows: columns, constraints, indexes, triggers, policies, and functions with their owner.
SHAPE = """
SELECT format('%s.%s %s %s', table_name, column_name, data_type, is_nullable) AS thing
    FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT format('%s %s', conrelid::regclass, pg_get_constraintdef(c.oid))
    FROM pg_constraint c WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT tgisinternal
UNION ALL SELECT format('%s %s %s', tablename, policyname, coalesce(qual, with_check)) FROM pg_policies
UNION ALL SELECT format('%s owner %s', pg_get_functiondef(p.oid), proowner::regrole)
    FROM pg_proc p JOIN pg_language l ON l.oid = prolang
    WHERE pronamespace = 'public'::regnamespace AND lanname IN ('sql', 'plpgsql')
ORDER BY 1
"""


@pytest.fixture
def postgres(tmp_path):
    home = Home(tmp_path)
    home.prepare()
    server = Postgres(home)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(home.postgres, ignore_errors=True)


def counts(postgres: Postgres, database: str = DATABASE) -> dict[str, int]:
    """Rows of every table, seen past row-level security."""
    with psycopg.connect(postgres.url("maintenance", database)) as connection:
        tables = [table for (table,) in connection.execute(TABLES)]
        count = sql.SQL("SELECT count(*) FROM {}")
        return {table: connection.execute(count.format(sql.Identifier(table))).fetchone()[0] for table in tables}


def shape(postgres: Postgres) -> list[str]:
    with psycopg.connect(postgres.url("postgres", DATABASE)) as connection:
        return [thing for (thing,) in connection.execute(SHAPE)]


def lost(before: dict[str, int], after: dict[str, int]) -> dict[str, tuple[int, int]]:
    """Tables with fewer rows than before, and how many: there, and here. The tables of before alone."""
    return {table: (rows, after.get(table, 0)) for table, rows in before.items() if after.get(table, 0) < rows}


def dumped_and_restored(postgres: Postgres, dump: Path) -> dict[str, int]:
    """The counts of a second database, made from a dump by the role for dumps, as docs/hosting.md says."""
    program = postgres.binaries / "pg_dump"
    run([str(program), "--format=custom", f"--file={dump}", postgres.url("backup")], {})
    with psycopg.connect(postgres.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE restored OWNER maisonnee_owner")
    restored = postgres.url("postgres", "restored")
    run([str(program.with_name("pg_restore")), "--exit-on-error", f"--dbname={restored}", str(dump)], {})
    return counts(postgres, "restored")


def test_migrations_run_forward_back_and_forward_on_a_filled_database(postgres, tmp_path):
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

    def step(name: str) -> None:
        run([sys.executable, "tests/house/earlier.py", name], env)

    def migrate() -> None:
        run(["python", "manage.py", "migrate", "--no-input", "--verbosity", "0"], env)

    step("begin")
    part_1 = counts(postgres)
    assert part_1["residents_person"] == part_1["residents_stay"] == part_1["imports_importjob"] == 1
    migrate()
    upgraded = counts(postgres)
    assert lost(part_1, upgraded) == {}
    with psycopg.connect(postgres.url("maintenance")) as connection:  # beyond our time, and now at its edges
        dates = connection.execute("SELECT opened_on, closed_on FROM sites_site WHERE slug = 'other'").fetchall()
        typed = connection.execute("SELECT opened_on::text, closed_on::text FROM sites_siteevent WHERE slug = 'other'")
        assert dates == [(date(1830, 1, 1), date(2099, 12, 31))]
        assert ("0024-05-01", "9999-12-31") in typed.fetchall()
    migrate()  # again: nothing to do
    assert counts(postgres) == upgraded

    step("fill")
    today, made = counts(postgres), shape(postgres)
    assert today["casework_document"] == today["audit_entry"] == today["accounts_draft"] == 1
    assert dumped_and_restored(postgres, tmp_path / "house.dump") == today

    step("back_to_the_same_tables")
    assert lost(today, counts(postgres)) == {}
    step("back_to_part_1")
    assert lost(part_1, counts(postgres)) == {}
    migrate()
    again = counts(postgres)
    assert lost({table: today[table] for table in part_1}, again) == {}
    assert shape(postgres) == made


def test_a_migration_waits_five_seconds_for_a_lock_and_no_longer(settings):
    assert "lock_timeout=5s" in settings.DATABASES["default"]["OPTIONS"]["options"]
