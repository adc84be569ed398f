"""What is asked of people, stays and nights. Every view starts with ``visible_to``."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from residents import names
from shelter.accounts.policy import EMERGENCIES, Can
from sites.periods import covering, meeting

if TYPE_CHECKING:
    from residents.models import (  # noqa: F401
        BedAssignment,
        BreakGlass,
        IntakeRequest,
        KeyWorker,
        NightSheet,
        Person,
        Presence,
        ReadingAlert,
        Stay,
    )
    from shelter.accounts.models import User
    from sites.models import Site


class PersonQuerySet(QuerySet["Person"]):
    def visible_to(self, user: User, can: Can = Can.SEE_PEOPLE) -> Self:
        """Persons first registered, housed or waiting at a site where ``user`` may do ``can``, or assigned to them; and
        those whom they opened in an emergency, for as long as it lasts."""
        everyone = user.access.sites(can)
        found = known_at(everyone)
        if not user.access.sites_if_assigned(can) <= everyone:
            found |= followed_by(user, can)
        if user.access.sites_in_emergency(can):
            found |= opened_in_emergency(user, can)
        return self.filter(found)

    def current(self) -> Self:
        """Files in use: not absorbed into another."""
        return self.filter(merged_into=None)

    def housed_on(self, night: date, sites: Collection[int]) -> Self:
        from residents.models import Stay

        return self.filter(Exists(Stay.objects.on_night(night).filter(site__in=sites, person=OuterRef("pk"))))

    def expected_after(self, night: date, sites: Collection[int]) -> Self:
        from residents.models import Stay

        return self.filter(Exists(Stay.objects.filter(arrived_on__gt=night, site__in=sites, person=OuterRef("pk"))))

    def left_by(self, night: date, sites: Collection[int]) -> Self:
        """Persons who stayed at one of these sites and neither stay nor are expected at one."""
        from residents.models import Stay

        here = Stay.objects.filter(site__in=sites, person=OuterRef("pk"))
        still = here.filter(Q(left_on=None) | Q(left_on__gt=night))
        return self.filter(Exists(here), ~Exists(still))

    def waiting_at(self, sites: Collection[int]) -> Self:
        from residents.models import IntakeRequest

        return self.filter(Exists(IntakeRequest.objects.waiting().filter(site__in=sites, person=OuterRef("pk"))))

    def known_at(self, sites: Collection[int]) -> Self:
        """Persons who stay, stayed or wait at one of these sites, or were first registered there."""
        return self.filter(known_at(sites))

    def search(self, user: User, text: str, *, at_most: int = 200) -> Self:
        """Files that ``user``, who acts, may see whose names look or sound like ``text``, best first by ``search_rank``.

        Understands slips, other transliterations, any order of the words, one name alone, the beginning of a name, and a
        file number. Asks the database at once, in one call of ``residents_search`` (``migrations/search.sql``).
        """
        reference = re.fullmatch(r"\s*[Pp]-?0*(\d{1,9})\s*", text)
        ids = [int(reference[1])] if reference else [person_id for person_id, _ in found_names(text, at_most)]
        rank = Func(
            Value(ids, output_field=ArrayField(BigIntegerField())),
            F("pk"),
            function="array_position",
            output_field=IntegerField(),
        )
        found = self.filter(pk__in=ids).annotate(search_rank=rank)
        return found.visible_to(user) if reference else found


def known_at(sites: Collection[int]) -> Q:
    from residents.models import IntakeRequest, Stay

    return (
        Q(registered_at__in=sites)
        | Exists(Stay.objects.filter(site__in=sites, person=OuterRef("pk")))
        | Exists(IntakeRequest.objects.filter(site__in=sites, person=OuterRef("pk")))
    )


def followed_by(user: User, can: Can) -> Q:
    from residents.models import KeyWorker

    return Q(Exists(KeyWorker.objects.of(user, can).filter(person=OuterRef("pk"))))


def opened_in_emergency(user: User, can: Can, person: str = "pk") -> Q:
    """The persons for whom ``user`` may do ``can`` within the hour (A7). ``person``: how the rows asked name theirs."""
    from residents.models import BreakGlass

    return Q(Exists(BreakGlass.objects.opening(user, can).filter(person=OuterRef(person))))


def found_names(text: str, at_most: int) -> list[tuple[int, float]]:
    """Ids of files that the acting user may see and how well their names fit ``text``, from 0 to 1, best first."""
    words = names.words(text)[:6]
    if not words:
        return []
    keys = [" ".join(dict.fromkeys([names.sound(word), *names.near_sounds(word)])) for word in words]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM residents_search(%s, %s, %s)", [words, keys, at_most])
        ranked: list[tuple[int, float]] = cursor.fetchall()
    return ranked


class StayQuerySet(QuerySet["Stay"]):
    def visible_to(self, user: User, can: Can = Can.SEE_BEDS) -> Self:
        return self.filter(site__in=user.access.sites(can))

    def readable_by(self, user: User, night: date) -> Self:
        """Stays whose nights ``user`` may read: all, or at sites where the role stops at tonight, what is not over."""
        not_over = Q(left_on=None) | Q(left_on__gt=night)
        return self.filter(
            Q(site__in=user.access.sites(Can.SEE_BED_NIGHTS))
            | not_over & Q(site__in=user.access.sites(Can.SEE_TONIGHT))
        )

    def at(self, site: Site) -> Self:
        return self.filter(site=site)

    def on_night(self, night: date) -> Self:
        """Stays that cover this night."""
        return self.filter(covering("arrived_on", "left_on", night))

    def around(self, night: date) -> Self:
        """Stays that cover this night or end on its day."""
        return self.filter(Q(left_on=None) | Q(left_on__gte=night), arrived_on__lte=night)

    def without_bed_on(self, night: date) -> Self:
        from residents.models import BedAssignment

        return self.filter(~Exists(BedAssignment.objects.filter(stay=OuterRef("pk")).on_night(night)))

    def arriving_on(self, day: date) -> Self:
        return self.filter(arrived_on=day)

    def leaving_on(self, day: date) -> Self:
        return self.filter(left_on=day)


class BedAssignmentQuerySet(QuerySet["BedAssignment"]):
    def visible_to(self, user: User, can: Can = Can.SEE_BEDS) -> Self:
        return self.filter(stay__site__in=user.access.sites(can))

    def on_night(self, night: date) -> Self:
        return self.filter(covering("from_on", "until_on", night))

    def between(self, start: date, end: date | None) -> Self:
        """Assignments that touch a night of ``[start, end)``; no ``end``: from ``start`` on."""
        return self.filter(meeting("from_on", "until_on", start, end))


class NightSheetQuerySet(QuerySet["NightSheet"]):
    def visible_to(self, user: User, can: Can = Can.SEE_BEDS) -> Self:
        return self.filter(site__in=user.access.sites(can))


class PresenceQuerySet(QuerySet["Presence"]):
    def visible_to(self, user: User, can: Can = Can.SEE_BEDS) -> Self:
        return self.filter(site__in=user.access.sites(can))

    def present(self) -> Self:
        """The person-nights that count (field guide §5.2)."""
        return self.filter(mark="P", counted=True)

    def away(self) -> Self:
        """Absences, justified or not."""
        return self.exclude(mark="P")

    def away_since_last_seen(self, night: date) -> Self:
        """The absences up to ``night`` that no presence has ended."""
        from residents.models import Presence

        seen_later = Presence.objects.filter(
            stay=OuterRef("stay"), night__gt=OuterRef("night"), night__lte=night, mark="P"
        )
        return self.away().filter(~Exists(seen_later), night__lte=night)


class IntakeRequestQuerySet(QuerySet["IntakeRequest"]):
    def visible_to(self, user: User, can: Can = Can.SEE_WAITING) -> Self:
        return self.filter(site__in=user.access.sites(can))

    def waiting(self) -> Self:
        return self.filter(state="waiting")

    def waiting_on(self, day: date) -> Self:
        """Requests made by this day and not decided yet when it ended."""
        return self.filter(Q(state="waiting") | Q(decided_on__gt=day), requested_on__lte=day)


class ReadingAlertQuerySet(QuerySet["ReadingAlert"]):
    def visible_to(self, user: User, can: Can = Can.SEE_READINGS) -> Self:
        return self.filter(site__in=user.access.sites(can))

    def since(self, day: date) -> Self:
        return self.filter(day__gte=day)


class BreakGlassQuerySet(QuerySet["BreakGlass"]):
    LATE = timedelta(days=7)

    def visible_to(self, user: User) -> Self:
        """Those of the sites where ``user`` answers for who read what, their own, and those that nobody reviewed in time
        at sites where they direct (A7)."""
        access = user.access
        answered = access.sites(Can.SEE_ACCESS_LOG) | access.sites(Can.SEE_READINGS)
        overdue = self.overdue().filter(site__in=access.sites(Can.SEE_EMERGENCIES))
        return self.filter(Q(user=user) | Q(site__in=answered) | Q(pk__in=overdue.values("pk")))

    def for_review_by(self, user: User) -> Self:
        """Not reviewed yet, of the classes that ``user`` answers for; never their own."""
        theirs = Q(pk=None)
        for info_class, emergency in EMERGENCIES.items():
            theirs |= Q(of_class=info_class, site__in=user.access.sites(emergency.review))
        return self.filter(theirs, reviewed_at=None).exclude(user=user)

    def open(self) -> Self:
        now = timezone.now()
        return self.filter(opened_at__lte=now, ends_at__gt=now)

    def opening(self, user: User, can: Can) -> Self:
        """The open ones by which ``user`` may do ``can``, as long as their role lets them break the glass for it."""
        classes = [info_class for info_class, emergency in EMERGENCIES.items() if emergency.opens is can]
        return self.open().filter(user=user, of_class__in=classes, site__in=user.access.sites_in_emergency(can))

    def overdue(self) -> Self:
        return self.filter(reviewed_at=None, opened_at__lt=timezone.now() - self.LATE)


class KeyWorkerQuerySet(QuerySet["KeyWorker"]):
    def visible_to(self, user: User, can: Can = Can.SEE_PEOPLE) -> Self:
        """Those at sites where ``user`` may do ``can``, and the user's own."""
        return self.filter(Q(site__in=user.access.sites(can)) | Q(user=user))

    def valid(self) -> Self:
        """Those whose time has come and is not over: an end is over from its own day on (A5)."""
        today = timezone.localdate()
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=today), starts_on__lte=today)

    def of(self, user: User, can: Can) -> Self:
        """The valid ones of this user, at sites where their role does ``can`` at least for persons assigned to them."""
        return self.valid().filter(user=user, site__in=user.access.sites_if_assigned(can))
