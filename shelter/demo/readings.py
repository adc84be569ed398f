"""Some readings for the demonstration: what every file's access log shows, and what the report asks about."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from residents.models import Person, Stay
from residents.nights import tonight
from residents.services.readings import FILES_AN_HOUR, note_readings
from shelter.accounts.models import User
from shelter.accounts.policy import InfoClass, Role
from shelter.audit import Action, record
from shelter.identity import acting_as
from sites.models import Site

A_DAY = 6  # files that a worker opens on an ordinary day


def leave_readings(sites: Iterable[Site]) -> None:
    for site in sites:
        _a_day_at(site)
    note_readings(since=timezone.localdate())


def _a_day_at(site: Site) -> None:
    """Files opened in the course of the work; and a colleague who opened everybody's, those of people who left too."""
    here = list(Person.objects.filter(stays__in=Stay.objects.at(site).on_night(tonight())).order_by("pk"))
    gone = Person.objects.filter(stays__in=Stay.objects.at(site).filter(left_on__lte=tonight() - timedelta(3)))
    for role in (Role.SOCIAL_WORKER, Role.DEPUTY_SOCIAL, Role.COORDINATOR):
        for user in _colleagues(site, role):
            _open(user, here[:A_DAY], site)
    for user in _colleagues(site, Role.POLYVALENT)[:1]:
        _open(user, [*here[: FILES_AN_HOUR + 1], *gone.order_by("pk")[:2]], site)


def _colleagues(site: Site, role: Role) -> list[User]:
    return list(User.objects.filter(memberships__site=site, memberships__role=role).order_by("pk"))


def _open(user: User, people: list[Person], site: Site) -> None:
    with acting_as(user.pk):
        for person in people:
            record(Action.OPEN, info_class=InfoClass.IDENTITY, persons=[person], site=site)
