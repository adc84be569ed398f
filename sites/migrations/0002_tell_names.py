from pathlib import Path

from django.db import migrations

from shelter.definer import GiveToDefiner

NAMES = Path(__file__).with_name("names.sql").read_text()


class Migration(migrations.Migration):
    dependencies = (("sites", "0001_initial"),)
    operations = (migrations.RunSQL(NAMES, "DROP FUNCTION sites_names"), GiveToDefiner("sites_names"))
