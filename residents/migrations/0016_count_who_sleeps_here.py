from pathlib import Path

from django.db import migrations

from shelter.definer import GiveToDefiner

COMPOSITION = Path(__file__).with_name("composition.sql").read_text()


class Migration(migrations.Migration):
    dependencies = (("residents", "0015_index_bed_assignments_by_date"),)
    operations = (
        migrations.RunSQL(COMPOSITION, "DROP FUNCTION residents_composition"),
        migrations.RunSQL("REVOKE EXECUTE ON FUNCTION residents_composition FROM PUBLIC", migrations.RunSQL.noop),
        GiveToDefiner("residents_composition"),
    )
