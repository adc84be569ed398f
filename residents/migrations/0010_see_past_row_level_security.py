from pathlib import Path

from django.db import migrations

from shelter.definer import GiveToDefiner

HERE = Path(__file__).parent
GUARDS = (
    "residents_guard_stay",
    "residents_guard_bed_assignment",
    "residents_guard_bed_closure",
    "residents_guard_bed_service",
)
# A guard must see every row that it guards, whoever writes.
SEE_ALL = [f"ALTER FUNCTION {guard} SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp" for guard in GUARDS]
# Back: anew and the owner's own, who may not alter what it gave away.
SEE_OWN = [f"DROP FUNCTION {', '.join(GUARDS)} CASCADE", (HERE / "guards.sql").read_text()]
# The search asks who acts; it was told.
OLD_SEARCH = "DROP FUNCTION IF EXISTS residents_search(bigint, text[], text[], integer)"
SEARCH = "SELECT similarity('', '');" + (HERE / "search.sql").read_text()


class Migration(migrations.Migration):
    dependencies = (
        ("accounts", "0006_tell_rights_to_policies"),
        ("residents", "0009_keep_a_key_for_each_person"),
    )
    operations = (
        migrations.RunSQL(
            (HERE / "assigned.sql").read_text(), "DROP FUNCTION house_assigned, house_supervisors CASCADE"
        ),
        migrations.RunSQL(SEE_ALL, SEE_OWN),
        migrations.RunSQL(OLD_SEARCH, migrations.RunSQL.noop),
        migrations.RunSQL(SEARCH, ["DROP FUNCTION residents_search", SEARCH]),
        migrations.RunSQL(
            (HERE / "marks.sql").read_text(), "DROP FUNCTION residents_record_marks, residents_marks CASCADE"
        ),
        GiveToDefiner(*GUARDS, "house_assigned", "house_supervisors", "residents_search", "residents_record_marks"),
    )
