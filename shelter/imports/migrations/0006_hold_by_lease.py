from pathlib import Path

from django.db import migrations, models

from shelter.definer import ROLE, GiveToDefiner

HERE = Path(__file__).parent
FUNCTIONS = ("imports_hand_over", "imports_stop_unless_allowed", "imports_to_purge", "imports_destroy")
PURGE = (HERE / "purge.sql").read_text()


class Migration(migrations.Migration):
    dependencies = (("imports", "0005_purge_for_nobody"),)
    operations = (
        migrations.AddField("importjob", "holder", models.UUIDField(editable=False, null=True)),
        migrations.AddField("importjob", "held_until", models.DateTimeField(editable=False, null=True)),
        migrations.RunSQL((HERE / "lease.sql").read_text(), f"DROP FUNCTION {', '.join(FUNCTIONS)}"),
        GiveToDefiner(*FUNCTIONS),
        migrations.RunSQL("DROP FUNCTION imports_purge", f"SET LOCAL ROLE {ROLE}; {PURGE}; RESET ROLE"),
    )
