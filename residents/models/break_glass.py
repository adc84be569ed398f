"""The glass that is broken in an emergency: one class of one person's file, for an hour, with a reason (A7)."""

import uuid
from datetime import timedelta

import pghistory
import pgtrigger
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from residents.models.people import Person
from residents.querysets import BreakGlassQuerySet
from shelter.accounts.policy import EMERGENCIES, InfoClass
from shelter.rows import Rows
from shelter.vault import DataKey, Place

HOUR = timedelta(minutes=60)
CONCERNED = "(user_id = {user} OR site_id = ANY ({sites:see_emergencies}))"


@pghistory.track()
class BreakGlass(models.Model):
    """``user`` reads what is of ``of_class`` about ``person`` over ``[opened_at, ends_at)``, by their role at ``site``.

    Ending it early moves ``ends_at``. The reason and the note of the review are sealed with the person's key.
    """

    info_class = InfoClass.READINGS
    rows = Rows(
        read="user_id = {user} OR site_id = ANY ({sites:see_access_log,see_readings}) "
        "OR (site_id = ANY ({sites:see_emergencies}) AND reviewed_at IS NULL AND opened_at < now() - interval '7 days')",
        insert="user_id = {user} AND site_id = ANY (residents_sites_to_open(person_id, of_class))",
        hold=CONCERNED,
        update=f"{CONCERNED} AND (reviewed_by_id IS NULL OR reviewed_by_id = {{user}})",
    )

    class Verdict(models.TextChoices):
        JUSTIFIED = "justified", _("Justified")
        NOT_JUSTIFIED = "not_justified", _("Not justified")

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("asked by"))
    site = models.ForeignKey("sites.Site", models.PROTECT, related_name="+", verbose_name=_("site"))
    of_class = models.CharField(_("what was opened"), choices=InfoClass, max_length=20)
    sealed_reason = models.BinaryField()
    opened_at = models.DateTimeField(_("opened at"))
    ends_at = models.DateTimeField(_("ends at"))
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reviewed by")
    )
    verdict = models.CharField(_("verdict"), choices=Verdict, max_length=16, blank=True, default="", db_default="")
    sealed_note = models.BinaryField(default=b"", db_default=b"")

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("emergency access"), _("emergency accesses")
        ordering = ("-opened_at", "-pk")
        indexes = (
            models.Index(fields=["user", "person", "ends_at"], name="break_glass_open"),
            models.Index(fields=["site", "opened_at"], name="break_glass_report"),
        )
        constraints = (
            models.CheckConstraint(
                name="break_glass_lasts_an_hour_at_most",
                condition=Q(ends_at__gte=F("opened_at")) & Q(ends_at__lte=F("opened_at") + HOUR),
                violation_error_message=_("An emergency access lasts one hour at most."),
            ),
            models.CheckConstraint(
                name="break_glass_is_of_a_class_that_opens",
                condition=Q(of_class__in=[info_class.value for info_class in EMERGENCIES]),
                violation_error_message=_("This does not open in an emergency."),
            ),
            models.CheckConstraint(
                name="break_glass_is_reviewed_whole",
                condition=Q(reviewed_at=None, reviewed_by=None, verdict="")
                | (Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(verdict="")),
                violation_error_message=_("A review has an author, a moment and a verdict."),
            ),
            models.CheckConstraint(
                name="break_glass_is_reviewed_by_another",
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("user")),
                violation_error_message=_("Nobody reviews their own emergency access."),
            ),
        )
        triggers = (
            pgtrigger.ReadOnly(
                name="break_glass_stays_as_asked",
                fields=["public_id", "person", "user", "site", "of_class", "opened_at"],
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_of_class_display()} · {self.reference}"

    @property
    def reference(self) -> str:
        """The file's number, also for who may not see the person."""
        return f"P-{self.person_id:05d}"

    @property
    def emergency_class(self) -> InfoClass:
        return InfoClass(self.of_class)

    @property
    def is_open(self) -> bool:
        return self.opened_at <= timezone.now() < self.ends_at

    @property
    def is_overdue(self) -> bool:
        return self.reviewed_at is None and self.opened_at < timezone.now() - BreakGlassQuerySet.LATE

    @property
    def minutes_left(self) -> int:
        """Begun minutes count whole."""
        return -((timezone.now() - self.ends_at) // timedelta(minutes=1))

    def seal(self, column: str, text: str, key: DataKey) -> bytes:
        return key.seal(text.encode(), self._place(column))

    def reason(self, key: DataKey) -> str:
        """Raises ``Unreadable``."""
        return key.open_sealed(bytes(self.sealed_reason), self._place("sealed_reason")).decode()

    def note(self, key: DataKey) -> str:
        """Of the review; empty if none was written. Raises ``Unreadable``."""
        if not self.sealed_note:
            return ""
        return key.open_sealed(bytes(self.sealed_note), self._place("sealed_note")).decode()

    def _place(self, column: str) -> Place:
        return Place(self._meta.db_table, column, str(self.public_id), str(self.person_id))
