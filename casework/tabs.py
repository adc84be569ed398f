"""The tabs that the person's page gets from casework."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.access import persons_open_to
from casework.sections import SECTIONS, Section
from residents.models import Person
from shelter.accounts.models import User
from shelter.http import Request
from shelter.ui.panels import Tab


def tabs_of(request: Request, person: Person) -> Iterator[Tab]:
    follow_up = reverse("casework:follow_up", args=[person.public_id])
    yield Tab(_("Follow-up"), icon="folder2-open", href=follow_up)
    for section in open_sections(request.user, person):
        yield Tab(section.title, section.icon, section.address(person))


def open_sections(user: User, person: Person) -> list[Section]:
    """The parts of this person's file that open for the user. One query, none for who reads no secrecy class."""
    possible = [section for section in SECTIONS if user.access.may_if_assigned(section.read)]
    if not possible:
        return []
    opened = {s.slug: Exists(persons_open_to(user, s.read).filter(pk=OuterRef("pk"))) for s in possible}
    row = Person.objects.filter(pk=person.pk).annotate(**opened).values(*opened).get()
    return [section for section in possible if row[section.slug]]
