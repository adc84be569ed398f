from pathlib import Path

from django.db import migrations

from shelter.definer import GiveToDefiner

GUARDS = Path(__file__).with_name("guards.sql").read_text()


class Migration(migrations.Migration):
    dependencies = (
        ("casework", "0002_name_who_is_responsible"),
        ("residents", "0010_see_past_row_level_security"),
    )
    operations = (
        migrations.RunSQL(GUARDS, "DROP FUNCTION casework_guard_merge CASCADE"),
        GiveToDefiner("casework_guard_merge"),
    )
