"""Lists that leave the house as workbooks: no phone, no residence status beside a name (A11), no confidential address."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from residents.selectors.people import Row
from shelter.ui.export import Column

PEOPLE: list[Column[Row]] = [
    Column(_("File"), lambda row: row.person.reference, 10),
    Column(_("Last name or single name"), lambda row: row.person.last_name, 26),
    Column(_("First name"), lambda row: row.person.first_name, 26),
    Column(_("Name in use"), lambda row: row.person.known_as, 20),
    Column(_("Born"), lambda row: row.person.birth, 18),
    Column(_("Gender"), lambda row: row.person.get_gender_display(), 14),
    Column(_("Nationalities"), lambda row: row.person.nationality_names, 26),
    Column(_("Languages"), lambda row: row.person.language_names, 26),
    Column(_("Site"), lambda row: row.stay.site.name if row.stay else "", 24),
    Column(pgettext_lazy("furniture", "Bed"), lambda row: str(row.bed) if row.bed else "", 12),
    Column(_("Arrived on"), lambda row: row.stay.arrived_on if row.stay else None, 12),
    Column(_("Left on"), lambda row: row.stay.left_on if row.stay else None, 12),
    Column(_("Nights"), lambda row: row.nights, 8),
]
