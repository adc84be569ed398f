from pathlib import Path

from django.db import migrations, models

from shelter.definer import GiveToDefiner

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = (("accounts", "0005_add_sessions_and_shifts"),)
    operations = (
        migrations.AddField(
            model_name="policygrant",
            name="assigned_only",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(
            (HERE / "rights.sql").read_text(),
            "DROP FUNCTION house_sites, house_everywhere, house_workplaces, house_memberships, house_now, house_user CASCADE",
        ),
        migrations.RunSQL(
            (HERE / "invited.sql").read_text(),
            "DROP FUNCTION accounts_accept, house_invited_to, house_invited_by, house_invitation CASCADE",
        ),
        migrations.RunSQL((HERE / "leavers.sql").read_text(), "DROP FUNCTION accounts_may_come_in"),
        GiveToDefiner("house_sites", "house_everywhere", "house_workplaces"),
        GiveToDefiner("house_invited_to", "house_invited_by", "accounts_accept", "accounts_may_come_in"),
    )
