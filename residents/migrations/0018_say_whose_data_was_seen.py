from pathlib import Path

from django.db import migrations

from shelter.definer import GiveToDefiner

SEEN = Path(__file__).with_name("seen.sql").read_text()


class Migration(migrations.Migration):
    dependencies = (("residents", "0017_name_readers"),)
    operations = (
        migrations.RunSQL(SEEN, "DROP FUNCTION residents_seen_by"),
        GiveToDefiner("residents_seen_by"),
    )
