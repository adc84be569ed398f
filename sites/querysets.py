"""What is asked of places."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db.models import Exists, OuterRef, Q, QuerySet

from shelter.accounts.policy import Can

if TYPE_CHECKING:
    from shelter.accounts.models import User
    from sites.models import Bed, BedClosure, Organisation, Room, Site  # noqa: F401


class OrganisationQuerySet(QuerySet["Organisation"]):
    def visible_to(self, user: User, can: Can = Can.SEE_PLACES) -> Self:
        """Organisations with a site where ``user`` may do ``can``."""
        if user.access.everywhere(can):
            return self.all()
        return self.filter(sites__in=user.access.sites(can)).distinct()


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


class RoomQuerySet(QuerySet["Room"]):
    def visible_to(self, user: User, can: Can = Can.SEE_BEDS) -> Self:
        return self.all() if user.access.everywhere(can) else self.filter(site__in=user.access.sites(can))


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

        return self.filter(Exists(BedClosure.objects.filter(bed=OuterRef("pk"), nights__contains=night)))

    def open_on(self, night: date) -> Self:
        """Beds that someone may sleep in on this night: what capacity counts."""
        from sites.models import BedClosure

        closed = BedClosure.objects.filter(bed=OuterRef("pk"), nights__contains=night)
        return self.in_service_on(night).filter(~Exists(closed))


class BedClosureQuerySet(QuerySet["BedClosure"]):
    def visible_to(self, user: User, can: Can = Can.SEE_BEDS) -> Self:
        return self.all() if user.access.everywhere(can) else self.filter(bed__room__site__in=user.access.sites(can))

    def on_night(self, night: date) -> Self:
        return self.filter(nights__contains=night)
