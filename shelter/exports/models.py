"""A list with names on its way out of the house, and who fetched it."""

import uuid
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shelter.accounts.policy import InfoClass
from shelter.exports.querysets import ExportQuerySet
from shelter.rows import Rows
from shelter.vault import DataKey, Place, unwrap
from shelter.vault.fields import WrappedKeyField

LIVES = timedelta(hours=24)
SECRECY = frozenset({InfoClass.INTERVIEWS, InfoClass.LEGAL, InfoClass.HEALTH})
MOST_ALONE = 50  # persons; a longer list asks for a second person


def _tomorrow():  # type: ignore[no-untyped-def]  # a migration refers to it by name
    return timezone.now() + LIVES


def _allowed_by(approver: str) -> str:
    """The rows that whoever acts may allow: at all of their sites, or in the whole house."""
    at_all = f"cardinality(site_ids) > 0 AND site_ids <@ {{sites:{approver}}}"
    return f"approver = '{approver}' AND ({{everywhere:{approver}}} OR {at_all})"


READ = f"asked_by_id = {{user}} OR {_allowed_by('approve_export')} OR {_allowed_by('manage_team')}"


class Export(models.Model):
    """One file. What was looked for, and the file itself, are sealed with a key of its own that is destroyed with it.

    ``site_ids``: the sites it draws on; none means the whole house. ``approver`` is the action of the policy table that
    a second person needs at all of them. ``sealed_selection``: the filters, which may hold a name, and the rows' keys.
    """

    rows = Rows(read=READ, insert="asked_by_id = {user}", update=READ)

    class State(models.TextChoices):
        BUILDING = "building", _("being written")
        WAITING = "waiting", _("waiting for a second person")
        READY = "ready", _("ready")
        REFUSED = "refused", _("refused")
        EXPIRED = "expired", _("destroyed")
        FAILED = "failed", _("could not be written")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    info_class = models.CharField(_("class"), choices=InfoClass, max_length=12)
    asked_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("asked by"), db_index=False
    )
    site_ids = ArrayField(models.BigIntegerField(), verbose_name=_("sites"))
    approver = models.CharField(max_length=40)  # a ``Can`` by its name
    purpose = models.CharField(_("purpose"), max_length=200)
    count = models.PositiveIntegerField(_("names"))
    state = models.CharField(_("state"), choices=State, max_length=10, default=State.BUILDING)
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    reason = models.CharField(_("reason of the refusal"), max_length=200, blank=True, db_default="", default="")
    created_at = models.DateTimeField(_("asked at"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("destroyed at"), default=_tomorrow)

    wrapped_key = WrappedKeyField(null=True)
    sealed_selection = models.BinaryField(null=True)
    stored_as = models.CharField(max_length=64, blank=True, db_default="", default="")  # under MEDIA_ROOT/exports

    rows_done = models.PositiveIntegerField(db_default=0, default=0)
    attempts = models.PositiveSmallIntegerField(db_default=0, default=0)
    dispatched_at = models.DateTimeField(null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("export"), _("exports"), ["-created_at", "-pk"]
        indexes = (
            models.Index(fields=["asked_by", "-created_at"], name="export_list"),
            models.Index(fields=["expires_at"], condition=~Q(wrapped_key=None), name="export_expiry"),
        )
        constraints = (
            models.CheckConstraint(
                name="export_allowed_by_another",
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("asked_by")),
                violation_error_message=_("Nobody allows their own export."),
            ),
            models.CheckConstraint(
                name="export_of_many_ready_once_allowed",
                condition=~Q(state="ready")
                | Q(decided_by__isnull=False)
                | (Q(count__lte=MOST_ALONE) & ~Q(info_class__in=sorted(SECRECY))),
                violation_error_message=_("A second person has to allow this export."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} · {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def needs_a_second(self) -> bool:
        return self.count > MOST_ALONE or self.info_class in SECRECY

    @property
    def is_over(self) -> bool:
        """Whether its day has passed, be the file destroyed already or at the next tick."""
        return self.state == self.State.EXPIRED or self.expires_at <= timezone.now()

    @property
    def data_key(self) -> DataKey:
        """Opens the file and the filters; gone with them."""
        return unwrap(bytes(self.wrapped_key or b""))

    def sealed_place(self, column: str) -> Place:
        return Place("exports_export", column, str(self.public_id))


class ExportDownload(models.Model):
    """The file was fetched once more."""

    info_class = InfoClass.ACCOUNTS
    rows = Rows(  # like the export
        read="EXISTS (SELECT FROM exports_export e WHERE e.id = export_id)", insert="user_id = {user}"
    )

    export = models.ForeignKey(Export, models.PROTECT, related_name="downloads")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("fetched at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("download"), _("downloads"), ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.export_id} · {self.at:%Y-%m-%d %H:%M}"
