"""The waiting list."""

import uuid

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from residents.models.people import Person
from residents.querysets import IntakeRequestQuerySet
from shelter.accounts.policy import InfoClass
from shelter.rows import Rows


@pghistory.track()
class IntakeRequest(models.Model):
    """Someone asks for a bed at a site (or through a desk such as the Hub). One open request per person and site."""

    info_class = InfoClass.IDENTITY
    rows = Rows(
        read="site_id = ANY ({sites:see_tonight,see_waiting,importing})",  # the board of the night counts who waits
        write="site_id = ANY ({sites:edit_waiting,admit,merge_people,import})",
    )

    class Priority(models.IntegerChoices):
        URGENT = 1, _("urgent")
        NORMAL = 2, _("normal")
        LOW = 3, _("low")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ADMITTED = "admitted", _("admitted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class RefusalReason(models.TextChoices):
        """Field guide §3.12, ``list:refusal_reason``."""

        FULL = "COMPL", _("Full")
        AUDIENCE = "PUBLIC", _("Outside target group")
        MINOR = "MINEUR", _("Minor, redirected")
        HOUSED = "DEJA", _("Already housed")
        DELAY = "DELAI", _("Re-entry delay not over")
        EXCLUDED = "EXCLU", _("Under exclusion")
        HOURS = "HEURE", _("Outside hours")
        CARE = "SOINS", _("Care needs not covered")
        SAFETY = "SECU", _("Safety risk")
        DECLINED = "REFUS_P", _("Person declined")
        NO_SHOW = "ABS_RDV", _("Did not show up")
        DUPLICATE = "DOUBLE", _("Duplicate request")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="requests", verbose_name=_("person"))
    site = models.ForeignKey("sites.Site", models.PROTECT, related_name="requests", verbose_name=_("site"))
    requested_on = models.DateField(_("asked on"))
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, default=Priority.NORMAL, db_default=Priority.NORMAL
    )
    state = models.CharField(_("state"), choices=State, max_length=10, default=State.WAITING, db_default=State.WAITING)
    refusal_reason = models.CharField(
        _("reason for refusal"), choices=RefusalReason, max_length=10, blank=True, default="", db_default=""
    )
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = IntakeRequestQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("shelter request"), _("shelter requests")
        ordering = ("priority", "requested_on", "pk")
        indexes = (
            models.Index(
                fields=["site", "priority", "requested_on"], condition=Q(state="waiting"), name="request_waiting_list"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                "person",
                "site",
                condition=Q(state="waiting"),
                name="request_open_once",
                violation_error_message=_("This person already waits for a place here."),
            ),
            models.CheckConstraint(
                name="request_decided_unless_waiting",
                condition=Q(state="waiting", decided_on=None) | (~Q(state="waiting") & Q(decided_on__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.site}"

    @property
    def days_waited(self) -> int:
        """Days since the request: until its answer, or so far."""
        return ((self.decided_on or timezone.localdate()) - self.requested_on).days
