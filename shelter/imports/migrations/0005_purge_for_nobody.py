from pathlib import Path

from django.db import migrations

from shelter.definer import GiveToDefiner

PURGE = Path(__file__).with_name("purge.sql").read_text()


class Migration(migrations.Migration):
    dependencies = (
        ("accounts", "0006_tell_rights_to_policies"),
        ("imports", "0004_name_who_asks_for_work"),
    )
    operations = (migrations.RunSQL(PURGE, "DROP FUNCTION imports_purge"), GiveToDefiner("imports_purge"))
