"""Take a database through the releases. Run as the owner, in a process of its own, with one of the words of ``STEPS``."""

import sys
from datetime import date

import django

django.setup()

from django.apps import apps as today
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from casework.kinds import Kind
from shelter.maintenance import as_maintenance
from tests.factories import make_document, make_note

# The last migrations of part 1, the first state that a house may hold.
PART_1 = [
    ("contenttypes", "0002_remove_content_type_name"),
    ("auth", "0012_alter_user_first_name_max_length"),
    ("sessions", "0001_initial"),
    ("accounts", "0004_name_accounts_in_addresses"),
    ("vault", "0001_initial"),
    ("sites", "0001_initial"),
    ("residents", "0008_add_key_worker"),
    ("imports", "0001_initial"),
]
# The earliest migrations with a place for every row of today.
SAME_TABLES = [
    ("accounts", "0008_add_draft"),
    ("audit", "0004_add_seal"),
    ("casework", "0001_begin_casework"),
    ("exports", "0001_add_exports"),
    ("imports", "0001_initial"),
    ("residents", "0011_add_reading_alert"),
    ("sites", "0002_tell_names"),
    ("vault", "0001_initial"),
]


def begin() -> None:
    """Part 1, with a row in its main tables."""
    executor = MigrationExecutor(connection)
    executor.migrate(PART_1)
    apps = executor.loader.project_state(PART_1).apps

    def make(model: str, /, **values: object) -> object:
        return apps.get_model(model).objects.create(**values)

    organisation = make("sites.Organisation", name="Organisation", slug="organisation")
    site = make("sites.Site", name="Site", slug="site", scheme="URG", organisation=organisation)
    years = {"opened_on": date(24, 5, 1), "closed_on": date(9999, 12, 31)}  # typed in haste; a spreadsheet's "never"
    make("sites.Site", name="Other", slug="other", scheme="URG", organisation=organisation, **years)
    room = make("sites.Room", site=site, name="1")
    bed = make("sites.Bed", room=room, label="A")
    make("sites.BedClosure", bed=bed, from_on=date(2025, 1, 1), until_on=date(2025, 2, 1), reason="works")
    user = make("accounts.User", email="ada@example.org", name="Ada", password="!")
    make("accounts.Membership", user=user, site=site, role="coordinator", starts_on=date(2026, 1, 1))
    person = make(
        "residents.Person", organisation=organisation, registered_at=site, first_name="Awa", last_name="Diallo"
    )
    stay = make("residents.Stay", person=person, site=site, arrived_on=date(2026, 1, 1))
    make("residents.BedAssignment", stay=stay, bed=bed, from_on=date(2026, 1, 1))
    make("residents.KeyWorker", person=person, user=user, site=site, starts_on=date(2026, 1, 1))
    make("imports.ImportJob", site=site, uploaded_by=user)


def fill() -> None:
    """What the tables of today hold besides."""
    with transaction.atomic(), as_maintenance(connection):
        person, site = today.get_model("residents.Person").objects.get(), today.get_model("sites.Site").objects.first()
        make_note(person, Kind.SOCIAL, at=site)
        make_document(person, Kind.SOCIAL, at=site)
        today.get_model("audit.Entry").objects.create(
            site=site, info_class="identity", action="read", page="a page", purpose="routine"
        )
        today.get_model("accounts.Draft").objects.create(user_id=1, page="/", sealed=b"sealed")


def back_to_the_same_tables() -> None:
    MigrationExecutor(connection).migrate(SAME_TABLES)


def back_to_part_1() -> None:
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    then = {app for target in PART_1 for app, _ in graph.forwards_plan(target)}
    since = {app for app, _ in graph.nodes} - then
    executor.migrate([*PART_1, *((app, None) for app in sorted(since))])


STEPS = {step.__name__: step for step in (begin, fill, back_to_the_same_tables, back_to_part_1)}
STEPS[sys.argv[1]]()
