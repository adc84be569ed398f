"""The list of people: where each stays, as far as the reader may know."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from residents.models import BedAssignment, IntakeRequest, Person, Stay
from residents.nights import tonight
from shelter.accounts.models import User
from sites.models import Bed


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. ``stay`` is the stay of tonight, else the next, else the last; None: never housed here."""

    person: Person
    stay: Stay | None
    bed: Bed | None
    request: IntakeRequest | None
    night: date

    @property
    def is_present(self) -> bool:
        return self.stay is not None and self.stay.covers(self.night)

    @property
    def is_expected(self) -> bool:
        return self.stay is not None and self.stay.arrived_on > self.night

    @property
    def nights(self) -> int:
        """Nights of the stay so far, tonight included."""
        if self.stay is None or self.is_expected:
            return 0
        end = min(self.stay.left_on or date.max, self.night)
        return (end - self.stay.arrived_on).days + (1 if self.is_present else 0)


def rows(user: User, people: Iterable[Person]) -> list[Row]:
    """The lines of these people, in their order. Three queries, however many they are."""
    people = list(people)
    night = tonight()
    stays = _stays(user, people, night)
    shown = [stay.pk for stay in stays.values()]
    beds = {
        row.stay_id: row.bed
        for row in BedAssignment.objects.filter(stay__in=shown)
        .select_related("bed__room")
        .order_by("from_on")
        .filter(from_on__lte=max([night, *(stay.arrived_on for stay in stays.values())]))
    }
    requests = {
        request.person_id: request
        for request in IntakeRequest.objects.visible_to(user).waiting().filter(person__in=people).select_related("site")
    }
    return [
        Row(
            person,
            stay := stays.get(person.pk),
            beds.get(stay.pk) if stay else None,
            requests.get(person.pk),
            night,
        )
        for person in people
    ]


def _stays(user: User, people: Sequence[Person], night: date) -> dict[int, Stay]:
    found: dict[int, Stay] = {}
    for stay in (
        Stay.objects.readable_by(user, night)
        .filter(person__in=people)
        .select_related("site")
        .order_by("arrived_on", "pk")
    ):
        held = found.get(stay.person_id)
        if held is None or (held.arrived_on <= night and not held.covers(night)):
            found[stay.person_id] = stay
    return found
