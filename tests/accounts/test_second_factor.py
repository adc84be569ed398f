"""Two factors for everyone (B3), codes that open once (B4)."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.core.cache import cache
from django.db import connection

from shelter.accounts.policy import Role
from tests.accounts.second_factors import code_now, give_app, sign_in
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user(Role.COORDINATOR)


def enrol(client):
    secret = client.get("/account/factors/app/add/").context["form"].secret
    return client.post("/account/factors/app/add/", {"code": code_now(secret)}), secret


def test_only_enrolment_opens_before_there_is_a_second_factor(client, user):
    sign_in(client, user)
    for path in (
        "/",
        "/people/",
        "/team/",
        "/profile/",
        "/account/password/change/",
        "/account/factors/recovery-codes/",
    ):
        assert client.get(path).headers["Location"] == "/account/factors/", path
    assert client.get("/account/factors/").status_code == 200
    assert client.get("/account/factors/app/add/").status_code == 200


def test_a_part_of_a_page_leads_there_too(client, user):
    sign_in(client, user)
    assert client.get("/people/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/account/factors/"


def test_setting_up_an_app_opens_the_house_and_shows_recovery_codes_once(client, user):
    sign_in(client, user)
    before = client.session.session_key
    answer, _secret = enrol(client)
    assert answer.headers["Location"] == "/account/factors/recovery-codes/"
    assert client.session.session_key != before
    codes = client.get("/account/factors/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10
    again = client.get("/account/factors/recovery-codes/").content.decode()
    assert not any(code in again for code in codes)
    assert client.get("/team/").status_code == 200


@pytest.mark.parametrize("kept", ["JBSWY3DPEHPK3PXP", "1:AAAA", "1:?"])
def test_an_app_that_was_begun_under_a_key_that_is_gone_begins_anew(client, user, kept):
    client.force_login(user)
    session = client.session
    session[SECRET_SESSION_KEY] = kept
    session.save()
    page = client.get("/account/factors/app/add/")
    assert page.status_code == 200
    assert page.context["form"].secret != kept


def test_sign_in_asks_for_the_code(client, user):
    secret = give_app(user)
    assert sign_in(client, user).headers["Location"] == "/account/factors/code/"
    assert client.get("/team/").status_code == 302
    assert client.post("/account/factors/code/", {"code": "000000"}).status_code == 200
    assert "_auth_user_id" not in client.session
    client.post("/account/factors/code/", {"code": code_now(secret)})
    assert client.get("/team/").status_code == 200


def test_a_session_from_before_enrolment_has_to_use_the_new_factor(client, user):
    sign_in(client, user)
    give_app(user)
    assert client.get("/team/").headers["Location"] == "/account/factors/confirm/code/"
    assert client.get("/account/factors/app/add/").status_code == 302
    assert client.get("/account/factors/passkeys/add/").headers["Location"].startswith("/account/factors/confirm/")


def test_a_demonstration_asks_for_none(client, user, settings):
    settings.DEMO = True
    sign_in(client, user)
    assert client.get("/team/").status_code == 200


def test_a_code_opens_once_even_when_the_cache_is_lost(client, user):
    secret = give_app(user)
    code = code_now(secret)
    sign_in(client, user)
    client.post("/account/factors/code/", {"code": code})
    assert client.get("/team/").status_code == 200
    client.post("/account/logout/")
    cache.clear()
    sign_in(client, user)
    client.post("/account/factors/code/", {"code": code})
    assert "_auth_user_id" not in client.session


def test_an_older_code_does_not_open_after_a_newer_one(client, user):
    secret = give_app(user)
    sign_in(client, user)
    client.post("/account/factors/code/", {"code": code_now(secret, 1)})
    client.post("/account/logout/")
    cache.clear()
    assert sign_in(client, user, secret).status_code == 200
    assert "_auth_user_id" not in client.session


def test_the_code_typed_at_enrolment_is_used_up(client, user):
    sign_in(client, user)
    _answer, secret = enrol(client)
    client.post("/account/logout/")
    cache.clear()
    sign_in(client, user, secret)
    assert "_auth_user_id" not in client.session


def test_a_recovery_code_opens_once(client, user):
    give_app(user)
    code = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[0]
    for opens in (True, False):
        cache.clear()
        sign_in(client, user)
        client.post("/account/factors/code/", {"code": code})
        assert ("_auth_user_id" in client.session) == opens
        client.post("/account/logout/")


def test_seeds_are_sealed_in_the_database(client, user):
    sign_in(client, user)
    _answer, secret = enrol(client)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        stored = cursor.fetchone()[0]
    assert secret not in stored
    assert {len(code) for code in codes_of(user)} == {8}


def codes_of(user):
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()


def test_a_seed_moved_to_somebody_else_opens_nothing(client, user):
    secret = give_app(make_user(Role.SOCIAL_WORKER))
    stolen = Authenticator.objects.get(type="totp").data
    Authenticator.objects.create(user=user, type="totp", data=stolen)
    sign_in(client, user, secret)
    assert "_auth_user_id" not in client.session


def test_a_passkey_must_check_who_holds_it(client, user):
    client.force_login(user)
    question = client.get("/account/factors/passkeys/add/").context["js_data"]["creation_options"]
    assert (
        json.loads(json.dumps(question, default=dict))["publicKey"]["authenticatorSelection"]["userVerification"]
        == "required"
    )
    give_app(user)
    client.post("/account/logout/")
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    step = client.get("/account/factors/code/").context["js_data"]["request_options"]
    assert step["publicKey"]["userVerification"] == "required"


def test_nobody_removes_their_last_second_factor(client, user):
    give_app(user)
    client.force_login(user)
    assert client.post("/account/factors/app/remove/").status_code == 200
    assert Authenticator.objects.filter(user=user, type="totp").exists()
