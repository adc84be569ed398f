from pathlib import Path

from django.db import migrations

from shelter.definer import GiveToDefiner

ELSEWHERE = Path(__file__).with_name("elsewhere.sql").read_text()


class Migration(migrations.Migration):
    dependencies = (("residents", "0012_read_the_record"),)
    operations = (
        migrations.RunSQL(ELSEWHERE, "DROP FUNCTION residents_known_elsewhere"),
        migrations.RunSQL("REVOKE EXECUTE ON FUNCTION residents_known_elsewhere FROM PUBLIC", migrations.RunSQL.noop),
        GiveToDefiner("residents_known_elsewhere"),
    )
