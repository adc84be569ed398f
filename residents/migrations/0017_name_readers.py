from pathlib import Path

from django.db import migrations

from shelter.definer import GiveToDefiner

READERS = Path(__file__).with_name("readers.sql").read_text()


class Migration(migrations.Migration):
    dependencies = (("residents", "0016_count_who_sleeps_here"),)
    operations = (migrations.RunSQL(READERS, "DROP FUNCTION house_readers CASCADE"), GiveToDefiner("house_readers"))
