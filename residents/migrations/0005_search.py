from pathlib import Path

from django.db import migrations

# Loads pg_trgm into this session: only then may a function set one of its parameters.
LOAD = "SELECT similarity('', '')"
SEARCH = Path(__file__).with_name("search.sql").read_text()


class Migration(migrations.Migration):
    dependencies = (
        ("accounts", "0003_add_policy_grant"),
        ("residents", "0004_give_texts_a_default"),
    )
    operations = (
        migrations.RunSQL(LOAD, migrations.RunSQL.noop),
        migrations.RunSQL(SEARCH, "DROP FUNCTION residents_search"),
    )
