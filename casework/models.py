"""What persons confide: one case file each, with notes, documents and consents.

Words are sealed with the person's own key. What stands in the clear serves finding and access alone: class, kind, dates,
who wrote it.
"""

import uuid
from typing import Self

import pghistory
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework.kinds import Kind, kind_fits_class
from casework.querysets import CaseFileQuerySet, ConfidedQuerySet, ConsentQuerySet, NoticeQuerySet
from residents.models import Person, PersonKey
from residents.reference import language_name
from shelter.accounts.policy import InfoClass
from shelter.rows import Rows
from shelter.vault import DataKey, Place

IN_FILE = "EXISTS (SELECT FROM casework_casefile f WHERE f.id = case_file_id AND ({}))"


def _opened_by(**actions: str) -> str:
    """Rows of these classes at the site responsible for the file, or of persons assigned to the user."""
    classes = " OR ".join(
        f"(info_class = '{info_class}' AND (f.site_id = ANY ({{sites:{asked}}}) OR f.person_id = ANY ({{assigned:{asked}}})))"
        for info_class, asked in actions.items()
    )
    return IN_FILE.format(classes)


WRITTEN = _opened_by(interviews="write_interviews", legal="write_legal", health="write_health")
CONFIDED = Rows(
    read=_opened_by(interviews="read_interviews", legal="read_legal", health="read_health")
    + " OR (kind = 'instruction' AND "
    + _opened_by(health="see_safety")
    + ")",
    write=WRITTEN,
)
THE_PERSON_IS_SEEN = "EXISTS (SELECT FROM residents_person p WHERE p.id = {table}.person_id)"


@pghistory.track()
class CaseFile(models.Model):
    """The follow-up of one person. Those who may read a class for a whole site read it at the ``site`` responsible."""

    info_class = InfoClass.IDENTITY
    rows = Rows(
        read=THE_PERSON_IS_SEEN,
        write="site_id = ANY ({sites:assign_key_workers,write_interviews,write_legal,write_health}) "
        "OR person_id = ANY ({assigned:write_interviews,write_legal,write_health})",
    )

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    person = models.OneToOneField(Person, models.PROTECT, related_name="case_file", verbose_name=_("person"))
    site = models.ForeignKey("sites.Site", models.PROTECT, related_name="case_files", verbose_name=_("site"))
    opened_on = models.DateField(_("opened on"), default=timezone.localdate)
    opened_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = CaseFileQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("case file"), _("case files"), ["-opened_on", "pk"]
        constraints = (
            models.CheckConstraint(
                name="case_file_closes_after_opening",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                violation_error_message=_("A file closes after it opens."),
            ),
        )

    def __str__(self) -> str:
        return f"C-{self.pk:05d}"

    def data_key(self) -> DataKey:
        """The key of all that is sealed in this file. One query. Raises ``Unreadable`` once it is destroyed."""
        return PersonKey.objects.data_key_of(self.person_id)

    def sealing_key(self) -> DataKey:
        """The same, made if nothing was sealed yet."""
        return PersonKey.objects.sealing_key_of(self.person_id)


@pghistory.track()
class Notice(models.Model):
    """A follow-up of this class exists, who writes it now, and its next date: all that the table's ``N`` tells."""

    rows = Rows(
        read=_opened_by(interviews="read_interviews", legal="see_legal_notice", health="read_health"), write=WRITTEN
    )

    case_file = models.ForeignKey(CaseFile, models.PROTECT, related_name="notices", verbose_name=_("case file"))
    info_class = models.CharField(choices=InfoClass, max_length=12, editable=False)
    next_on = models.DateField(_("next date"), null=True, blank=True)
    responsible = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("responsible")
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural, ordering = (
            _("notice of follow-up"),
            _("notices of follow-up"),
            ["next_on", "pk"],
        )
        constraints = (models.UniqueConstraint("case_file", "info_class", name="notice_once"),)

    def __str__(self) -> str:
        return f"{self.get_info_class_display()} · {self.next_on}"


