"""Accounts and sessions below row-level security: who comes in is shown their own account, and nobody else's (A21)."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from shelter.accounts import services
from shelter.accounts.door import knock, stand_at_the_door
from shelter.accounts.models import User, UserEvent, UserSession
from shelter.accounts.policy import Role
from shelter.identity import acting_as
from tests.conftest import as_application
from tests.factories import make_organisation, make_site, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def coordinator(site):
    return make_user(Role.COORDINATOR, at=site)


@pytest.fixture
def worker(site):
    return make_user(Role.SOCIAL_WORKER, at=site)


def seen_by(user):
    with acting_as(user.pk):
        return set(User.objects.get_queryset())


def a_session_of(user):
    return UserSession.objects.create(user=user, session_key=f"session-{user.pk}", device="Firefox")


def test_one_sees_the_colleagues_of_ones_organisation_and_who_keeps_the_house(site, coordinator, worker):
    sister = make_user(Role.POLYVALENT, at=make_site(organisation=site.organisation))
    former = make_user(Role.POLYVALENT, at=site, over=True)
    administrator = make_user(Role.PLATFORM_ADMIN)
    stranger = make_user(Role.POLYVALENT, at=make_site(organisation=make_organisation()))
    assert seen_by(worker) == {worker, coordinator, sister, former, administrator}
    assert seen_by(stranger) == {stranger, administrator}
    assert seen_by(administrator) >= {worker, coordinator, sister, former, administrator, stranger}
    assert seen_by(former) == {former}


def test_whoever_left_on_the_first_day_keeps_their_name_in_histories(site, coordinator, worker):
    hasty = make_user()
    membership = services.grant(user=hasty, role=Role.POLYVALENT, site=site, by=coordinator)
    services.end_membership(membership, by=coordinator)
    assert not hasty.memberships.exists()
    assert hasty in seen_by(worker)


def test_only_who_keeps_the_team_changes_a_colleagues_account(site, coordinator, worker):
    other = make_user(Role.POLYVALENT, at=site)
    change = User.objects.filter(pk=other.pk)
    with acting_as(worker.pk):
        assert change.update(is_active=False) == 0
        assert User.objects.filter(pk=worker.pk).update(language="nl") == 1
    with acting_as(coordinator.pk):
        assert change.update(is_active=False) == 1
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM accounts_user WHERE id = %s", [other.pk])
            assert cursor.rowcount == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            User.objects.create(email="smuggled@example.org", name="Smuggled")


def test_the_history_of_accounts_is_read_like_the_accounts(worker):
    stranger = make_user(Role.POLYVALENT)
    with acting_as(worker.pk):
        seen = set(UserEvent.objects.values_list("pgh_obj", flat=True))
    assert worker.pk in seen
    assert stranger.pk not in seen


def test_a_session_is_its_users_and_of_who_keeps_their_team(site, coordinator, worker):
    session, other = a_session_of(worker), make_user(Role.POLYVALENT, at=site)
    elsewhere = make_user(Role.COORDINATOR, at=make_site(organisation=site.organisation))
    for stranger in (other, elsewhere):
        with acting_as(stranger.pk):
            assert not UserSession.objects.exists()
            assert UserSession.objects.filter(pk=session.pk).delete()[0] == 0
    with acting_as(worker.pk):
        assert UserSession.objects.filter(pk=session.pk).update(seen_at=timezone.now()) == 1
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            a_session_of(coordinator)
    with acting_as(coordinator.pk):
        assert UserSession.objects.filter(pk=session.pk).update(device="Chrome") == 0
        assert UserSession.objects.filter(pk=session.pk).delete()[0] == 1


def test_the_door_shows_one_account_until_the_transaction_ends(worker, coordinator):
    a_session_of(coordinator)
    with as_application(), acting_as(None):
        assert not User.objects.exists()
        knock(worker.email.upper())
        assert set(User.objects.get_queryset()) == {worker}
        assert not UserSession.objects.exists()
        a_session_of(worker)
        knock("nobody@example.org")
        assert not User.objects.exists()
        stand_at_the_door(coordinator.pk)
        assert set(User.objects.get_queryset()) == {coordinator}


@pytest.mark.django_db(transaction=True)
def test_the_next_transaction_finds_the_door_closed(worker):
    with as_application():
        with acting_as(None):
            knock(worker.email)
            assert User.objects.exists()
        with acting_as(None):
            assert not User.objects.exists()


def test_an_address_that_names_an_impossible_account_opens_nothing(client):
    assert client.get("/account/password/reset/key/zzzzzzzzzzzzz-abc/").status_code == 200
    assert client.get("/account/password/reset/key/0-abc/").status_code == 200
