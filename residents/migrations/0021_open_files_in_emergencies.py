from pathlib import Path

from django.db import migrations

from shelter.definer import ROLE, GiveToDefiner

HERE = Path(__file__).parent
SITES = (HERE / "sites_to_open.sql").read_text()
EMERGENCIES = (HERE / "emergencies.sql").read_text()
# As it was: the first function of its file.
ASSIGNED = (HERE / "assigned.sql").read_text().partition("-- Who supervises")[0].replace("CREATE", "CREATE OR REPLACE")


def as_definer(statements):
    return f"SET LOCAL ROLE {ROLE}; {statements}; RESET ROLE"


class Migration(migrations.Migration):
    dependencies = (("residents", "0020_add_break_glass"),)
    operations = (
        migrations.RunSQL(SITES, "DROP FUNCTION residents_sites_to_open CASCADE"),
        GiveToDefiner("residents_sites_to_open"),
        migrations.RunSQL(as_definer(EMERGENCIES), as_definer(f"{ASSIGNED}; DROP FUNCTION house_opened_by")),
    )
