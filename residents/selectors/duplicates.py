"""Files that may be the person at the desk, and why: proposed to people, never decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from residents import names
from residents.models import Person
from residents.querysets import found_names
from shelter.accounts.models import User
from shelter.accounts.policy import Can

AT_MOST = 12
# Below this two names have little more in common than their script.
LEAST_PERCENT = 45


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much a file is like what was asked, 0 to 100, and the reasons in words."""

    person: Person
    percent: int
    reasons: Sequence[str | Promise]


def possible_duplicates(
    user: User, name: str, *, born_in: int | None = None, nationality: str = "", leave_out: Person | None = None
) -> list[Likeness]:
    """Files that ``user`` may see and that could be this person's, the likeliest first. Two queries."""
    ids = [person_id for person_id, _ in found_names(name, 40)]
    people = (
        Person.objects.visible_to(user, Can.SEE_PEOPLE).current().filter(pk__in=ids).select_related("registered_at")
    )
    found = [
        likeness(person, name, born_in=born_in, nationality=nationality)
        for person in people
        if leave_out is None or person.pk != leave_out.pk
    ]
    likely = sorted(found, key=lambda one: (-one.percent, one.person.pk))
    return [one for one in likely if one.percent >= LEAST_PERCENT][:AT_MOST]


def likeness(person: Person, name: str, *, born_in: int | None = None, nationality: str = "") -> Likeness:
    """The name decides; a birth year or a nationality that is known on both sides raises or lowers it (field guide §4)."""
    percent, reasons = _name_likeness(person, name)
    if born_in and person.birth_date:
        years_apart = abs(person.birth_date.year - born_in)
        if years_apart == 0:
            percent, reasons = percent + 8, [*reasons, _("same year of birth")]
        elif years_apart <= 2:
            percent, reasons = percent + 2, [*reasons, _("born within two years")]
        else:
            percent, reasons = percent - 25, [*reasons, _("another year of birth")]
    if nationality and person.nationalities:
        if nationality in person.nationalities:
            percent, reasons = percent + 4, [*reasons, _("same nationality")]
        else:
            percent, reasons = percent - 10, [*reasons, _("another nationality")]
    return Likeness(person, max(0, min(percent, 99)), reasons)


def compare(first: Person, second: Person) -> Likeness:
    """How much two files are one person's."""
    born = first.birth_date or date.min
    return likeness(
        second,
        first.full_name,
        born_in=born.year if first.birth_date else None,
        nationality=first.nationalities[0] if first.nationalities else "",
    )


def _name_likeness(person: Person, name: str) -> tuple[int, list[str | Promise]]:
    written = [person.full_name, person.known_as, person.native_name]
    percent = max(names.similarity(name, one) for one in written if one)
    folded = {names.fold(one) for one in written if one}
    asked = names.words(name)
    if names.fold(name) in folded:
        reason = _("same name")
    elif any(sorted(names.words(one)) == sorted(asked) for one in written if one):
        reason = _("same name in another order")
    elif set(names.sounds(name)) <= {key for one in written for key in names.sounds(one)}:
        reason = _("written otherwise, sounds the same")
    elif percent >= 80:
        reason = _("name written almost the same")
    else:
        reason = _("name alike in part")
    return percent - 8 if percent < 100 else 90, [reason]
