"""The tables of the record. Nobody changes a row; the application writes entries and cannot read them (C5)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shelter.accounts.policy import InfoClass
from shelter.rows import Rows, Unscoped


class Entry(models.Model):
    """Who did what to whose data, when, through which page. Identifiers only: never content, never a name (C4).

    Rows outlive what they name: keys without constraints. A refused sign-in may have no user.
    """

    # Nobody writes in another's name; whoever signs in is not known yet.
    rows = Rows(read="false", insert="{user} IS NULL OR user_id = {user}")

    at = models.DateTimeField(_("when"), db_default=Now())
    user = models.ForeignKey(
        "accounts.User", models.DO_NOTHING, null=True, db_constraint=False, related_name="+", db_index=False
    )
    site = models.ForeignKey(
        "sites.Site", models.DO_NOTHING, null=True, db_constraint=False, related_name="+", db_index=False
    )
    info_class = models.CharField(_("class"), choices=InfoClass, max_length=20)
    action = models.CharField(_("what was done"), max_length=20)  # of ``Action``
    persons = ArrayField(models.BigIntegerField(), verbose_name=_("persons"), default=list)
    # "imports.importjob:7", or what an address named when it was refused: "person:UUID"
    about = models.CharField(_("about"), max_length=200, default="", blank=True)
    page = models.CharField(_("page"), max_length=80, default="", blank=True)  # the name of a URL
    purpose = models.CharField(_("purpose"), max_length=20)  # of ``Purpose``
    address = models.GenericIPAddressField(_("address"), null=True)
    request = models.CharField(_("request"), max_length=16, default="", blank=True)

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("access"), _("accesses"), ["-at", "-pk"]
        indexes = (
            GinIndex(fields=["persons"], name="entry_of_person"),
            models.Index(fields=["user", "at"], name="entry_by_user"),
            models.Index(fields=["at"], name="entry_by_moment"),
        )

    def __str__(self) -> str:
        return f"{self.action} · {self.page}"


class Seal(models.Model):
    """A link of the chain: what it closes over, and the hash of that with the link before. Its segments say which rows.

    ``horizon`` is the first transaction that had not begun: what is written later lies above the marks of the segments.
    """

    info_class = InfoClass.READINGS
    rows = Unscoped("hashes and counts, about nobody")

    number = models.BigIntegerField(primary_key=True)
    closed_at = models.DateTimeField(_("closed at"))
    horizon = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("seal"), _("seals"), ["-number"]
        indexes = (models.Index(fields=["closed_at"], name="seal_by_moment"),)

    def __str__(self) -> str:
        return f"{self.number}:{bytes(self.hash).hex()}"


class Segment(models.Model):
    """Rows of one table that a seal closes over: their keys, how many, and a digest of these columns of theirs."""

    info_class = InfoClass.READINGS
    rows = Unscoped("hashes and counts, about nobody")

    seal = models.ForeignKey(Seal, models.PROTECT, related_name="segments")
    journal = models.CharField(max_length=63)
    columns = ArrayField(models.CharField(max_length=63))
    keys = models.TextField()  # an int8multirange
    count = models.BigIntegerField()
    digest = models.BinaryField()
    upto = models.BigIntegerField()  # the greatest key sealed so far

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("sealed segment"), _("sealed segments"), ["seal", "journal"]
        constraints = (models.UniqueConstraint("journal", "seal", name="segment_once"),)

    def __str__(self) -> str:
        return f"{self.journal} {self.keys}"