class Confided(models.Model):
    """What notes and documents share. ``is_evidence``: it may serve in the legal procedure, so jurists may read it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    info_class = models.CharField(choices=InfoClass, max_length=12, editable=False)
    kind = models.CharField(_("about"), choices=Kind, max_length=12)
    is_evidence = models.BooleanField(_("evidence for the procedure"), default=False, db_default=False)

    class Meta:
        abstract = True

    def place(self, column: str, row: str = "") -> Place:
        """Where a sealed value of this row belongs."""
        person = self.case_file.person_id  # type: ignore[attr-defined]
        return Place(self._meta.db_table, column, row or str(self.public_id), str(person))


@pghistory.track()
class Note(Confided):
    """What was said or done on a day. Correcting it makes a new ``version``; the history keeps the earlier, sealed too."""

    rows = CONFIDED

    case_file = models.ForeignKey(CaseFile, models.PROTECT, related_name="notes", verbose_name=_("case file"))
    happened_on = models.DateField(_("date"), default=timezone.localdate)
    language = models.CharField(_("language"), max_length=3, blank=True, default="", db_default="")
    author = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("author"))
    corrected_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1, db_default=1)
    sealed_text = models.BinaryField()
    written_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ConfidedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("note"), _("notes"), ["-happened_on", "-pk"]
        indexes = (models.Index(fields=["case_file", "info_class", "-happened_on"], name="notes_of_a_file"),)
        constraints = (models.CheckConstraint(name="note_kind_fits_class", condition=kind_fits_class()),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.happened_on}"

    def seal(self, text: str, key: DataKey) -> None:
        """Bound to this version too: an earlier text put back in its place is refused."""
        self.sealed_text = key.seal(text.encode(), self._text_place())

    def text(self, key: DataKey) -> str:
        """Raises ``Unreadable``."""
        return key.open_sealed(bytes(self.sealed_text), self._text_place()).decode()

    def as_it_was(self, event: models.Model) -> Self:
        """The note of one entry of its history."""
        fields = ("happened_on", "language", "author", "corrected_by", "version", "sealed_text")
        values = {name: getattr(event, name) for name in fields}
        return type(self)(public_id=self.public_id, case_file=self.case_file, **values)

    @property
    def language_name(self) -> str:
        return language_name(self.language) if self.language else ""

    def _text_place(self) -> Place:
        return self.place("sealed_text", f"{self.public_id}/{self.version}")


@pghistory.track()
class Document(Confided):
    """A paper of the person. Its content is a file of a random name outside the web root, sealed like the title."""

    rows = CONFIDED

    case_file = models.ForeignKey(CaseFile, models.PROTECT, related_name="documents", verbose_name=_("case file"))
    sealed_title = models.BinaryField()
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("size"))
    stored_as = models.CharField(max_length=32, unique=True, editable=False)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ConfidedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("document"), _("documents"), ["-uploaded_at", "-pk"]
        indexes = (models.Index(fields=["case_file", "info_class", "-uploaded_at"], name="documents_of_a_file"),)
        constraints = (models.CheckConstraint(name="document_kind_fits_class", condition=kind_fits_class()),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.content_type}"

    def seal(self, title: str, content: bytes, key: DataKey) -> bytes:
        """Keeps the sealed title, and returns the sealed content for the disk."""
        self.sealed_title = key.seal(title.encode(), self.place("sealed_title"))
        return key.seal(content, self.place("file"))

    def title(self, key: DataKey) -> str:
        """Raises ``Unreadable``."""
        return key.open_sealed(bytes(self.sealed_title), self.place("sealed_title")).decode()

    @property
    def is_expired(self) -> bool:
        return self.expires_on is not None and self.expires_on < timezone.localdate()


@pghistory.track()
class Consent(models.Model):
    """The person agreed to something, in a language they understand, until they take it back."""

    info_class = InfoClass.INTERVIEWS
    rows = Rows(
        read=f"{THE_PERSON_IS_SEEN} AND "
        "(cardinality({sites:read_interviews}) > 0 OR person_id = ANY ({assigned:read_interviews}))",
        write=f"{THE_PERSON_IS_SEEN} AND "
        "(cardinality({sites:write_interviews}) > 0 OR person_id = ANY ({assigned:write_interviews}))",
    )

    class What(models.TextChoices):
        SHARE_WITH_JURIST = "share_with_jurist", _("Share social interviews with the jurist")

    class How(models.TextChoices):
        SPOKEN = "spoken", _("Said aloud")
        WRITTEN = "written", _("Signed")
        INTERPRETED = "interpreted", _("With an interpreter")

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="consents", verbose_name=_("person"))
    what = models.CharField(_("to what"), choices=What, max_length=20)
    how = models.CharField(_("how"), choices=How, max_length=12, default=How.SPOKEN, db_default=How.SPOKEN)
    language = models.CharField(_("language"), max_length=3, blank=True, default="", db_default="")
    given_on = models.DateField(_("given on"), default=timezone.localdate)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("consent"), _("consents"), ["-given_on", "-pk"]
        constraints = (
            models.UniqueConstraint(
                "person",
                "what",
                condition=Q(withdrawn_on=None),
                name="consent_given_once",
                violation_error_message=_("The person has already agreed to this."),
            ),
            models.CheckConstraint(
                name="consent_withdrawn_after_given",
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("given_on")),
                violation_error_message=_("A consent is taken back after it is given."),
            ),
        )

    def __str__(self) -> str:
        return self.get_what_display()
