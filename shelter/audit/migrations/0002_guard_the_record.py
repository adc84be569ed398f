from pathlib import Path

from django.conf import settings
from django.db import migrations
from psycopg import sql

GUARDS = Path(__file__).with_name("guards.sql").read_text()
# Number and moment of a row are not the application's to choose.
WRITTEN = "user_id, site_id, info_class, action, persons, about, page, purpose, address, request"


def let_the_application_only_write(_apps, schema_editor):
    app = sql.Identifier(str(settings.APP_DATABASE["USER"]))
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(sql.SQL("REVOKE ALL ON audit_entry FROM {}").format(app))
        cursor.execute(sql.SQL(f"GRANT INSERT ({WRITTEN}) ON audit_entry TO {{}}").format(app))


class Migration(migrations.Migration):
    dependencies = (("audit", "0001_add_entry"),)
    operations = (
        migrations.RunSQL(GUARDS, "DROP FUNCTION audit_append_only CASCADE"),
        migrations.RunPython(let_the_application_only_write, migrations.RunPython.noop),
    )
