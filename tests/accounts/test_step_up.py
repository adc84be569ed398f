"""Acts that ask for the second factor again (B9)."""

import time

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY

from shelter.accounts.policy import Role
from tests.accounts.second_factors import code_now, give_app
from tests.factories import make_invitation, make_site, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["with a passphrase", "by Microsoft 365 only"])
def user(request):
    """The second has no passphrase to confirm with."""
    made = make_user(Role.COORDINATOR, at=make_site())
    if request.param == "by Microsoft 365 only":
        made.set_unusable_password()
        made.save()
    return made


def six_minutes_pass(client):
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "type": "totp", "at": time.time() - 360}]
    session.save()


def test_after_five_minutes_the_factor_is_asked_again_and_leads_back(client, user):
    secret = give_app(user)
    client.force_login(user)
    assert client.get("/account/password/change/").status_code in {200, 302}
    six_minutes_pass(client)
    asked = client.get("/account/factors/passkeys/add/")
    assert asked.headers["Location"] == "/account/factors/confirm/code/?next=%2Faccount%2Ffactors%2Fpasskeys%2Fadd%2F"
    before = client.session.session_key
    back = client.post(
        "/account/factors/confirm/code/", {"code": code_now(secret), "next": "/account/factors/passkeys/add/"}
    )
    assert back.headers["Location"] == "/account/factors/passkeys/add/"
    assert client.session.session_key != before
    assert client.get("/account/factors/passkeys/add/").status_code == 200


def test_a_wrong_code_opens_nothing(client, user):
    give_app(user)
    client.force_login(user)
    six_minutes_pass(client)
    client.post("/account/factors/confirm/code/", {"code": "000000", "next": "/"})
    assert client.get("/account/factors/passkeys/add/").status_code == 302


def test_a_form_sent_leads_back_to_its_page(client, user):
    give_app(user)
    client.force_login(user)
    six_minutes_pass(client)
    where = {"HX-Request": "true", "HX-Current-URL": "http://testserver/team/?q=a"}
    answer = client.post("/account/factors/recovery-codes/new/", headers=where)
    assert answer.headers["HX-Redirect"] == "/account/factors/confirm/code/?next=%2Fteam%2F%3Fq%3Da"
    elsewhere = {"Referer": "http://evil.example/team/"}
    answer = client.post("/account/factors/recovery-codes/new/", headers=elsewhere)
    assert answer.headers["Location"] == "/account/factors/confirm/code/?next=%2F"


@pytest.mark.parametrize(
    "path",
    [
        "/account/password/change/",
        "/account/password/set/",
        "/account/factors/app/remove/",
        "/account/factors/passkeys/add/",
        "/account/factors/passkeys/1/remove/",
        "/account/factors/recovery-codes/",
        "/account/factors/recovery-codes/new/",
    ],
)
def test_every_change_of_a_factor_asks(client, user, path):
    give_app(user)
    client.force_login(user)
    six_minutes_pass(client)
    for method in (client.get, client.post):
        assert method(path).headers["Location"].startswith("/account/factors/confirm/code/")


def test_every_grant_of_a_role_asks(client, user):
    give_app(user)
    client.force_login(user)
    six_minutes_pass(client)
    site = user.memberships.get().site
    colleague = make_user(Role.POLYVALENT, at=site)
    role, invitation = colleague.memberships.get(), make_invitation(at=site, by=user)
    assert client.get(f"/team/members/{colleague.public_id}/").status_code == 200
    for path in (
        f"/team/members/{colleague.public_id}/",
        f"/team/roles/{role.public_id}/end/",
        f"/team/roles/{role.public_id}/resume/",
        "/team/invitations/add/",
        f"/team/invitations/{invitation.public_id}/revoke/",
    ):
        assert client.post(path).headers["Location"].startswith("/account/factors/confirm/code/"), path
    assert colleague.memberships.get().ends_on is None
