from django.db import migrations

from shelter.definer import GiveToDefiner


class Migration(migrations.Migration):
    dependencies = (
        ("accounts", "0006_tell_rights_to_policies"),
        ("audit", "0005_seal_the_record"),
    )
    operations = (
        GiveToDefiner(
            *("audit_key", "audit_digest", "audit_hash", "audit_settled", "audit_mark", "audit_journals"),
            *("audit_seal", "audit_verify", "audit_retire"),
        ),
    )
