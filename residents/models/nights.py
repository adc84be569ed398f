"""What was seen each night: a sheet for a site and a date, and one mark for each stay."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from residents.models.people import Person
from residents.models.stays import Stay
from residents.querysets import NightSheetQuerySet, PresenceQuerySet
from shelter.accounts.policy import InfoClass
from shelter.rows import Rows


class NightSheet(models.Model):
    """The count of one site on one night. A night without a sheet is missing, not zero (field guide §5.3)."""

    info_class = InfoClass.PRESENCE
    rows = Rows(
        read="site_id = ANY ({sites:see_tonight,see_beds})", write="site_id = ANY ({sites:correct_stay,import})"
    )

    site = models.ForeignKey("sites.Site", models.PROTECT, related_name="night_sheets", verbose_name=_("site"))
    night = models.DateField(_("night"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = NightSheetQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("night sheet"), _("night sheets"), ["-night", "site"]
        constraints = (models.UniqueConstraint("site", "night", name="night_sheet_once"),)

    def __str__(self) -> str:
        return f"{self.site} · {self.night}"


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Presence(models.Model):
    """The mark of one stay on one night.

    A person is counted present once per night in the organisation: a rival mark from another site stays, with
    ``counted`` false, and is shown as a conflict. Site and person repeat the stay's, for constraints and indexes.
    """

    info_class = InfoClass.PRESENCE
    rows = Rows(
        read="site_id = ANY ({sites:see_tonight,see_beds,importing})",
        write="site_id = ANY ({sites:admit,depart,correct_stay,merge_people,import,importing})",
    )

    class Mark(models.TextChoices):
        """Field guide §5.1."""

        PRESENT = "P", _("present")
        JUSTIFIED = "AJ", _("absent, justified (bed kept)")
        ABSENT = "AI", _("absent, unjustified")

    stay = models.ForeignKey(Stay, models.PROTECT, related_name="presences")
    person = models.ForeignKey(Person, models.PROTECT, related_name="presences")
    site = models.ForeignKey("sites.Site", models.PROTECT, related_name="presences")
    night = models.DateField(_("night"))
    mark = models.CharField(_("mark"), choices=Mark, max_length=2)
    counted = models.BooleanField(default=True, db_default=True)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("presence"), _("presences"), ["-night", "pk"]
        indexes = (
            models.Index(
                fields=["site", "night"], include=["stay", "person", "mark", "counted"], name="presence_site_night"
            ),
        )
        constraints = (
            models.UniqueConstraint("stay", "night", name="presence_once_a_night"),
            models.UniqueConstraint(
                "person", "night", condition=Q(mark="P", counted=True), name="presence_counted_once_a_night"
            ),
        )

    def __str__(self) -> str:
        return f"{self.night} · {self.mark}"
