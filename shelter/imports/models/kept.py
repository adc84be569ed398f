"""What stays of an import when its raw cells are gone: where each value came from, and what it changed."""

from django.db import models
from django.db.models.functions import Now

from shelter.accounts.policy import InfoClass
from shelter.imports.models.jobs import OF_JOB, ImportFile, ImportJob
from shelter.imports.models.staged import StagedRecord
from shelter.rows import Rows


class Provenance(models.Model):
    """A committed record: from which file, tab and cells, confirmed by whom, about whom.

    ``content`` and ``identity`` are keyed digests, by which the same or a later version of the workbook is recognised;
    they say nothing to whoever lacks the key.
    """

    info_class = InfoClass.IMPORTS
    rows = Rows(read="site_id = ANY ({sites:import,importing})", write="site_id = ANY ({sites:import,importing})")

    job = models.ForeignKey(ImportJob, models.PROTECT, related_name="provenances")
    site = models.ForeignKey("sites.Site", models.PROTECT, related_name="+")
    file = models.ForeignKey(ImportFile, models.PROTECT, related_name="+")
    record = models.ForeignKey(StagedRecord, models.SET_NULL, null=True, related_name="+")
    sheet = models.CharField(max_length=120)
    row = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    cells = models.JSONField(default=dict)
    person = models.ForeignKey("residents.Person", models.PROTECT, null=True, related_name="provenances")
    content = models.BinaryField()
    identity = models.BinaryField()
    sp_digest = models.BinaryField(null=True)
    confirmed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("pk",)
        indexes = (
            models.Index(fields=["site", "content"], name="provenance_content"),
            models.Index(fields=["site", "identity"], name="provenance_identity"),
            models.Index(fields=["sp_digest"], name="provenance_sp", condition=models.Q(sp_digest__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.file} · {self.sheet} {self.row}"


class Change(models.Model):
    """A row of the house that an import created, or changed from ``before``.

    ``digest`` is of the row as the import left it: if it differs now, later work stands on it and undo refuses.
    """

    info_class = InfoClass.IMPORTS
    rows = Rows(read=OF_JOB, write=OF_JOB)

    job = models.ForeignKey(ImportJob, models.PROTECT, related_name="changes")
    model = models.CharField(max_length=40)  # "residents.person"
    object_id = models.BigIntegerField()
    before = models.JSONField(null=True)  # None: created
    digest = models.CharField(max_length=32)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint("job", "model", "object_id", name="change_once"),)

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"
