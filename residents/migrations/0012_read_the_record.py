from pathlib import Path

from django.conf import settings
from django.db import migrations
from psycopg import sql

from shelter.definer import GiveToDefiner

READINGS = Path(__file__).with_name("readings.sql").read_text()
TAKE_DOWN = "DROP FUNCTION residents_note_readings, residents_access_log, residents_sites_of"


def let_the_application_only_read(_apps, schema_editor):
    """What was noticed comes from the record, by a function: nobody adds to it or takes away."""
    app = sql.Identifier(str(settings.APP_DATABASE["USER"]))
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(sql.SQL("REVOKE INSERT, UPDATE, DELETE ON residents_readingalert FROM {}").format(app))


class Migration(migrations.Migration):
    dependencies = (
        ("audit", "0006_see_past_row_level_security"),
        ("residents", "0011_add_reading_alert"),
    )
    operations = (
        migrations.RunSQL(READINGS, TAKE_DOWN),
        GiveToDefiner("residents_sites_of", "residents_access_log", "residents_note_readings"),
        migrations.RunPython(let_the_application_only_read, migrations.RunPython.noop),
    )
