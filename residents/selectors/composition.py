"""Who sleeps at a site, in numbers that point at nobody (A11)."""

from datetime import date

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shelter.counts import discreet
from sites.models import Site

AGES: tuple[Promise, ...] = (_("Minors"), _("Adults"), _("Age unknown"))
FAMILIES: tuple[Promise, ...] = (_("With family"), _("Alone"))


def composition(site: Site, night: date) -> list[dict[Promise, int | str] | None]:
    """Those housed that night by age and by family; None for one that cannot be shown. Asked with the rights of who acts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM residents_composition(%s, %s)", [site.pk, night])
        counts = cursor.fetchone()
    ages = dict(zip(AGES, counts, strict=False))
    families = dict(zip(FAMILIES, counts[len(AGES) :], strict=True))
    return [discreet(ages), discreet(families)]
