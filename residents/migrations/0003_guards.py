from pathlib import Path

from django.db import migrations

GUARDS = Path(__file__).with_name("guards.sql").read_text()
NO_GUARDS = """
DROP FUNCTION residents_guard_stay, residents_guard_bed_assignment, residents_guard_bed_closure, residents_guard_bed_service
    CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = (("residents", "0002_initial"),)
    operations = (migrations.RunSQL(GUARDS, NO_GUARDS),)
