"""What is asked of places."""

from __future__ import annotations

import re
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Self

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from shelter.accounts.policy import Can
from shelter.db import by_name
from sites.periods import covering, meeting

if TYPE_CHECKING:
    from shelter.accounts.models import User
    from sites.models import Bed, BedClosure, Organisation, Room, Site  # noqa: F401


class OrganisationQuerySet(QuerySet["Organisation"]):
    def visible_to(self, user: User, can: Can = Can.SEE_PLACES) -> Self:
        """Organisations with a site where ``user`` may do ``can``."""
        if user.access.everywhere(can):
            return self.all()
        return self.filter(sites__in=user.access.sites(can)).distinct()

    def with_site_count(self) -> Self:
        return self.annotate(site_count=Count("sites"))


class SiteQuerySet(QuerySet["Site"]):
    def visible_to(self, user: User, can: Can = Can.SEE_PLACES) -> Self:
        """Sites where ``user`` may do ``can``."""
        return self.all() if user.access.everywhere(can) else self.filter(pk__in=user.access.sites(can))

    def open_on(self, day: date) -> Self:
        return self.filter(Q(opened_on=None) | Q(opened_on__lte=day), Q(closed_on=None) | Q(closed_on__gt=day))

    def with_beds(self) -> Self:
        """Sites that house people: those that have at least one room."""
        from sites.models import Room

        return self.filter(Exists(Room.objects.filter(site=OuterRef("pk"))))

    def by_name(self) -> Self:
        """In the order of an index of names, accents aside."""
        return self.order_by(by_name("name"), "pk")

    def called(self, words: str) -> Self:
        """Sites with these words in their name, or in another name they are known by."""
        return self.filter(Q(name__icontains=words) | Q(aliases__name__icontains=words)).distinct()

    def with_capacity(self, night: date) -> Self:
        """Each site with ``beds`` in service on this night, those ``closed``, and ``capacity``: the beds one may give."""
        from sites.models import Bed

        def number_of(beds: BedQuerySet) -> Coalesce:
            here = beds.filter(room__site=OuterRef("pk")).order_by().values("room__site")
            return Coalesce(Subquery(here.annotate(number=Count("pk")).values("number")), 0)

        beds = Bed.objects.in_service_on(night)
        counted = self.annotate(beds=number_of(beds), closed=number_of(beds.closed_on(night)))
        return counted.annotate(capacity=F("beds") - F("closed"))

    def with_names(self) -> Self:
        """All that the list and its file write: the organisation and the other names."""
        return self.select_related("organisation").prefetch_related("aliases")


class RoomQuerySet(QuerySet["Room"]):
    def visible_to(self, user: User, can: Can = Can.SEE_BEDS) -> Self:
        return self.all() if user.access.everywhere(can) else self.filter(site__in=user.access.sites(can))

    def with_beds_on(self, night: date) -> Self:
        """Rooms with their beds of this night and later as ``beds_tonight``, each with its closure."""
        from sites.models import Bed

        beds = Bed.objects.filter(Q(retired_on=None) | Q(retired_on__gt=night)).with_closure(night)
        return self.prefetch_related(Prefetch("beds", beds, to_attr="beds_tonight"))

    def by_floor(self) -> list[tuple[str, list[Room]]]:
        """Floors from the lowest up, those unknown last, each with its rooms in counting order (9 before 10)."""
        rooms: list[Room] = sorted(self, key=_place_in_house)
        return [(floor, list(there)) for floor, there in groupby(rooms, key=attrgetter("floor"))]


def natural(name: str) -> list[tuple[int, int, str]]:
    """A sort key that counts: 9 before 10, K2 before K10."""
    parts = re.findall(r"\d+|\D+", name)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part.casefold()) for part in parts]


def _place_in_house(room: Room) -> tuple[int, int, str, list[tuple[int, int, str]]]:
    """Numbered floors by number, then those with a name, then unknown ones; on a floor by the room's name."""
    if re.fullmatch(r"-?\d+", room.floor):
        return (0, int(room.floor), "", natural(room.name))
    return (1 if room.floor else 2, 0, room.floor, natural(room.name))


class BedQuerySet(QuerySet["Bed"]):
    def visible_to(self, user: User, can: Can = Can.SEE_BEDS) -> Self:
        return self.all() if user.access.everywhere(can) else self.filter(room__site__in=user.access.sites(can))

    def in_service_on(self, night: date) -> Self:
        """Beds that exist on this night, closed or not."""
        return self.filter(
            Q(in_service_from=None) | Q(in_service_from__lte=night), Q(retired_on=None) | Q(retired_on__gt=night)
        )

    def closed_on(self, night: date) -> Self:
        from sites.models import BedClosure

        return self.filter(Exists(BedClosure.objects.filter(bed=OuterRef("pk")).on_night(night)))

    def open_on(self, night: date) -> Self:
        """Beds that someone may sleep in on this night: what capacity counts."""
        from sites.models import BedClosure

        closed = BedClosure.objects.filter(bed=OuterRef("pk")).on_night(night)
        return self.in_service_on(night).filter(~Exists(closed))

    def with_closure(self, night: date) -> Self:
        """Each bed with the closure of this night, if any, as ``closures_tonight``: a list of one."""
        from sites.models import BedClosure

        closures = Prefetch("closures", BedClosure.objects.on_night(night), to_attr="closures_tonight")
        return self.prefetch_related(closures)


class BedClosureQuerySet(QuerySet["BedClosure"]):
    def visible_to(self, user: User, can: Can = Can.SEE_BEDS) -> Self:
        return self.all() if user.access.everywhere(can) else self.filter(bed__room__site__in=user.access.sites(can))

    def at(self, site: Site) -> Self:
        return self.filter(bed__room__site=site)

    def on_night(self, night: date) -> Self:
        return self.filter(covering("from_on", "until_on", night))

    def between(self, start: date, end: date | None) -> Self:
        """Closures that touch a night of ``[start, end)``; no ``end``: from ``start`` on."""
        return self.filter(meeting("from_on", "until_on", start, end))

    def not_over(self, night: date) -> Self:
        """Closures of this night or of nights to come."""
        return self.filter(Q(until_on=None) | Q(until_on__gt=night))

    def made_with(self, closure: BedClosure) -> Self:
        """Those that began in the same act and last as long, itself among them."""
        return self.filter(created_at=closure.created_at, from_on=closure.from_on, until_on=closure.until_on)

    def by_act(self) -> list[list[BedClosure]]:
        """Beds closed in one act, together; the latest act first."""
        closures = self.select_related("bed__room").order_by("-created_at", "-from_on", "bed__room__name", "bed__label")
        acts = groupby(closures, key=attrgetter("created_at", "from_on", "until_on"))
        return [list(act) for _moment, act in acts]
