"""Emergency accesses as pages show them: what is open to the reader now, and one of them in the clear for its review."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from residents.models import BreakGlass, Person, PersonKey
from residents.selectors.readings import Access, AccessLog
from shelter.accounts.models import User
from shelter.accounts.policy import EMERGENCIES, Can
from shelter.audit import Purpose
from shelter.vault import DataKey


def opened_now(user: User, person: Person) -> list[BreakGlass]:
    """The glass that ``user`` broke for this person within the hour. No query for those who never may."""
    if not any(user.access.may(emergency.ask) for emergency in EMERGENCIES.values()):
        return []
    return list(BreakGlass.objects.open().filter(user=user, person=person).order_by("ends_at", "pk"))


def purpose_of(user: User, person: Person, can: Can) -> Purpose:
    """Why ``user`` sees what ``can`` opens of this person: by an emergency, or in daily work."""
    if user.access.sites_in_emergency(can) and BreakGlass.objects.opening(user, can).filter(person=person).exists():
        return Purpose.BREAK_GLASS
    return Purpose.ROUTINE


@dataclass(frozen=True)
class EmergencyPage:
    """One emergency access, for one reader."""

    opened: BreakGlass
    user: User

    @cached_property
    def may_review(self) -> bool:
        return BreakGlass.objects.for_review_by(self.user).filter(pk=self.opened.pk).exists()

    @property
    def may_read_words(self) -> bool:
        """Whoever wrote them, and whoever answers for the class: the reason tells what the file may hold."""
        answers = self.user.access.may(EMERGENCIES[self.opened.emergency_class].review, self.opened.site_id)
        return answers or (self.opened.user_id == self.user.pk and self.opened.is_open)

    @cached_property
    def _key(self) -> DataKey:
        return PersonKey.objects.data_key_of(self.opened.person_id)

    @property
    def reason(self) -> str:
        return self.opened.reason(self._key)

    @property
    def note(self) -> str:
        return self.opened.note(self._key)

    @cached_property
    def readings(self) -> Sequence[Access]:
        """What was done under it, from the record: for those who read the person's access log."""
        person = Person.objects.visible_to(self.user, Can.SEE_ACCESS_LOG).filter(pk=self.opened.person_id).first()
        if person is None:
            return []
        first, last = timezone.localdate(self.opened.opened_at), timezone.localdate(self.opened.ends_at)
        lines = AccessLog(person, first, last, self.opened.of_class)[:]
        return [
            line
            for line in lines
            if line.purpose == Purpose.BREAK_GLASS
            and line.reader == self.opened.user.name
            and self.opened.opened_at <= line.at <= self.opened.ends_at
        ]
