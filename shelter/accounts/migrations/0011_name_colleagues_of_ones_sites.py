from pathlib import Path

from django.db import migrations

from shelter.definer import GiveToDefiner

NAMES = Path(__file__).with_name("names.sql").read_text()


class Migration(migrations.Migration):
    dependencies = (("accounts", "0010_open_the_door"),)
    operations = (migrations.RunSQL(NAMES, "DROP FUNCTION accounts_named"), GiveToDefiner("accounts_named"))
