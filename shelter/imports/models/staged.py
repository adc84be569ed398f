"""What was understood of a workbook, before it is let in.

Raw cells and values of a secrecy class are sealed; everything else is masked by class when it is shown.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shelter.accounts.policy import InfoClass
from shelter.imports.models.jobs import OF_JOB, ImportFile, ImportJob
from shelter.imports.querysets import StagedRowQuerySet
from shelter.rows import Rows

OF_STAGED = "EXISTS (SELECT FROM imports_stagedperson p WHERE p.id = staged_id)"
OF_ROW = "EXISTS (SELECT FROM imports_stagedrow r WHERE r.id = row_id)"
OF_RECORD = "EXISTS (SELECT FROM imports_stagedrecord r WHERE r.id = record_id)"


class StagedPerson(models.Model):
    """One person as the files of an import speak of them, over all their rows."""

    info_class = InfoClass.IDENTITY
    rows = Rows(read=OF_JOB, write=OF_JOB)
    field_classes = {
        **dict.fromkeys(
            (
                *("job", "file", "number", "state", "person", "evidence", "same_as", "joined_by"),
                *("last_name", "first_name", "search_name", "sounds", "near_sounds"),
                *("birth_date", "birth_precision", "gender", "nationality", "languages"),
            ),
            InfoClass.IDENTITY,
        ),
        "phone": InfoClass.CONTACT,
        "sp_digest": InfoClass.LEGAL,
    }

    class State(models.TextChoices):
        NEW = "new", _("new")
        MATCHED = "matched", _("known")
        AMBIGUOUS = "ambiguous", _("to decide")

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="persons")
    file = models.ForeignKey(ImportFile, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    last_name = models.CharField(max_length=120, blank=True)
    first_name = models.CharField(max_length=120, blank=True)
    birth_date = models.DateField(null=True)
    birth_precision = models.CharField(max_length=10, default="unknown")
    gender = models.CharField(max_length=3, default="INC")
    nationality = models.CharField(max_length=3, blank=True)
    languages = ArrayField(models.CharField(max_length=3), default=list)
    phone = models.CharField(max_length=20, blank=True)
    sp_digest = models.BinaryField(null=True)  # keyed; the number itself is sealed with its record
    search_name = models.TextField(blank=True)
    sounds = ArrayField(models.TextField(), default=list)  # of each word
    near_sounds = ArrayField(models.TextField(), default=list)  # and with a slip
    joined_by = ArrayField(models.CharField(max_length=30), default=list)  # why its rows are one person

    state = models.CharField(choices=State, max_length=10, default=State.NEW)
    person = models.ForeignKey("residents.Person", models.SET_NULL, null=True, related_name="+")
    evidence = ArrayField(models.CharField(max_length=30), default=list)  # why it is that person
    same_as = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")  # the same, in another file

    class Meta:
        constraints = (models.UniqueConstraint("file", "number", name="staged_person_once"),)
        ordering = ("file", "number")

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Likeness(models.Model):
    """Two that may be one: a staged person and a person of the house, or two staged persons. A person decides."""

    info_class = InfoClass.IDENTITY
    rows = Rows(read=OF_STAGED, write=OF_STAGED)

    class Answer(models.TextChoices):
        OPEN = "", _("later")
        SAME = "same", _("the same person")
        TWO = "two", _("two people")

    staged = models.ForeignKey(StagedPerson, models.CASCADE, related_name="likenesses")
    person = models.ForeignKey("residents.Person", models.CASCADE, null=True, related_name="+")
    other = models.ForeignKey(StagedPerson, models.CASCADE, null=True, related_name="likened")
    score = models.PositiveSmallIntegerField()
    reasons = ArrayField(models.CharField(max_length=30), default=list)
    answer = models.CharField(choices=Answer, max_length=10, blank=True, default=Answer.OPEN)
    answered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-score", "pk")
        constraints = (
            models.CheckConstraint(
                name="likeness_has_one_other",
                condition=Q(person=None, other__isnull=False) | Q(person__isnull=False, other=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.staged} ≈ {self.person or self.other}"


class StagedRow(models.Model):
    """A non-empty row of a sheet. Every one of them is here, whatever it says."""

    info_class = InfoClass.IMPORTS
    rows = Rows(read=OF_JOB, write=OF_JOB)

    class Status(models.TextChoices):
        NEW = "new", _("new")
        MATCHED = "matched", _("known")
        AMBIGUOUS = "ambiguous", _("to decide")
        ERROR = "error", _("error")
        NOT_DATA = "not_data", _("not data")

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="staged_rows")
    file = models.ForeignKey(ImportFile, models.CASCADE, related_name="staged_rows")
    position = models.PositiveIntegerField()  # in the file, from 0
    sheet = models.CharField(max_length=120)
    number = models.PositiveIntegerField()  # as the sheet shows it, from 1
    table = models.PositiveSmallIntegerField(null=True)
    kind = models.CharField(max_length=12, blank=True)
    status = models.CharField(choices=Status, max_length=10)
    reading = models.CharField(max_length=10)  # what reading alone said: data, error, ambiguous, not_data
    reason = models.CharField(max_length=40, blank=True)  # code of the first problem
    is_set_aside = models.BooleanField(default=False)
    is_accepted = models.BooleanField(default=False)  # a person lets it in although a value of it is wrong or doubtful
    raw = models.BinaryField(null=True)  # the sheet's cells, sealed

    objects = StagedRowQuerySet.as_manager()

    class Meta:
        ordering = ("file", "position")
        constraints = (models.UniqueConstraint("file", "position", name="staged_row_once"),)
        indexes = (models.Index(fields=["job", "status", "file", "position"], name="staged_row_review"),)

    def __str__(self) -> str:
        return f"{self.sheet} {self.number}"


class Problem(models.Model):
    """Why a row has its status, or what was decided for it. ``params`` of a secrecy class are sealed with its record."""

    info_class = InfoClass.IMPORTS
    rows = Rows(read=OF_ROW, write=OF_ROW)

    class Source(models.TextChoices):
        READING = "reading"
        PLANNING = "planning"

    row = models.ForeignKey(StagedRow, models.CASCADE, related_name="problems")
    source = models.CharField(choices=Source, max_length=10)
    code = models.CharField(max_length=40)
    field = models.CharField(max_length=40, blank=True)
    column = models.CharField(max_length=4, blank=True)
    params = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True)  # params of a secrecy class
    is_notice = models.BooleanField(default=False)  # worth knowing, stops nothing

    class Meta:
        ordering = ("row", "pk")

    def __str__(self) -> str:
        return self.code


class StagedRecord(models.Model):
    """One thing that a row says. ``values`` holds what may be shown with the row; the rest is in ``StagedSecret``."""

    info_class = InfoClass.IMPORTS
    rows = Rows(read=OF_JOB, write=OF_JOB)

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="records")
    row = models.ForeignKey(StagedRow, models.CASCADE, related_name="records")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    person = models.ForeignKey(StagedPerson, models.CASCADE, null=True, related_name="records")
    values = models.JSONField()
    flags = ArrayField(models.CharField(max_length=40), default=list)
    cells = models.JSONField(default=dict)  # field → [row, column letters]
    content = models.BinaryField()  # keyed digest of the whole record
    identity = models.BinaryField()  # keyed digest of what makes it this record and no other
    is_known = models.BooleanField(default=False)

    class Meta:
        ordering = ("row", "position")
        indexes = (models.Index(fields=["job", "kind"], name="staged_record_kind"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class StagedSecret(models.Model):
    """The values of one record that belong to one secrecy class: sealed, shown to holders of the class only (A9b)."""

    record = models.ForeignKey(StagedRecord, models.CASCADE, related_name="secrets")
    rows = Rows(read=OF_RECORD, write=OF_RECORD)
    info_class = models.CharField(choices=InfoClass, max_length=12)
    fields = ArrayField(models.CharField(max_length=40))
    sealed = models.BinaryField()

    class Meta:
        ordering = ("record", "info_class")
        constraints = (models.UniqueConstraint("record", "info_class", name="staged_secret_once"),)

    def __str__(self) -> str:
        return f"{self.info_class} {self.pk}"
