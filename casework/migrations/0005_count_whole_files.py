from pathlib import Path

from django.db import migrations

from shelter.definer import GiveToDefiner

ROOM = Path(__file__).with_name("room.sql").read_text()
FUNCTIONS = ("casework_room", "casework_orphans")


class Migration(migrations.Migration):
    dependencies = (("casework", "0004_keep_who_and_why_on_each_version"),)
    operations = (migrations.RunSQL(ROOM, f"DROP FUNCTION {', '.join(FUNCTIONS)}"), GiveToDefiner(*FUNCTIONS))
