"""Guessing is slow (B5), answers do not tell who exists (B6), passphrases are good (B2), cookies are bound (B14)."""

import json
import os
import re
import subprocess
import sys

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.urls import reverse
from redis.exceptions import ConnectionError as NoCache

from shelter.accounts.models import User
from shelter.accounts.policy import Role
from tests.accounts.second_factors import give_app
from tests.factories import PASSWORD, make_organisation, make_site, make_user

pytestmark = pytest.mark.django_db

SIGN_IN, RESET = "/account/login/", "/account/password/reset/"


@pytest.fixture
def user():
    return make_user(Role.COORDINATOR)


def tries(client, email, password=PASSWORD, address="203.0.113.1", **headers):
    return client.post(SIGN_IN, {"login": email, "password": password}, REMOTE_ADDR=address, headers=headers)


def test_five_wrong_passphrases_pause_an_account(client, user):
    for number in range(5):
        tries(client, user.email, "wrong", address=f"203.0.113.{number}")
    answer = tries(client, user.email, address="203.0.113.99")
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_pause_says_the_same_about_an_address_that_nobody_has(client, user):
    pages = set()
    for email in (user.email, "nobody@example.org"):
        cache.clear()
        for _ in range(6):
            page = tries(client, email, "wrong").text
        pages.add(without_changing(page, email))
    assert len(pages) == 1


def without_changing(page, email):
    return re.sub(r'(value|nonce|content)="[^"]*"', "", page).replace(email, "")


def test_ten_wrong_passphrases_pause_an_address_of_the_network(client, user):
    for number in range(10):
        tries(client, f"nobody{number}@example.org", "wrong")
    tries(client, user.email)
    assert "_auth_user_id" not in client.session
    tries(client, user.email, address="203.0.113.2")
    assert "_auth_user_id" in client.session


def test_a_forged_forwarding_header_changes_nothing(client, user):
    for number in range(10):
        tries(client, f"nobody{number}@example.org", "wrong", **{"X-Forwarded-For": f"198.51.100.{number}"})
    tries(client, user.email, **{"X-Forwarded-For": "198.51.100.200"})
    assert "_auth_user_id" not in client.session


def test_behind_a_proxy_the_address_is_the_one_it_saw(client, user, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(10):
        forged = {"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.1"}
        tries(client, f"nobody{number}@example.org", "wrong", address="10.0.0.1", **forged)
    tries(client, user.email, address="10.0.0.1", **{"X-Forwarded-For": "198.51.100.200, 203.0.113.1"})
    assert "_auth_user_id" not in client.session
    tries(client, user.email, address="10.0.0.1", **{"X-Forwarded-For": "203.0.113.2"})
    assert "_auth_user_id" in client.session


def test_three_resets_an_hour(client, user, mailoutbox):
    answers = [client.post(RESET, {"email": user.email}).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]
    assert len(mailoutbox) == 3


def test_too_much_is_said_in_words(client):
    for _ in range(4):
        answer = client.post(RESET, {"email": "nobody@example.org"})
    assert "Trop d’essais" in answer.text


def test_wrong_codes_pause_the_second_step(client, user):
    give_app(user)
    tries(client, user.email)
    answers = [client.post("/account/factors/code/", {"code": "000000"}).text for _ in range(6)]
    assert "Trop" in answers[-1]


@pytest.mark.parametrize("path", [SIGN_IN, RESET])
def test_without_the_cache_sign_in_stays_shut_with_a_clear_page(client, user, monkeypatch, path):
    def gone(*_arguments, **_options):
        raise NoCache

    for method in ("add", "get", "set"):
        monkeypatch.setattr(f"django.core.cache.backends.redis.RedisCache.{method}", gone)
    client.raise_request_exception = False
    answer = client.post(path, {"login": user.email, "email": user.email, "password": PASSWORD})
    assert answer.status_code == 503
    assert "se relève" in answer.text


def test_known_and_unknown_addresses_cost_the_same_work(client, user, monkeypatch):
    """As many hashes either way: hashing is what takes time."""
    hashed = []
    real = User.check_password, User.set_password
    monkeypatch.setattr(User, "check_password", lambda *given: hashed.append(1) or real[0](*given))
    monkeypatch.setattr(User, "set_password", lambda *given: hashed.append(1) or real[1](*given))
    work = []
    for email in (user.email, "nobody@example.org"):
        hashed.clear()
        tries(client, email, "wrong")
        work.append(len(hashed))
    assert work == [1, 1]


def test_known_and_unknown_addresses_read_the_same_at_sign_in_and_reset(client, user):
    pages, mails = set(), set()
    for email in (user.email, "nobody@example.org"):
        pages.add(without_changing(tries(client, email, "wrong").text, email))
        reset = client.post(RESET, {"email": email})
        mails.add((reset.status_code, reset.headers["Location"], without_changing(client.get(reset.url).text, email)))
    assert (len(pages), len(mails)) == (1, 1)


@pytest.mark.parametrize(
    "password",
    [
        "eleven char",
        "x" * 129,
        "password1234",  # of the list of leaked ones
        "1234567890123",
        "maison secrete vit",
        "belrefugees-forever",
        "nadia.neuve.2026",
    ],
)
def test_weak_passphrases_are_refused(password):
    make_site("Maison Secrete", organisation=make_organisation("BelRefugees"))
    with pytest.raises(ValidationError):
        validate_password(password, User(email="nadia.neuve@example.org", name="Nadia Neuve"))


@pytest.mark.parametrize("password", ["quatre mots tout simples", "twelve chars", "x9 " * 42, "ñandú и ещё слова"])
def test_any_other_passphrase_is_good_whatever_it_is_made_of(password):
    validate_password(password, User(email="nadia.neuve@example.org", name="Nadia Neuve"))


def test_passphrases_may_be_pasted_and_are_hashed_by_argon2id(client):
    page = client.get(SIGN_IN).text
    assert "onpaste" not in page
    from django.conf import settings as used
    from django.contrib.auth.hashers import Argon2PasswordHasher

    from shelter import settings as real

    assert real.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    assert Argon2PasswordHasher().encode(PASSWORD, "saltsaltsalt").startswith("argon2$argon2id$")
    assert used.AUTH_PASSWORD_VALIDATORS == real.AUTH_PASSWORD_VALIDATORS


def test_cookies_are_bound_to_the_host_in_a_real_house():
    names = ["SESSION", "CSRF", "LANGUAGE"]
    keys = [
        f"{name}_COOKIE_{what}"
        for name in names
        for what in ("NAME", "SECURE", "HTTPONLY", "SAMESITE", "DOMAIN", "PATH")
    ]
    code = (
        f"import json; from django.conf import settings; print(json.dumps({{k: getattr(settings, k) for k in {keys}}}))"
    )
    real = os.environ | {"HTTPS": "yes", "DEMO": "no", "DJANGO_SETTINGS_MODULE": "shelter.settings"}
    said = json.loads(
        subprocess.run([sys.executable, "-c", code], env=real, capture_output=True, check=True, text=True).stdout
    )
    for name in names:
        assert said[f"{name}_COOKIE_NAME"].startswith("__Host-")
        assert (said[f"{name}_COOKIE_SECURE"], said[f"{name}_COOKIE_HTTPONLY"]) == (True, True)
        assert (said[f"{name}_COOKIE_SAMESITE"], said[f"{name}_COOKIE_DOMAIN"], said[f"{name}_COOKIE_PATH"]) == (
            "Lax",
            None,
            "/",
        )


def test_the_page_of_sign_in_is_kept_by_nobody(client):
    assert "no-store" in client.get(reverse("account_login")).headers["Cache-Control"]
