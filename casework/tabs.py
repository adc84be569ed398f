"""The tabs that the person's page gets from casework."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.access import persons_open_to
from casework.sections import SECTIONS, Section
from residents.models import Person
from residents.querysets import known_at
from shelter.accounts.models import User
from shelter.http import Request
from shelter.ui.panels import Tab


def tabs_of(request: Request, person: Person) -> Iterator[Tab]:
    follow_up = reverse("casework:follow_up", args=[person.public_id])
    yield Tab(_("Follow-up"), icon="folder2-open", href=follow_up)
    opened, locked = sections_for(request.user, person)
    for section in SECTIONS:
        if section in opened:
            yield Tab(section.title, section.icon, section.address(person))
        elif section in locked:
            yield Tab(section.title, "lock", reverse(section.asking, args=[person.public_id]))


def sections_for(user: User, person: Person) -> tuple[set[Section], set[Section]]:
    """The parts of this person's file that open for the user, and those that would in an emergency (A7).

    One query, none for who neither reads a secrecy class nor may ask for one.
    """
    access = user.access
    read = [each for each in SECTIONS if access.may_if_assigned(each.read) or access.sites_in_emergency(each.read)]
    if not read:
        return set(), set()
    opened = {each.slug: Exists(persons_open_to(user, each.read).filter(pk=OuterRef("pk"))) for each in read}
    asked = {f"{each.slug}_asked": known_at(access.sites(each.ask)) for each in read if each.ask}
    row = Person.objects.filter(pk=person.pk).annotate(**opened, **asked).values(*opened, *asked).get()
    return {each for each in read if row[each.slug]}, {each for each in read if row.get(f"{each.slug}_asked")}
