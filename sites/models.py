"""Where people sleep: organisations, sites, rooms, beds, and the periods a bed is closed."""

import uuid
from datetime import date

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shelter.accounts.policy import InfoClass
from shelter.rows import Rows
from sites.periods import nights
from sites.querysets import BedClosureQuerySet, BedQuerySet, OrganisationQuerySet, RoomQuerySet, SiteQuerySet


def within_our_time(field: str) -> Q:
    return Q(**{field: None}) | Q(**{f"{field}__gte": date(1830, 1, 1), f"{field}__lt": date(2100, 1, 1)})


IN_ROOM = "EXISTS (SELECT FROM sites_room r WHERE r.id = room_id AND r.site_id = ANY ({{sites:{}}}))"


@pghistory.track()
class Organisation(models.Model):
    """An association that runs sites. Persons belong to one organisation and are never matched across two (A9d)."""

    info_class = InfoClass.PLACES
    rows = Rows(
        read="{everywhere:see_places} OR id IN (SELECT organisation_id FROM sites_site)",
        write="{everywhere:keep_network}",
    )

    class ResidentWord(models.TextChoices):
        """How the people housed are called on screen (field guide §9, style)."""

        RESIDENT = "resident", _("resident")
        INHABITANT = "inhabitant", _("inhabitant")

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("short name"), unique=True)
    resident_word = models.CharField(
        _("word for the people housed"), choices=ResidentWord, max_length=20, default=ResidentWord.RESIDENT
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("organisation"), _("organisations"), ["name"]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Site(models.Model):
    """A place or a service of an organisation. A service (desk, day centre) simply has no rooms.

    What is not known stays empty. Capacity is counted from beds; ``declared_capacity`` is the agreement's figure.
    """

    info_class = InfoClass.PLACES
    rows = Rows(
        # Menus name it to whoever works there.
        read="{everywhere:see_places} OR id = ANY ({workplaces}) OR id = ANY ({sites:importing}) OR id = {invited_to}",
        write="{everywhere:keep_network}",
        update="{everywhere:edit_places} OR id = ANY ({sites:edit_places})",
        hold="{everywhere:edit_places} OR id = ANY ({sites:edit_places,import})",
    )

    class Scheme(models.TextChoices):
        """Field guide §1, ``list:scheme``. Codes never change."""

        EMERGENCY = "URG", _("Emergency shelter")
        TEMPORARY_OCCUPATION = "OTC", _("Agreed temporary occupation")
        PRE_RECEPTION = "PREA", _("Pre-reception (applicants)")
        MODULAR = "MODUL", _("Modular housing")
        COLLECTIVE = "COLL", _("Small collective housing")
        WOMEN = "NMF", _("Non-mixed women, Housing First")
        CO_MANAGED = "COGEST", _("Co-managed temporary housing")
        UKRAINE = "UKR", _("Ukraine temporary protection housing")
        MINORS = "MENA_C", _("Unaccompanied minors centre")
        DAY_CENTRE = "JOUR", _("Day centre")
        FRONT_DESK = "FRONT", _("Front desk")
        SERVICE = "SERV", _("Transversal service")
        CITIZEN = "CIT", _("Citizen hosting, branch")
        CRISIS = "GRAND", _("Cold-spell or crisis shelter")

    class Audience(models.TextChoices):
        ALL = "all", _("everyone")
        MEN = "men", _("men")
        WOMEN = "women", _("women")
        FAMILIES = "families", _("households and families")
        MINORS = "minors", _("unaccompanied minors")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="sites", verbose_name=_("organisation"))
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name"), unique=True)
    scheme = models.CharField(_("scheme"), choices=Scheme, max_length=10)
    audience = models.CharField(_("audience"), choices=Audience, max_length=10, blank=True, db_default="")
    audience_note = models.CharField(_("audience in words"), max_length=200, blank=True, db_default="")
    address = models.CharField(_("address"), max_length=200, blank=True, db_default="")
    address_is_confidential = models.BooleanField(_("address is confidential"), default=False, db_default=False)
    declared_capacity = models.PositiveIntegerField(_("capacity of the agreement"), null=True, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closes on"), null=True, blank=True)
    gap_nights = models.PositiveSmallIntegerField(
        _("nights away that do not end a stay"),
        default=3,
        db_default=3,
        help_text=_("Field guide §5: three by default."),
    )
    max_stay_nights = models.PositiveSmallIntegerField(_("longest stay, in nights"), null=True, blank=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("site"), _("sites"), ["name", "pk"]
        constraints = (
            models.UniqueConstraint("organisation", "name", name="site_name_once_in_organisation"),
            models.CheckConstraint(
                name="site_closes_after_opening",
                condition=Q(opened_on=None) | Q(closed_on=None) | Q(closed_on__gt=F("opened_on")),
                violation_error_message=_("A site closes after it opens."),
            ),
            models.CheckConstraint(
                name="site_opens_and_closes_in_our_time",
                condition=within_our_time("opened_on") & within_our_time("closed_on"),
                violation_error_message=_("A site opens and closes between 1830 and 2100: look at the year again."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name_outside(self) -> str:
        """On what leaves the house, files and paper: of a confidential site the initials, as colleagues say, SH (A12)."""
        if not self.address_is_confidential:
            return self.name
        return "".join(word[0] for word in self.name.split()).upper()


class SiteAlias(models.Model):
    """Another way a site is written in old sheets: Evenepoel, Hotel Leopold."""

    info_class = InfoClass.PLACES
    rows = Rows(read="site_id = ANY ({sites:see_places})", write="site_id = ANY ({sites:edit_places})")

    site = models.ForeignKey(Site, models.CASCADE, related_name="aliases", verbose_name=_("site"))
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("other name of a site"), _("other names of a site"), ["name"]
        constraints = (models.UniqueConstraint("site", "name", name="site_alias_once"),)

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Room(models.Model):
    """A room, a container, an apartment. ``floor`` is a number as text, "0" the ground floor; empty when unknown."""

    info_class = InfoClass.PLACES
    rows = Rows(read="site_id = ANY ({sites:see_places,see_beds})", write="site_id = ANY ({sites:edit_places,import})")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="rooms", verbose_name=_("site"))
    name = models.CharField(_("room"), max_length=40)
    floor = models.CharField(_("floor"), max_length=10, blank=True, db_default="")
    note = models.CharField(_("note"), max_length=120, blank=True, db_default="")
    is_accessible = models.BooleanField(_("wheelchair accessible"), default=False, db_default=False)

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("room"), _("rooms"), ["site", "floor", "name", "pk"]
        constraints = (
            models.UniqueConstraint(
                "site",
                "name",
                name="room_name_once_in_site",
                violation_error_message=_("This site already has a room of that name."),
            ),
        )

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Bed(models.Model):
    """A bed of a room, in service over ``[in_service_from, retired_on)``; empty means always and for ever."""

    info_class = InfoClass.PLACES
    rows = Rows(
        read="EXISTS (SELECT FROM sites_room r WHERE r.id = room_id)",
        write=IN_ROOM.format("edit_places,import"),
        hold=IN_ROOM.format("edit_places,import,admit,move,depart,correct_stay"),  # giving a bed locks it
    )

    class Kind(models.TextChoices):
        BED = "bed", pgettext_lazy("furniture", "bed")
        COT = "cot", _("cot")
        EXTRA = "extra", _("extra bed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    room = models.ForeignKey(Room, models.PROTECT, related_name="beds", verbose_name=_("room"))
    label = models.CharField(_("bed"), max_length=20)
    kind = models.CharField(_("kind"), choices=Kind, max_length=10, default=Kind.BED, db_default=Kind.BED)
    in_service_from = models.DateField(_("in service from"), null=True, blank=True)
    retired_on = models.DateField(_("taken away on"), null=True, blank=True)

    objects = BedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = pgettext_lazy("furniture", "bed"), _("beds")
        ordering = ("room", "label", "pk")
        constraints = (
            models.UniqueConstraint(
                "room",
                "label",
                name="bed_label_once_in_room",
                violation_error_message=_("This room already has a bed of that name."),
            ),
            models.CheckConstraint(
                name="bed_serves_a_night",
                condition=Q(in_service_from=None) | Q(retired_on=None) | Q(retired_on__gt=F("in_service_from")),
                violation_error_message=_("A bed is taken away after it was put in service."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.room.name}-{self.label}"


@pghistory.track(exclude=["nights"])
class BedClosure(models.Model):
    """Nights ``[from_on, until_on)`` when nobody can sleep in a bed. No end: until further notice."""

    info_class = InfoClass.PLACES
    rows = Rows(
        read="EXISTS (SELECT FROM sites_bed b WHERE b.id = bed_id)",
        write="EXISTS (SELECT FROM sites_bed b JOIN sites_room r ON r.id = b.room_id "
        "WHERE b.id = bed_id AND r.site_id = ANY ({sites:edit_places,import}))",
    )

    class Reason(models.TextChoices):
        WORKS = "works", _("works")
        DAMAGE = "damage", _("damage")
        PESTS = "pests", _("bedbugs or pests")
        SAFETY = "safety", _("safety")
        ISOLATION = "isolation", _("room kept apart")
        OTHER = "other", _("other reason")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    bed = models.ForeignKey(
        Bed, models.PROTECT, related_name="closures", verbose_name=pgettext_lazy("furniture", "bed")
    )
    from_on = models.DateField(_("closed from"))
    until_on = models.DateField(_("back in service on"), null=True, blank=True)
    nights = nights("from_on", "until_on")
    reason = models.CharField(_("reason"), choices=Reason, max_length=20)
    note = models.CharField(_("note"), max_length=200, blank=True, db_default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = BedClosureQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("bed closure"), _("bed closures"), ["-from_on", "-pk"]
        constraints = (
            ExclusionConstraint(
                name="bed_closed_once_a_night",
                expressions=[("bed", RangeOperators.EQUAL), ("nights", RangeOperators.OVERLAPS)],
                violation_error_message=_("This bed is already closed on one of these nights."),
            ),
            models.CheckConstraint(
                name="bed_closure_lasts_a_night",
                condition=Q(until_on=None) | Q(until_on__gt=F("from_on")),
                violation_error_message=_("A closure lasts at least one night."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.bed} · {self.get_reason_display()}"
