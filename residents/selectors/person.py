"""Everything a person's page shows, as far as the reader may know: only stays, requests and kin at the reader's sites."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from operator import attrgetter

from django.db.models import Q

from residents.models import BedAssignment, IntakeRequest, KeyWorker, NightSheet, Person, PersonMerge, Presence, Stay
from residents.nights import tonight
from residents.selectors.history import Change, changes_of
from shelter.accounts.models import User
from shelter.accounts.policy import Can

NIGHTS_SHOWN = 28


@dataclass(frozen=True, slots=True)
class Night:
    """One night of the strip. ``state``: P, AJ, AI, or ``none`` (no sheet), ``open`` (a sheet without them), ``out``."""

    night: date
    state: str
    is_rival: bool = False


@dataclass(frozen=True, slots=True)
class Housed:
    stay: Stay
    beds: Sequence[BedAssignment]


@dataclass(frozen=True)
class PersonFile:
    """What one user may see of one person tonight."""

    person: Person
    user: User
    night: date

    @cached_property
    def stays(self) -> Sequence[Stay]:
        """At the reader's sites, as far back as the role goes, the latest first."""
        stays = Stay.objects.readable_by(self.user, self.night).filter(person=self.person).select_related("site")
        return list(stays.order_by("-arrived_on", "-pk"))

    @cached_property
    def housed(self) -> Sequence[Housed]:
        """The same stays, each with its beds in the order it had them."""
        beds: dict[int, list[BedAssignment]] = {}
        for row in BedAssignment.objects.filter(stay__in=self.stays).select_related("bed__room").order_by("from_on"):
            beds.setdefault(row.stay_id, []).append(row)
        return [Housed(stay, beds.get(stay.pk, [])) for stay in self.stays]

    @cached_property
    def stay(self) -> Stay | None:
        """The stay of tonight, else the one expected next."""
        present = [stay for stay in self.stays if stay.covers(self.night)]
        expected = [stay for stay in self.stays if stay.arrived_on > self.night]
        return next(iter(present), None) or (expected[-1] if expected else None)

    @cached_property
    def bed(self) -> BedAssignment | None:
        """The bed of tonight, or the one that waits."""
        if self.stay is None:
            return None
        night = max(self.night, self.stay.arrived_on)
        beds = (row for one in self.housed if one.stay == self.stay for row in one.beds)
        return next((row for row in beds if row.covers(night)), None)

    @property
    def is_present(self) -> bool:
        return self.stay is not None and self.stay.covers(self.night)

    @cached_property
    def nights_housed(self) -> int:
        """Nights of all stays so far, tonight included."""
        tomorrow = self.night + timedelta(1)
        ends = ((stay.arrived_on, min(stay.left_on or tomorrow, tomorrow)) for stay in self.stays)
        return sum(max(0, (end - start).days) for start, end in ends)

    @cached_property
    def requests(self) -> Sequence[IntakeRequest]:
        asked = IntakeRequest.objects.visible_to(self.user).filter(person=self.person).select_related("site")
        return list(asked.order_by("-requested_on", "-pk"))

    @cached_property
    def household(self) -> Sequence[Person]:
        """The others of the household whom the user may see."""
        if self.person.household_id is None:
            return []
        kin = Person.objects.visible_to(self.user).current().filter(household=self.person.household_id)
        return list(kin.exclude(pk=self.person.pk).order_by("search_name", "pk"))

    @cached_property
    def strip(self) -> Sequence[Night]:
        """The last four weeks, the oldest night first."""
        nights = [self.night - timedelta(days) for days in reversed(range(NIGHTS_SHOWN))]
        marks = {
            mark.night: mark
            for mark in Presence.objects.visible_to(self.user, Can.SEE_BED_NIGHTS)
            .filter(person=self.person, night__range=(nights[0], nights[-1]))
            .order_by("counted")
        }
        sites = {stay.site_id for stay in self.stays}
        sheets = set(
            NightSheet.objects.filter(site__in=sites, night__range=(nights[0], nights[-1])).values_list("site", "night")
        )
        return [self._night(night, marks.get(night), sheets) for night in nights]

    @cached_property
    def merges(self) -> Sequence[PersonMerge]:
        found = PersonMerge.objects.filter(Q(survivor=self.person) | Q(absorbed=self.person), undone_at=None)
        return list(found.select_related("absorbed", "survivor", "merged_by"))

    @cached_property
    def history(self) -> Sequence[Change]:
        return changes_of(self.person, self.stays, with_contact=self.may_see_contact)

    @cached_property
    def sites(self) -> frozenset[int]:
        """Where the person is known, among the sites the user reads."""
        stays = map(attrgetter("site_id"), self.stays)
        return frozenset({self.person.registered_at_id, *stays, *(request.site_id for request in self.requests)})

    @cached_property
    def may_see_nights(self) -> bool:
        return self.may(Can.SEE_BED_NIGHTS)

    @cached_property
    def may_see_contact(self) -> bool:
        return self.may(Can.SEE_CONTACT)

    @property
    def may_see_origin(self) -> bool:
        """Whether the site that opened the file is one of the reader's: another's name may itself be confidential."""
        return self.person.registered_at_id in self.user.access.sites(Can.SEE_PEOPLE)

    def may(self, can: Can) -> bool:
        """Whether the user may do this to the person: at one of the sites where both are known, or as their key worker."""
        access = self.user.access
        if access.sites(can) & self.sites:
            return True
        assigned = access.sites_if_assigned(can) - access.sites(can)
        return bool(assigned) and any(row.site_id in assigned for row in self.assignments)

    @cached_property
    def assignments(self) -> Sequence[KeyWorker]:
        """By which the user follows this person."""
        return list(KeyWorker.objects.valid().filter(user=self.user, person=self.person))

    def _night(self, night: date, mark: Presence | None, sheets: set[tuple[int, date]]) -> Night:
        if mark:
            return Night(night, mark.mark, not mark.counted)
        stay = next((stay for stay in self.stays if stay.covers(night)), None)
        if stay is None:
            return Night(night, "out")
        return Night(night, "open" if (stay.site_id, night) in sheets else "none")


def person_file(person: Person, user: User) -> PersonFile:
    return PersonFile(person, user, tonight())
