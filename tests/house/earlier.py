"""Make a database of an earlier release, with a row in its main tables. Run as the owner, in a process of its own."""

from datetime import date

import django

django.setup()

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# The last migrations of part 1, the first state that a house may hold.
TARGETS = [
    ("contenttypes", "0002_remove_content_type_name"),
    ("auth", "0012_alter_user_first_name_max_length"),
    ("sessions", "0001_initial"),
    ("accounts", "0004_name_accounts_in_addresses"),
    ("vault", "0001_initial"),
    ("sites", "0001_initial"),
    ("residents", "0008_add_key_worker"),
    ("imports", "0001_initial"),
]


def main() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(TARGETS)
    apps = executor.loader.project_state(TARGETS).apps

    def make(model: str, /, **values: object) -> object:
        return apps.get_model(model).objects.create(**values)

    organisation = make("sites.Organisation", name="Organisation", slug="organisation")
    site = make("sites.Site", name="Site", slug="site", scheme="URG", organisation=organisation)
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


main()
