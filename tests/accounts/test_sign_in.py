import re

import pytest

from shelter.accounts.models import User
from shelter.accounts.policy import Role
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def test_address_and_passphrase_open_the_house(client):
    user = make_user(Role.COORDINATOR)
    response = client.post("/account/login/", {"login": user.email.upper(), "password": PASSWORD})
    assert (response.status_code, response.url) == (302, "/")


def test_nobody_makes_an_account_without_an_invitation(client):
    fields = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    assert "form" not in client.get("/account/signup/").context
    client.post("/account/signup/", fields)
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_closed_account_does_not_open(client):
    user = make_user(Role.COORDINATOR, is_active=False)
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_a_forgotten_passphrase_is_chosen_anew_by_mail(client, mailoutbox):
    user = make_user(Role.COORDINATOR, language="nl")
    client.post("/account/password/reset/", {"email": user.email})
    assert mailoutbox[0].subject == "Een andere wachtwoordzin kiezen"
    link = re.search(r"http://testserver(\S+)", mailoutbox[0].body)[1]
    form = client.get(link, follow=True).request["PATH_INFO"]
    client.post(form, {"password1": "another fine passphrase", "password2": "another fine passphrase"})
    user.refresh_from_db()
    assert user.check_password("another fine passphrase")


def test_known_and_unknown_addresses_get_the_same_answer(client):
    answers = [
        client.post("/account/password/reset/", {"email": email})
        for email in (make_user(Role.COORDINATOR).email, "nobody@example.org")
    ]
    assert len({(answer.status_code, answer.url) for answer in answers}) == 1
