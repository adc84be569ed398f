"""Sessions end in time, and when somebody says so (B10, B11, B12); people who left have none (A14)."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from shelter.accounts import services, sessions, tasks
from shelter.accounts.models import UserSession
from shelter.accounts.policy import Role
from tests.accounts.second_factors import code_now, give_app
from tests.factories import PASSWORD, make_invitation, make_site, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def user(site):
    return make_user(Role.COORDINATOR, at=site)


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as frozen:
        yield frozen


def browser_of(user):
    client = Client()
    client.force_login(user)
    return client


def is_in(client):
    return client.get("/profile/", headers={"X-Poll": "1"}).status_code == 200


@pytest.mark.parametrize(("shared", "minutes"), [(False, 30), (True, 10)])
def test_a_session_that_nobody_uses_ends(client, user, clock, settings, shared, minutes):
    settings.DEMO = True  # the passphrase alone signs in
    client.post(
        "/account/login/", {"login": user.email, "password": PASSWORD} | ({"shared_post": "on"} if shared else {})
    )
    clock.shift(timedelta(minutes=minutes, seconds=-1))
    assert client.get("/profile/").status_code == 200
    clock.shift(timedelta(minutes=minutes, seconds=-1))
    assert client.get("/profile/").status_code == 200
    clock.shift(timedelta(minutes=minutes))
    ended = client.get("/profile/")
    assert ended.headers["Location"] == "/account/login/?next=%2Fprofile%2F&ended=time"
    assert "storage" in ended.headers["Clear-Site-Data"]
    assert not UserSession.objects.filter(user=user).exists()


def test_a_page_that_asks_by_itself_prolongs_nothing(user, clock):
    client = browser_of(user)
    for _ in range(3):
        clock.shift(timedelta(minutes=9))
        assert is_in(client)
    clock.shift(timedelta(minutes=4))
    assert not is_in(client)


def test_who_stays_says_so(user, clock):
    client = browser_of(user)
    clock.shift(timedelta(minutes=29))
    assert client.get("/profile/time-left/", headers={"X-Poll": "1"}).json() == {"seconds": 60}
    assert client.get("/profile/time-left/").json() == {"seconds": 1800}


def test_no_session_lasts_longer_than_twelve_hours(user, clock):
    client = browser_of(user)
    for _ in range(12 * 4 - 1):
        clock.shift(timedelta(minutes=15))
        assert client.get("/profile/").status_code == 200
    clock.shift(timedelta(minutes=15))
    assert client.get("/profile/").status_code == 302


def test_a_part_of_a_page_asks_the_whole_page_to_sign_in(user, clock):
    client = browser_of(user)
    clock.shift(timedelta(hours=1))
    answer = client.get("/team/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/team/?q=a"})
    assert answer.headers["HX-Redirect"] == "/account/login/?next=%2Fteam%2F%3Fq%3Da&ended=time"


def test_sign_in_changes_the_identifier_of_the_session(client, user, settings):
    settings.DEMO = True
    client.get("/invitation/nothing/")  # leaves a session behind
    before = client.session.session_key
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert client.session.session_key not in {None, before}


def test_a_new_identifier_keeps_the_device_in_the_list(user, site):
    secret, client = give_app(user), browser_of(user)
    before = client.session.session_key
    client.post("/account/factors/confirm/code/", {"code": code_now(secret), "next": "/"})
    assert client.session.session_key != before
    assert UserSession.objects.get(user=user).session_key == client.session.session_key


def test_one_ends_another_device_of_oneself(user, django_capture_on_commit_callbacks):
    here, there = browser_of(user), browser_of(user)
    other = UserSession.objects.get(session_key=there.session.session_key)
    with django_capture_on_commit_callbacks(execute=True):
        here.post(f"/profile/sessions/{other.public_id}/end/")
    assert (is_in(here), is_in(there)) == (True, False)


def test_nobody_ends_the_session_of_another_by_its_address(user, site):
    there = browser_of(make_user(Role.POLYVALENT, at=site))
    session = UserSession.objects.get(session_key=there.session.session_key)
    assert browser_of(user).post(f"/profile/sessions/{session.public_id}/end/").status_code == 404
    assert is_in(there)


def test_one_ends_all_other_devices(user, django_capture_on_commit_callbacks):
    here, there, elsewhere = (browser_of(user) for _ in range(3))
    with django_capture_on_commit_callbacks(execute=True):
        here.post("/profile/sessions/end-others/")
    assert [is_in(each) for each in (here, there, elsewhere)] == [True, False, False]


def test_an_ended_session_that_the_cache_still_holds_ends_within_a_minute(user, clock):
    client = browser_of(user)
    UserSession.objects.all().delete()
    Session.objects.all().delete()
    clock.shift(timedelta(seconds=61))
    assert client.get("/profile/").status_code == 302


def test_a_coordinator_ends_the_sessions_of_a_colleague(user, site):
    colleague = make_user(Role.POLYVALENT, at=site)
    theirs = [browser_of(colleague) for _ in range(2)]
    browser_of(user).post(f"/team/members/{colleague.public_id}/sign-out/")
    assert not any(is_in(each) for each in theirs)


def test_one_act_signs_a_whole_site_out(user, site):
    elsewhere = make_user(Role.NIGHT_WATCH)
    inside = [browser_of(make_user(role, at=site)) for role in (Role.NIGHT_WATCH, Role.SOCIAL_WORKER)]
    outside, coordinator = browser_of(elsewhere), browser_of(user)
    assert coordinator.get(f"/team/sites/{site.slug}/sign-out/").status_code == 200
    coordinator.post(f"/team/sites/{site.slug}/sign-out/")
    assert not any(is_in(each) for each in (*inside, coordinator))
    assert is_in(outside)


def test_a_changed_passphrase_ends_other_sessions(user):
    there = browser_of(user)
    user.set_password("another fine passphrase")
    user.save()
    assert not is_in(there)


def test_signing_out_clears_the_browser(user):
    client = browser_of(user)
    page = client.get("/profile/")
    assert "no-store" in page.headers["Cache-Control"]
    answer = client.post("/account/logout/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(client)


def test_who_leaves_the_team_is_signed_out(user, site):
    colleague = make_user(Role.POLYVALENT, at=site)
    theirs, invitation = browser_of(colleague), make_invitation(at=site)
    invitation.email = colleague.email
    invitation.save()
    services.end_membership(colleague.memberships.get(), by=user)
    assert not is_in(theirs)
    invitation.refresh_from_db()
    assert not invitation.is_open


def test_who_still_works_elsewhere_stays(user, site):
    colleague = make_user(Role.POLYVALENT, at=site)
    services.grant(user=colleague, role=Role.FRONT_DESK, site=site, by=user)
    theirs = browser_of(colleague)
    services.end_membership(colleague.memberships.get(role=Role.POLYVALENT), by=user)
    assert is_in(theirs)


def test_a_role_that_ends_by_itself_ends_the_session_within_half_a_minute(user, site, settings):
    leaver, theirs = make_user(Role.POLYVALENT, at=site, over=True), None
    theirs, stays = browser_of(leaver), browser_of(user)
    tasks.end_sessions_of_leavers()
    assert not is_in(theirs)
    assert is_in(stays)
    schedule = {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert schedule["shelter.accounts.tasks.end_sessions_of_leavers"] <= 60


def test_who_has_no_role_cannot_sign_in(client, site):
    leaver = make_user(Role.POLYVALENT, at=site, over=True)
    answer = client.post("/account/login/", {"login": leaver.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/account/inactive/?why=no-role"


def test_who_is_invited_anew_may_sign_in_to_accept(client, site):
    leaver, invitation = make_user(Role.POLYVALENT, at=site, over=True), make_invitation(at=site)
    invitation.email = leaver.email
    invitation.save()
    client.post("/account/login/", {"login": leaver.email, "password": PASSWORD})
    assert "_auth_user_id" in client.session
    tasks.end_sessions_of_leavers()
    assert client.get("/account/factors/").status_code == 200


def test_an_account_that_nobody_uses_is_suspended_and_opened_again(client, user, site, clock):
    unused, used = make_user(Role.POLYVALENT, at=site), make_user(Role.POLYVALENT, at=site)
    clock.shift(timedelta(days=59))
    tasks.look_after_accounts()
    unused.refresh_from_db()
    assert unused.is_active
    browser_of(used)
    clock.shift(timedelta(days=2))
    tasks.look_after_accounts()
    for each in (unused, used):
        each.refresh_from_db()
    assert (unused.is_active, used.is_active) == (False, True)
    refused = client.post("/account/login/", {"login": unused.email, "password": PASSWORD}, follow=True)
    assert refused.request["PATH_INFO"] == "/account/inactive/"
    services.reopen(unused, by=user)
    tasks.look_after_accounts()
    unused.refresh_from_db()
    assert unused.is_active


def test_old_rows_of_sessions_are_forgotten(user, clock):
    browser_of(user)
    clock.shift(timedelta(hours=13))
    tasks.look_after_accounts()
    assert not UserSession.objects.exists()


def test_devices_have_a_name_that_people_recognise():
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126"
    assert sessions.device_of(agent) == "Edge, Windows"
    assert sessions.device_of("") == "?"


def test_a_second_factor_of_another_user_is_no_second_factor(user, site):
    """The session names whose factor was used."""
    client = browser_of(user)
    session = client.session
    assert session[AUTHENTICATION_METHODS_SESSION_KEY]
    session["account_authentication_methods_user"] = str(make_user(Role.POLYVALENT, at=site).pk)
    session.save()
    assert client.get("/team/").headers["Location"] == "/account/factors/"
