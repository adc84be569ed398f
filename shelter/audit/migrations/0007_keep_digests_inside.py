from django.db import migrations

from shelter.definer import KeepInside


class Migration(migrations.Migration):
    """``audit_digest`` takes any table and columns: a digest of one value is soon guessed. Sealing and verifying call it."""

    dependencies = (("audit", "0006_see_past_row_level_security"),)
    operations = (
        KeepInside("audit_key", "audit_digest", "audit_hash", "audit_settled", "audit_mark", "audit_journals"),
    )
