"""Persons, their households, and the merging of two files that are one person's."""

import uuid

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from residents.querysets import PersonQuerySet
from residents.reference import country_name, language_name
from shelter.accounts.policy import InfoClass
from shelter.rows import Rows

# A person is known where they were first registered, housed or waiting; an absorbed file where the kept one is.
KNOWN = """registered_at_id = ANY ({{sites:{0}}})
    OR EXISTS (
        SELECT FROM residents_stay s
        WHERE s.person_id = COALESCE({{table}}.merged_into_id, {{table}}.id) AND s.site_id = ANY ({{sites:{0}}})
    )
    OR EXISTS (
        SELECT FROM residents_intakerequest r
        WHERE r.person_id = COALESCE({{table}}.merged_into_id, {{table}}.id) AND r.site_id = ANY ({{sites:{0}}})
    )"""
WRITTEN_BY = "edit_person,edit_contact,edit_waiting,admit,move,depart,correct_stay,merge_people,import,importing"


class Household(models.Model):
    """Persons who live together and are housed together."""

    info_class = InfoClass.IDENTITY
    rows = Rows(  # a number that says nothing by itself; its members are persons
        read="organisation_id IN (SELECT s.organisation_id FROM sites_site s WHERE s.id = ANY ({sites:see_people}))",
        write="organisation_id IN (SELECT s.organisation_id FROM sites_site s WHERE s.id = ANY ({sites:edit_person,import}))",
    )

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("sites.Organisation", models.PROTECT, verbose_name=_("organisation"))

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("household"), _("households"), ["pk"]

    def __str__(self) -> str:
        return f"M-{self.pk:05d}"


