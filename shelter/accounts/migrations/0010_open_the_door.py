from pathlib import Path

from django.db import migrations

from shelter.definer import GiveToDefiner

DOOR = Path(__file__).with_name("door.sql").read_text()
FUNCTIONS = (
    *("accounts_knock", "accounts_of_session", "house_invited_address", "house_colleagues", "house_team"),
    *("accounts_sign_out_leavers", "accounts_suspend_unused", "accounts_forget_sessions"),
)


class Migration(migrations.Migration):
    dependencies = (("accounts", "0009_keep_who_and_why_on_each_version"),)
    operations = (
        migrations.RunSQL(DOOR, f"DROP FUNCTION house_door, {', '.join(FUNCTIONS)} CASCADE"),
        GiveToDefiner(*FUNCTIONS),
    )
