"""Who lives with whom."""

from collections.abc import Sequence

from django.db import transaction

from residents.models import Household, Person
from residents.services.history import recorded
from residents.services.people import lock_persons
from residents.services.refusals import OtherOrganisation, SameFile
from shelter.accounts.models import User


@transaction.atomic
def form_household(persons: Sequence[Person], *, by: User | None) -> Household:
    """These persons, at least two, live together: in the household one of them has already, or in a new one."""
    held = lock_persons(person.pk for person in persons)
    if len(held) < 2:
        raise SameFile
    if len({person.organisation_id for person in held}) > 1:
        raise OtherOrganisation
    household = next((person.household for person in held if person.household_id), None)
    with recorded(by):
        if household is None:
            household = Household.objects.create(organisation_id=held[0].organisation_id)
        Person.objects.filter(pk__in=[person.pk for person in held]).exclude(household=household).update(
            household=household
        )
    return household


@transaction.atomic
def join_household(*, person: Person, other: Person, family_link: str = "", by: User | None) -> Household:
    """``person`` lives with ``other``, and leaves the household they were in. ``family_link``: who they are in it."""
    if person.pk == other.pk:
        raise SameFile
    if person.household_id and person.household_id != other.household_id:
        leave_household(person=person, by=by)
    household = form_household([other, person], by=by)
    with recorded(by):
        Person.objects.filter(pk=person.pk).exclude(family_link=family_link).update(family_link=family_link)
    person.refresh_from_db(fields=["household", "family_link"])
    return household


@transaction.atomic
def leave_household(*, person: Person, by: User | None) -> None:
    """``person`` lives alone from now on. The last one of a household is no household."""
    members = lock_persons(Person.objects.filter(household__members=person).values_list("pk", flat=True))
    leaving = [person.pk] if len(members) > 2 else [member.pk for member in members]
    with recorded(by):
        Person.objects.filter(pk__in=leaving).update(household=None, family_link="")
    person.refresh_from_db(fields=["household", "family_link"])
