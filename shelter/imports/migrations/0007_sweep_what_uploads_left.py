from pathlib import Path

from django.db import migrations

from shelter.definer import GiveToDefiner

ORPHANS = Path(__file__).with_name("orphans.sql").read_text()


class Migration(migrations.Migration):
    dependencies = (("imports", "0006_hold_by_lease"),)
    operations = (migrations.RunSQL(ORPHANS, "DROP FUNCTION imports_orphans"), GiveToDefiner("imports_orphans"))
