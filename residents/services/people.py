"""Persons: registering and correcting them, and the search keys made of their names."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from residents import names
from residents.models import Person
from residents.services.history import recorded
from residents.services.refusals import house_rules
from shelter.accounts.models import User
from sites.models import Site

NAMES = ("last_name", "first_name", "known_as", "native_name")
SEARCH_KEYS = ("search_name", "sounds")


def register_person(*, site: Site, by: User | None, **facts: Any) -> Person:
    """A new file, first known at ``site``. ``facts`` are fields of ``Person``; one name is enough.

    Raises ``NameMissing``, ``BirthPrecisionMissing``.
    """
    person = Person(organisation_id=site.organisation_id, registered_at=site, **facts)
    return register_persons([person], by=by)[0]


@transaction.atomic
def register_persons(persons: Sequence[Person], *, by: User | None) -> list[Person]:
    """Save new persons, given as unsaved rows, in one INSERT. Refuses as ``register_person``, all or none."""
    for person in persons:
        set_search_keys(person)
    with recorded(by), house_rules():
        return Person.objects.bulk_create(persons)


def correct_person(*, person: Person, changes: Mapping[str, Any], by: User | None, reason: str = "") -> Person:
    """Set fields of a file; what does not change is not written. Raises as ``register_person``."""
    correct_persons({person.pk: changes}, by=by, reason=reason)
    person.refresh_from_db()
    return person


@transaction.atomic
def correct_persons(changes: Mapping[int, Mapping[str, Any]], *, by: User | None, reason: str = "") -> int:
    """Set fields of many files at once: ``{person id: {field: value}}``. Returns how many files changed."""
    persons = lock_persons(changes)
    changed = [person for person in persons if _set(person, changes[person.pk])]
    fields = {field for person in changed for field in changes[person.pk]}
    if fields & {*NAMES}:
        fields.update(SEARCH_KEYS)
    if changed:
        with recorded(by, reason), house_rules():
            Person.objects.bulk_update(changed, sorted(fields), batch_size=1000)
    return len(changed)


def lock_persons(ids: Iterable[int]) -> list[Person]:
    """These persons, held until the transaction ends.

    Whoever writes stays, beds or marks holds the persons first, then the stays, then the beds, each in the order of
    their ids: two desks that reach for the same wait for each other and never in a circle.
    """
    return list(Person.objects.filter(pk__in=list(ids)).order_by("pk").select_for_update(of=("self",), no_key=True))


def set_search_keys(person: Person) -> None:
    """The only place where search keys are made: every name of the file, folded, and how its words sound."""
    written = [getattr(person, field) for field in NAMES]
    person.search_name = names.fold(" ".join(filter(None, written)))
    person.sounds = names.near_sounds(*written)


def refresh_search_keys() -> int:
    """Make the keys of every file anew, after ``residents.names`` learnt new spellings. Returns how many changed."""
    count = 0
    changed: list[Person] = []
    for person in Person.objects.only(*NAMES, *SEARCH_KEYS).order_by("pk").iterator(chunk_size=2000):
        before = (person.search_name, person.sounds)
        set_search_keys(person)
        if before != (person.search_name, person.sounds):
            changed.append(person)
        if len(changed) >= 2000:
            count += Person.objects.bulk_update(changed, SEARCH_KEYS)
            changed.clear()
    return count + Person.objects.bulk_update(changed, SEARCH_KEYS)


def _set(person: Person, values: Mapping[str, Any]) -> bool:
    changed = False
    for field, value in values.items():
        if getattr(person, field) != value:
            setattr(person, field, value)
            changed = True
    if changed:
        set_search_keys(person)
    return changed
