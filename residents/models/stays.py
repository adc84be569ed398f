"""Stays and the beds they are given."""

import uuid
from datetime import date

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from residents.models.people import Person
from residents.querysets import BedAssignmentQuerySet, StayQuerySet
from shelter.accounts.policy import InfoClass
from shelter.rows import Rows
from sites.periods import nights


@pghistory.track(exclude=["nights"])
class Stay(models.Model):
    """A person's run of nights at one site, over ``[arrived_on, left_on)``.

    The night of ``left_on`` is not slept here. No ``left_on``: still here. ``arrived_on`` in the future: expected;
    ``left_on`` in the future: a planned departure.
    """

    info_class = InfoClass.PRESENCE
    rows = Rows(
        read="site_id = ANY ({sites:see_tonight,see_beds,importing})",
        write="site_id = ANY ({sites:admit,move,depart,correct_stay,merge_people,import})",
    )

    class ExitReason(models.TextChoices):
        """Field guide §3.12, ``list:exit_reason``. Codes never change."""

        END_OF_TERM = "FIN_T", _("End of term")
        TRANSFER = "TRANSF", _("Internal transfer")
        SOLUTION = "SOL", _("Solution found")
        FEDASIL = "FEDA", _("Fedasil place")
        LEFT = "DEP_V", _("Left by choice")
        ABSENCE = "ABS", _("Prolonged absence")
        EXCLUDED = "EXCL_T", _("Temporary exclusion")
        BANNED = "EXCL_D", _("Permanent exclusion")
        HOSPITAL = "HOSP", _("Hospital")
        DETAINED = "DET", _("Arrest, detention")
        SITE_CLOSED = "FERM", _("Site closed or disaster")
        DEATH = "DC", _("Death")
        ENTRY_ERROR = "ERR", _("Entry error")
        UNKNOWN = "INC", _("Unknown")

    class Destination(models.TextChoices):
        """Field guide §3.5, ``list:housing``."""

        STREET = "RUE", _("Public space")
        EMERGENCY = "URG", _("Other emergency shelter")
        INTERNAL = "BEL_T", _("Internal transfer")
        HOSTEL = "MA", _("Homeless hostel")
        RECEPTION = "FED", _("Reception centre")
        HOTEL = "HOT", _("Temporary accommodation")
        TRANSITIONAL = "TRANSIT", _("Transitional supported")
        REFUGE = "REFU", _("Women's refuge")
        HOSPITAL = "HOP", _("Hospital")
        PRISON = "PRIS", _("Prison")
        DETENTION = "FERME", _("Closed centre")
        SQUAT = "SQUAT", _("Squat, occupation")
        TENT = "TENTE", _("Tent, temporary structure")
        FRIENDS = "TIERS", _("With family or friends")
        CITIZEN = "CITOY", _("Citizen hosting")
        RENTAL = "LOC_P", _("Private rental")
        SOCIAL_HOUSING = "AIS", _("Social housing")
        HOUSING_FIRST = "HF", _("Housing First")
        MINORS = "MENA_S", _("Minor facility")
        TRAFFICKING = "TEH_C", _("Trafficking centre")
        ABROAD = "PAYS_UE", _("Left to another European country")
        RETURN = "RET_V", _("Voluntary return")
        REMOVAL = "ELOI", _("Removal or transfer")
        DEATH = "DCD", _("Death")
        UNKNOWN = "DISP", _("Unknown")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="stays", verbose_name=_("person"))
    site = models.ForeignKey("sites.Site", models.PROTECT, related_name="stays", verbose_name=_("site"))
    arrived_on = models.DateField(_("arrived on"))
    left_on = models.DateField(_("left on"), null=True, blank=True)
    nights = nights("arrived_on", "left_on")
    exit_reason = models.CharField(
        _("reason for leaving"), choices=ExitReason, max_length=10, blank=True, default="", db_default=""
    )
    destination = models.CharField(
        _("destination"), choices=Destination, max_length=10, blank=True, default="", db_default=""
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = StayQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = pgettext_lazy("shelter", "stay"), pgettext_lazy("shelter", "stays")
        ordering = ("-arrived_on", "-pk")
        indexes = (
            models.Index(
                fields=["site", "arrived_on"], include=["person"], condition=Q(left_on=None), name="stay_open_at_site"
            ),
            GistIndex(fields=["site", "nights"], name="stay_site_nights"),
            models.Index(fields=["site", "arrived_on"], name="stay_arrivals"),
            models.Index(fields=["site", "left_on"], name="stay_departures"),
        )
        constraints = (
            ExclusionConstraint(
                name="stay_person_in_one_place",
                expressions=[("person", RangeOperators.EQUAL), ("nights", RangeOperators.OVERLAPS)],
                violation_error_message=_("This person already stays somewhere on one of these nights."),
            ),
            models.CheckConstraint(
                name="stay_lasts_a_night",
                condition=Q(left_on=None) | Q(left_on__gt=F("arrived_on")),
                violation_error_message=_("A stay lasts at least one night: the departure comes after the arrival."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.site}"

    def covers(self, night: date) -> bool:
        return self.arrived_on <= night and (self.left_on is None or night < self.left_on)

    @property
    def length(self) -> int | None:
        """Nights in all; None while nobody knows the end."""
        return (self.left_on - self.arrived_on).days if self.left_on else None


@pghistory.track(exclude=["nights"])
class BedAssignment(models.Model):
    """The bed a stay has over ``[from_on, until_on)``.

    One person a bed, one bed a stay: exclusion constraints. Inside its stay, at the stay's site, never in a closed bed:
    guards of ``migrations/guards.sql``.
    """

    info_class = InfoClass.PRESENCE
    rows = Rows(
        read="EXISTS (SELECT FROM residents_stay s WHERE s.id = stay_id)",
        write="EXISTS (SELECT FROM residents_stay s WHERE s.id = stay_id "
        "AND s.site_id = ANY ({sites:admit,move,depart,correct_stay,import}))",
    )

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    stay = models.ForeignKey(
        Stay, models.PROTECT, related_name="assignments", verbose_name=pgettext_lazy("shelter", "stay"), db_index=False
    )
    bed = models.ForeignKey(
        "sites.Bed",
        models.PROTECT,
        related_name="assignments",
        verbose_name=pgettext_lazy("furniture", "bed"),
        db_index=False,
    )
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    nights = nights("from_on", "until_on")

    objects = BedAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("bed assignment"), _("bed assignments"), ["from_on", "pk"]
        # Those of the constraints serve no query of dates beneath row-level security.
        indexes = (
            models.Index(fields=["stay", "from_on"], include=["until_on"], name="bed_assignment_of_stay"),
            models.Index(fields=["bed", "from_on"], include=["until_on"], name="bed_assignment_of_bed"),
        )
        constraints = (
            ExclusionConstraint(
                name="bed_holds_one_person",
                expressions=[("bed", RangeOperators.EQUAL), ("nights", RangeOperators.OVERLAPS)],
                violation_error_message=_("This bed is already taken on one of these nights."),
            ),
            ExclusionConstraint(
                name="stay_has_one_bed",
                expressions=[("stay", RangeOperators.EQUAL), ("nights", RangeOperators.OVERLAPS)],
                violation_error_message=_("This stay already has a bed on one of these nights."),
            ),
            models.CheckConstraint(
                name="bed_assignment_lasts_a_night", condition=Q(until_on=None) | Q(until_on__gt=F("from_on"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.bed} · {self.stay.person}"

    def covers(self, night: date) -> bool:
        return self.from_on <= night and (self.until_on is None or night < self.until_on)