@pghistory.track(exclude=["search_name", "sounds"])
class Person(models.Model):
    """One human being within one organisation. Nothing but a name in use is ever required (field guide, rule 3).

    A single name stands in ``last_name``. ``search_name`` and ``sounds`` are the search keys that ``residents.names``
    makes of the names; services keep them.
    """

    info_class = InfoClass.IDENTITY
    field_classes = {
        **dict.fromkeys(
            (
                *("public_id", "organisation", "registered_at", "merged_into", "created_at"),
                *("last_name", "first_name", "known_as", "native_name", "search_name", "sounds"),
                *("birth_date", "birth_precision", "gender", "nationalities", "languages", "household", "family_link"),
            ),
            InfoClass.IDENTITY,
        ),
        "phone": InfoClass.CONTACT,
    }
    rows = Rows(
        read=f"{KNOWN.format('see_first_names,see_people,importing')} OR id = ANY ({{assigned:see_first_names,see_people}})",
        write=KNOWN.format(WRITTEN_BY),
    )

    class BirthPrecision(models.TextChoices):
        """How much of ``birth_date`` is known. Below ``day`` the missing parts are written as 01 and never shown."""

        DAY = "day", _("day")
        MONTH = "month", _("month and year")
        YEAR = "year", _("year only")
        ESTIMATED = "estimated", _("estimated year")
        UNKNOWN = "unknown", _("unknown")

    class Gender(models.TextChoices):
        """As said by the person (field guide §3.12)."""

        WOMAN = "F", _("Woman")
        MAN = "H", _("Man")
        OTHER = "X", _("Non-binary / other")
        UNKNOWN = "INC", _("Unknown")
        UNDISCLOSED = "NSP", _("Prefers not to say")

    class FamilyLink(models.TextChoices):
        """What the person is in the household (field guide §3.12, ``list:family_link``)."""

        SPOUSE = "CONJ", _("Spouse / partner")
        CHILD = "ENF", _("Child")
        FATHER = "PERE", _("Father")
        MOTHER = "MERE", _("Mother")
        BROTHER = "FRA", _("Brother")
        SISTER = "SOE", _("Sister")
        GRANDPARENT = "GP", _("Grandparent")
        UNCLE_AUNT = "ONC", _("Uncle / aunt")
        NEPHEW_NIECE = "NEV", _("Nephew / niece")
        COUSIN = "COUS", _("Cousin")
        GUARDIAN = "TUT", _("Guardian")
        COMPANION = "ACC", _("Declared companion")
        FRIEND = "AMI", _("Friend")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        "sites.Organisation", models.PROTECT, related_name="persons", verbose_name=_("organisation")
    )
    registered_at = models.ForeignKey("sites.Site", models.PROTECT, related_name="+", verbose_name=_("first known at"))
    last_name = models.CharField(_("last name or single name"), max_length=120, blank=True, default="", db_default="")
    first_name = models.CharField(_("first name"), max_length=120, blank=True, default="", db_default="")
    known_as = models.CharField(_("name in use"), max_length=120, blank=True, default="", db_default="")
    native_name = models.CharField(_("name in its own script"), max_length=120, blank=True, default="", db_default="")
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    birth_precision = models.CharField(
        _("precision of the birth date"),
        choices=BirthPrecision,
        max_length=10,
        default=BirthPrecision.UNKNOWN,
        db_default=BirthPrecision.UNKNOWN,
    )
    gender = models.CharField(
        _("gender"), choices=Gender, max_length=3, default=Gender.UNKNOWN, db_default=Gender.UNKNOWN
    )
    nationalities = ArrayField(
        models.CharField(max_length=3), verbose_name=_("nationalities"), default=list, blank=True, db_default=[]
    )
    languages = ArrayField(
        models.CharField(max_length=3), verbose_name=_("languages"), default=list, blank=True, db_default=[]
    )
    # E.164; class contact
    phone = models.CharField(_("phone"), max_length=20, blank=True, default="", db_default="")
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("household")
    )
    family_link = models.CharField(
        _("place in the household"), choices=FamilyLink, max_length=4, blank=True, default="", db_default=""
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="absorbed", editable=False
    )
    search_name = models.TextField(editable=False, default="", db_default="")
    sounds = ArrayField(models.TextField(), default=list, editable=False, db_default=[])
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("person"), _("persons"), ["search_name", "pk"]
        indexes = (
            GinIndex(OpClass("search_name", "gin_trgm_ops"), name="person_search_name_trigram"),
            GinIndex(fields=["sounds"], name="person_sounds"),
            models.Index(fields=["search_name", "id"], name="person_list"),
        )
        constraints = (
            models.CheckConstraint(
                name="person_has_a_name",
                condition=~Q(last_name="", first_name="", known_as=""),
                violation_error_message=_("Give a name or an alias: nothing else is required."),
            ),
            models.CheckConstraint(
                name="person_birth_precision_fits",
                condition=Q(birth_date=None, birth_precision="unknown")
                | (Q(birth_date__isnull=False) & ~Q(birth_precision="unknown")),
                violation_error_message=_("Say how much of the birth date is known."),
            ),
            models.CheckConstraint(
                name="person_not_merged_into_itself", condition=Q(merged_into=None) | ~Q(merged_into=F("id"))
            ),
        )

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.known_as

    @property
    def short_name(self) -> str:
        """First name and initial: all that a night list shows. A single name is shown whole."""
        first, last = self.first_name or self.known_as, self.last_name
        return f"{first} {last[0]}." if first and last else first or last

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.full_name.split()[:2]).upper()

    @property
    def birth(self) -> str:
        """The birth date as far as it is known, and no further."""
        if self.birth_date is None:
            return ""
        match self.BirthPrecision(self.birth_precision):
            case self.BirthPrecision.DAY:
                return date_format(self.birth_date, "DATE_FORMAT")
            case self.BirthPrecision.MONTH:
                return date_format(self.birth_date, "YEAR_MONTH_FORMAT")
            case self.BirthPrecision.YEAR:
                return str(self.birth_date.year)
        return _("about %(year)s") % {"year": self.birth_date.year}

    @property
    def nationality_names(self) -> str:
        return ", ".join(country_name(code) for code in self.nationalities)

    @property
    def language_names(self) -> str:
        return ", ".join(language_name(code) for code in self.languages)

    @property
    def reference(self) -> str:
        """A number that tells two people of one name apart."""
        return f"P-{self.pk:05d}"


@pghistory.track()
class PersonMerge(models.Model):
    """Two files found to be one person's: ``absorbed`` points to ``survivor`` until the merge is undone.

    ``moved`` lists what changed hands, so that undoing it gives each file its own history back:
    ``{"stays": [id…], "presences": [id…], "requests": [id…]}``.
    """

    info_class = InfoClass.IDENTITY
    rows = Rows(
        read="EXISTS (SELECT FROM residents_person p WHERE p.id = survivor_id)",
        write="EXISTS (SELECT FROM residents_person p WHERE p.id = survivor_id) AND cardinality({sites:merge_people}) > 0",
    )

    survivor = models.ForeignKey(Person, models.PROTECT, related_name="merges", verbose_name=_("kept file"))
    absorbed = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("absorbed file"))
    reason = models.CharField(_("reason"), max_length=200)
    moved = models.JSONField(default=dict)
    merged_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    merged_at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name, verbose_name_plural, ordering = (
            _("merge of two files"),
            _("merges of files"),
            ["-merged_at", "-pk"],
        )
        constraints = (models.UniqueConstraint("absorbed", condition=Q(undone_at=None), name="person_absorbed_once"),)

    def __str__(self) -> str:
        return f"{self.absorbed.reference} → {self.survivor.reference}"
