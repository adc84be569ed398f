from pathlib import Path

from django.db import migrations

from shelter.definer import GiveToDefiner

ORPHANS = Path(__file__).with_name("orphans.sql").read_text()


class Migration(migrations.Migration):
    dependencies = (("exports", "0001_add_exports"),)
    operations = (migrations.RunSQL(ORPHANS, "DROP FUNCTION exports_orphans"), GiveToDefiner("exports_orphans"))
