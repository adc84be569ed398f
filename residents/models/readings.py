"""What the record gives cause to ask about: readings that the work may not explain (C7)."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from residents.models.people import Person
from residents.querysets import ReadingAlertQuerySet
from shelter.accounts.policy import InfoClass
from shelter.rows import Rows


class ReadingAlert(models.Model):
    """``user`` read, that day, in a way that asks for an explanation. The database alone writes these, from the record.

    One row for each kind, reader, person and day; for bulk browsing, one for each site where the reader works. Like the
    record, it outlives whom it names: nobody gets rid of a question by erasing a file.
    """

    info_class = InfoClass.READINGS
    rows = Rows(read="site_id = ANY ({sites:see_readings})")

    class Kind(models.TextChoices):
        UNASSIGNED = "unassigned", _("without assignment")
        BULK = "bulk", _("many files within an hour")
        RELATIVE = "relative", _("same family name")
        COLLEAGUE = "colleague", _("name of a colleague")
        NIGHT = "night", _("confided, at night")

    kind = models.CharField(_("what was noticed"), choices=Kind, max_length=12)
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("reader"))
    person = models.ForeignKey(
        Person, models.DO_NOTHING, null=True, db_constraint=False, related_name="+", verbose_name=_("person")
    )
    site = models.ForeignKey("sites.Site", models.PROTECT, related_name="+", verbose_name=_("site"))
    day = models.DateField(_("day"))
    first_at = models.DateTimeField(_("first time"))
    times = models.IntegerField(_("times"))  # for bulk browsing: files within the worst hour
    noted_at = models.DateTimeField(db_default=Now())

    objects = ReadingAlertQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("noticed reading"), _("noticed readings"), ["-first_at", "-pk"]
        indexes = (models.Index(fields=["site", "first_at"], name="reading_alert_report"),)
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "user", "person", "site", "day"], nulls_distinct=False, name="reading_alert_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.user}"

    @property
    def reference(self) -> str:
        """The file's number, also for who may not see the person; empty for many files."""
        return f"P-{self.person_id:05d}" if self.person_id else ""
