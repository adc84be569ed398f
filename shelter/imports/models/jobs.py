"""An import and the files it was given."""

import uuid
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shelter.accounts.policy import InfoClass
from shelter.imports.querysets import ImportJobQuerySet
from shelter.rows import Rows
from shelter.vault import DataKey, Place, unwrap
from shelter.vault.fields import WrappedKeyField

if TYPE_CHECKING:
    from shelter.imports.models.staged import Likeness

OF_JOB = "EXISTS (SELECT FROM imports_importjob j WHERE j.id = job_id)"
KEPT_DAYS = 30  # files and raw cells, after commit or abandonment (security requirement F4)


class ImportJob(models.Model):
    """One or several workbooks on their way into one site.

    ``due`` is the outbox: what a worker must still do, written in the transaction that needs the work. A worker that has
    the job says so as ``holder`` until ``held_until``, and prolongs it while it works: a lost broker or a killed worker
    loses nothing (G3, G4).
    """

    info_class = InfoClass.IMPORTS
    rows = Rows(read="site_id = ANY ({sites:import,importing})", write="site_id = ANY ({sites:import})")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be read")
        READING = "reading", _("being read")
        REVIEW = "review", _("to review")
        TO_COMMIT = "to_commit", _("waiting to be imported")
        COMMITTING = "committing", _("being imported")
        COMMITTED = "committed", _("imported")
        UNDONE = "undone", _("undone")
        ABANDONED = "abandoned", _("abandoned")
        REFUSED = "refused", _("not readable")
        STOPPED = "stopped", _("stopped")

    class Work(models.TextChoices):
        READ = "read", _("reading")
        COMMIT = "commit", _("importing")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey("sites.Site", models.PROTECT, related_name="imports", verbose_name=_("site"))
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    state = models.CharField(_("state"), choices=State, max_length=10, default=State.WAITING)

    due = models.CharField(choices=Work, max_length=10, blank=True, db_default="")
    attempts = models.PositiveSmallIntegerField(db_default=0, default=0)
    # Whose rights the work is done with. Nobody's: a command of the house does it, as a role that sees every row.
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    dispatched_at = models.DateTimeField(null=True, blank=True)
    holder = models.UUIDField(null=True, editable=False)  # the worker that has it
    held_until = models.DateTimeField(null=True, editable=False)
    stopped_work = models.CharField(choices=Work, max_length=10, blank=True, db_default="")
    failure = models.CharField(max_length=40, blank=True, db_default="")

    rows_total = models.PositiveIntegerField(db_default=0, default=0)
    rows_done = models.PositiveIntegerField(db_default=0, default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    counts = models.JSONField(default=dict)
    committed_at = models.DateTimeField(null=True, blank=True)
    committed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    abandoned_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    purge_on = models.DateField(null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)

    # Two data keys: files and raw cells go with the first after 30 days; the second guards understood values whose
    # place in the house comes with a later part.
    raw_key = WrappedKeyField(null=True)
    kept_key = WrappedKeyField(null=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("import"), _("imports"), ["-created_at", "-pk"]
        indexes = (
            models.Index(fields=["site", "-created_at"], name="import_list"),
            models.Index(fields=["dispatched_at"], condition=~Q(due=""), name="import_due"),
            models.Index(fields=["purge_on"], condition=Q(purged_at=None), name="import_purge"),
        )

    def __str__(self) -> str:
        return f"{self.site} · {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_running(self) -> bool:
        """Whether a worker has or will have it: its page asks again by itself."""
        return bool(self.due)

    @property
    def rows_per_second(self) -> int:
        if not self.started_at or not self.rows_done:
            return 0
        seconds = ((self.finished_at or timezone.now()) - self.started_at).total_seconds()
        return round(self.rows_done / max(seconds, 0.1))

    @property
    def seconds_left(self) -> int | None:
        rate = self.rows_per_second
        return round((self.rows_total - self.rows_done) / rate) if rate and self.rows_total else None

    @property
    def percent(self) -> int:
        return min(100, 100 * self.rows_done // self.rows_total) if self.rows_total else 0

    @property
    def undo_until(self) -> datetime | None:
        return self.committed_at + timedelta(days=KEPT_DAYS) if self.committed_at else None

    @cached_property
    def raw_data_key(self) -> DataKey:
        """Opens files and raw cells; gone after the purge."""
        return unwrap(bytes(self.raw_key or b""))

    @cached_property
    def kept_data_key(self) -> DataKey:
        return unwrap(bytes(self.kept_key or b""))

    def questions(self, *, answered: bool = False) -> "models.QuerySet[Likeness]":
        """Persons who may be one and about whom nobody has said; with ``answered`` also the others."""
        from shelter.imports.models.staged import Likeness

        asked = Likeness.objects.filter(staged__job=self).select_related("staged__job", "person", "other")
        return asked if answered else asked.filter(answer="")

    def sealed_place(self, column: str, row: str) -> Place:
        """Where a sealed value of this import lives. ``row`` names it inside the import."""
        return Place("imports", column, f"{self.public_id}/{row}")


class ImportFile(models.Model):
    """One uploaded workbook: encrypted under a random name, and what was recognised in it.

    ``tables`` is what the columns page shows: ``[{index, sheet, kind, header_rows, range, title, confidence, columns:
    {letter: {field, heading, confidence, nights?}}}]``; sample values are sealed. ``mapping`` is what a person changed:
    ``{table index: {kind, columns: {letter: field}}}``; ``fixes`` the cells they corrected: ``{"sheet!row!column": text}``.
    """

    info_class = InfoClass.IMPORTS
    rows = Rows(read=OF_JOB, write=OF_JOB)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("file"), max_length=200)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256 of the content
    stored_as = models.CharField(max_length=64, blank=True)  # under MEDIA_ROOT/imports; empty once destroyed
    problem = models.CharField(max_length=20, blank=True, db_default="")  # FileRefused.code
    problem_detail = models.CharField(max_length=40, blank=True, db_default="")
    row_count = models.PositiveIntegerField(null=True, blank=True)
    tables = models.JSONField(default=list)
    samples = models.BinaryField(null=True)
    mapping = models.JSONField(default=dict)
    fixes = models.BinaryField(null=True)  # sealed with the raw key
    staged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("imported file"), _("imported files"), ["job", "position"]
        constraints = (models.UniqueConstraint("job", "position", name="import_file_position_once"),)

    def __str__(self) -> str:
        return self.name
