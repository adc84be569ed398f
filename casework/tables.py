"""Lists that leave the house as workbooks: who follows whom, and no word of what was confided."""

from django.utils.translation import gettext_lazy as _

from residents.models import KeyWorker
from shelter.ui.export import Column

FOLLOWED: list[Column[KeyWorker]] = [
    Column(_("File"), lambda row: row.person.reference, 10),
    Column(_("Person"), lambda row: row.person.full_name, 30),
    Column(_("Key worker"), lambda row: str(row.user), 26),
    Column(_("Site"), lambda row: row.site.name, 24),
    Column(_("Since"), lambda row: row.starts_on, 12),
]
