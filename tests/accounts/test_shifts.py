"""Roles in the hours of a shift (A13)."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction

from shelter.accounts.models import Membership
from shelter.accounts.policy import Role
from tests.factories import make_site, make_user

pytestmark = pytest.mark.django_db

NIGHT, EVENING = (time(21), time(7)), (time(15), time(23, 30))


def holds(membership, day, hour):
    moment = datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=ZoneInfo("Europe/Brussels"))
    with time_machine.travel(moment, tick=False):
        return Membership.objects.valid().filter(pk=membership.pk).exists()


def shift(hours, **period):
    period = {"starts_on": "2026-03-02", "ends_on": "2026-03-05"} | period
    user = make_user()
    return Membership.objects.create(
        user=user, role=Role.NIGHT_WATCH, site=make_site(), shift_from=hours[0], shift_until=hours[1], **period
    )


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        ("2026-03-02", "06:00", False),  # the first night begins this evening
        ("2026-03-02", "20:59", False),
        ("2026-03-02", "21:00", True),
        ("2026-03-03", "00:00", True),
        ("2026-03-03", "07:59", True),  # one hour for the handover
        ("2026-03-03", "08:00", False),
        ("2026-03-03", "12:00", False),
        ("2026-03-04", "21:00", True),
        ("2026-03-05", "07:59", True),  # the last night ends in the morning after
        ("2026-03-05", "21:00", False),
    ],
)
def test_a_night_watch_holds_from_evening_to_morning_and_an_hour(day, hour, expected):
    assert holds(shift(NIGHT), day, hour) is expected


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        ("2026-03-02", "14:59", False),
        ("2026-03-02", "23:59", True),
        ("2026-03-03", "00:29", True),  # the hour after crosses midnight
        ("2026-03-03", "00:30", False),
        ("2026-03-05", "00:29", True),
        ("2026-03-05", "15:00", False),
    ],
)
def test_an_evening_holds_until_past_midnight(day, hour, expected):
    assert holds(shift(EVENING), day, hour) is expected


def test_the_night_that_loses_an_hour():
    """29 March 2026: at two o'clock it is three."""
    role = shift(NIGHT, starts_on="2026-03-28", ends_on="2026-03-29")
    assert holds(role, "2026-03-29", "07:59")
    assert not holds(role, "2026-03-29", "08:00")


def test_rights_end_with_the_shift(client):
    membership = shift(NIGHT, starts_on="2026-03-02", ends_on=None)
    brussels = ZoneInfo("Europe/Brussels")
    for hour, status in ((7, 200), (9, 403)):
        with time_machine.travel(datetime(2026, 3, 3, hour, tzinfo=brussels), tick=False):
            client.force_login(membership.user)
            assert client.get("/beds/").status_code == status


def test_a_shift_has_two_ends():
    for hours in ((time(21), None), (None, time(7)), (time(7), time(7))):
        with pytest.raises(IntegrityError), transaction.atomic():
            shift(hours)


@pytest.mark.parametrize("role", [Role.NIGHT_WATCH, Role.VOLUNTEER])
def test_a_night_watch_and_a_volunteer_need_hours(client, role):
    site = make_site()
    coordinator, colleague = make_user(Role.COORDINATOR, at=site), make_user(Role.POLYVALENT, at=site)
    client.force_login(coordinator)
    page = f"/team/members/{colleague.public_id}/"
    answers = {"role": role, "site": site.pk, "starts_on": "2026-03-02"}
    assert client.post(page, answers).status_code == 422
    client.post(page, answers | {"shift_from": "21:00", "shift_until": "07:00"})
    given = colleague.memberships.get(role=role)
    assert (given.shift_from, given.shift_until) == NIGHT


def test_an_invitation_carries_the_hours(client):
    site = make_site()
    client.force_login(make_user(Role.COORDINATOR, at=site))
    answers = {"email": "night@example.org", "name": "Nuit", "role": "night_watch", "site": site.pk}
    assert client.post("/team/invitations/add/", answers).status_code == 422
    page = client.post("/team/invitations/add/", answers | {"shift_from": "21:00", "shift_until": "07:00"})
    client.logout()
    client.get(page.context["link"])
    passphrase = "quatre mots bien choisis"
    client.post("/invitation/", {"name": "Nuit", "language": "fr", "password": passphrase, "again": passphrase})
    given = Membership.objects.get(user__email="night@example.org")
    assert (given.shift_from, given.shift_until) == NIGHT
