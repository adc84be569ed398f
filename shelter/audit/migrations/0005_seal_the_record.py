from pathlib import Path

from django.conf import settings
from django.db import migrations
from psycopg import sql

CHAIN = Path(__file__).with_name("chain.sql").read_text()
TAKE_DOWN = """
DROP FUNCTION audit_seal, audit_verify, audit_retire, audit_journals, audit_mark, audit_settled, audit_hash, audit_digest,
    audit_key;
DROP FUNCTION audit_keep_two_years CASCADE;
"""


def let_the_application_only_read(_apps, schema_editor):
    """Of the chain. It holds no content: hashes, and how many rows there are."""
    app = sql.Identifier(str(settings.APP_DATABASE["USER"]))
    with schema_editor.connection.cursor() as cursor:
        for table in ("audit_seal", "audit_segment"):
            revoke = "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {} FROM {}"
            cursor.execute(sql.SQL(revoke).format(sql.Identifier(table), app))


class Migration(migrations.Migration):
    dependencies = (("audit", "0004_add_seal"),)
    operations = (
        migrations.RunSQL(CHAIN, TAKE_DOWN),
        migrations.RunPython(let_the_application_only_read, migrations.RunPython.noop),
    )
