"""Microsoft 365 by OpenID Connect (B7), against ``oidc-provider-mock`` on loopback: one good way, and each refusal."""

import os
import socket
import subprocess
import sys
import time
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone

from shelter.accounts.microsoft import MicrosoftAdapter
from shelter.accounts.models import Invitation, User
from shelter.accounts.policy import Role
from tests.accounts.second_factors import code_now, give_app
from tests.factories import make_invitation, make_site, make_user

pytestmark = pytest.mark.django_db

TENANT, PERSON = "11111111-2222-3333-4444-555555555555", "99999999-8888-7777-6666-555555555555"


@pytest.fixture(scope="module")
def issuer():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"AUTHLIB_INSECURE_TRANSPORT": "1"}
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            requests.get(address, timeout=5)
            break
        except requests.ConnectionError:
            time.sleep(0.1)
    yield address
    server.terminate()
    server.wait()


@pytest.fixture(autouse=True)
def configured(issuer, settings):
    settings.MICROSOFT = {"tenant": TENANT, "issuer": issuer, "client_id": "the-house", "secret": "a-secret"}
    be_at_microsoft(issuer)


@pytest.fixture
def user():
    return make_user(Role.COORDINATOR, email="nadia@example.org")


def be_at_microsoft(issuer, *, tenant=TENANT, email="nadia@example.org"):
    claims = {"oid": PERSON, "tid": tenant, "email": email, "email_verified": True}
    requests.put(f"{issuer}/users/nadia", json=claims, timeout=5)


def at_microsoft(asked, **changes):
    """The person agrees; ``changes`` tamper with what the house asked. The path that leads back."""
    parts = urlsplit(asked)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changes
    address = urlunsplit(parts._replace(query=urlencode(query)))
    answer = requests.post(address, data={"sub": "nadia"}, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def sign_in(client, **changes):
    asked = client.post("/account/microsoft/").headers["Location"]
    return client.get(at_microsoft(asked, **changes))


def connected(user, uid=f"{TENANT}:{PERSON}"):
    SocialAccount.objects.create(user=user, provider="microsoft", uid=uid)
    return user


def is_in(client):
    return "_auth_user_id" in client.session


def test_who_is_connected_signs_in_with_the_second_factor(client, user):
    secret = give_app(connected(user))
    assert sign_in(client).headers["Location"] == "/account/factors/code/"
    assert not is_in(client)
    client.post("/account/factors/code/", {"code": code_now(secret)})
    assert client.get("/team/").status_code == 200


def test_without_a_second_factor_only_enrolment_opens(client, user):
    connected(user)
    sign_in(client)
    assert client.get("/team/").headers["Location"] == "/account/factors/"


def test_what_is_asked_of_microsoft(client):
    asked = parse_qs(
        urlsplit(client.post("/account/microsoft/?scope=admin&auth_params=nonce=known").headers["Location"]).query
    )
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["nonce"][0]) >= 43
    assert len(asked["state"][0]) >= 16
    assert set(asked["scope"][0].split()) == {"openid", "profile"}


def test_an_account_is_connected_while_signed_in(client, user):
    client.force_login(user)
    asked = client.post("/account/microsoft/connect/", {"process": "connect"}).headers["Location"]
    assert client.get(at_microsoft(asked)).headers["Location"] == "/profile/"
    account = SocialAccount.objects.get(user=user)
    assert (account.uid, account.extra_data) == (f"{TENANT}:{PERSON}", {})


def refused(answer, sentence):
    return answer.status_code == 403 and sentence in answer.text


UNKNOWN, FAILED = "Aucun compte ici n’est relié", "n’a pas pu être acceptée"


def test_an_unknown_person_is_refused_with_a_clear_sentence(client):
    assert refused(sign_in(client), UNKNOWN)
    assert not is_in(client)


def test_an_equal_address_connects_nothing(client, user):
    assert refused(sign_in(client), UNKNOWN)
    assert not SocialAccount.objects.exists()
    assert not is_in(client)


def test_another_tenant_is_refused_even_with_the_same_object(client, user, issuer):
    connected(user)
    be_at_microsoft(issuer, tenant="another")
    assert refused(sign_in(client), FAILED)
    assert not is_in(client)


def test_another_issuer_is_refused(client, user, settings, issuer):
    connected(user)
    discovery = f"{issuer}/.well-known/openid-configuration"
    settings.MICROSOFT = settings.MICROSOFT | {"issuer": "https://login.example/another", "discovery": discovery}
    assert refused(sign_in(client), FAILED)
    assert not is_in(client)


def test_a_token_of_another_sign_in_is_refused(client, user):
    connected(user)
    assert refused(sign_in(client, nonce="of-another-sign-in"), FAILED)
    assert not is_in(client)


def test_a_code_made_for_another_client_is_refused(client, user):
    connected(user)
    assert refused(sign_in(client, client_id="another-house"), FAILED)
    assert not is_in(client)


def test_a_token_made_for_another_client_is_refused(client, user, issuer, monkeypatch):
    """Even one that Microsoft itself would hand out for our code."""
    connected(user)

    def token_of_another(adapter, request, app, oauth, pkce_code_verifier=None):
        form = {
            "grant_type": "authorization_code",
            "code": request.GET["code"],
            "redirect_uri": oauth.callback_url,
            "client_id": "another-house",
            "client_secret": "x",
            "code_verifier": pkce_code_verifier,
        }
        return requests.post(f"{issuer}/oauth2/token", data=form, timeout=5).json()

    monkeypatch.setattr(MicrosoftAdapter, "get_access_token_data", token_of_another)
    answer = sign_in(client, client_id="another-house")
    assert refused(answer, FAILED)
    assert not is_in(client)


def test_an_answer_that_nobody_asked_for_is_refused(client, user):
    connected(user)
    client.post("/account/microsoft/")
    assert refused(client.get("/account/microsoft/callback/?code=x&state=forged"), FAILED)
    assert not is_in(client)


@pytest.fixture
def invitation(client):
    """Its link is opened in the client."""
    made = make_invitation(at=make_site(), token="the-token")
    client.get("/invitation/the-token/")
    return made


def accept(client, **changes):
    asked = client.post("/invitation/microsoft/").headers["Location"]
    return client.get(at_microsoft(asked, **changes))


def test_an_invitation_is_accepted_by_signing_in_at_microsoft(client, invitation):
    """B1, B3, B7: tenant and object id are bound to the account, whatever address Microsoft names."""
    assert "/invitation/microsoft/" in client.get("/invitation/").text
    assert accept(client).headers["Location"] == "/profile/"
    user = User.objects.get(email=invitation.email)
    assert SocialAccount.objects.get(user=user).uid == f"{TENANT}:{PERSON}"
    assert not user.has_usable_password()
    assert user.memberships.get().site == invitation.site
    assert client.get("/profile/").headers["Location"] == "/account/factors/"  # nothing opens before a second factor

    secret = give_app(user)
    another = Client()
    assert sign_in(another).headers["Location"] == "/account/factors/code/"
    another.post("/account/factors/code/", {"code": code_now(secret)})
    assert another.get("/profile/").status_code == 200


def test_an_invitation_is_accepted_once(client, invitation):
    asked = client.post("/invitation/microsoft/").headers["Location"]
    Invitation.objects.update(accepted_at=timezone.now())
    answer = client.get(at_microsoft(asked))
    assert (answer.status_code, SocialAccount.objects.count(), is_in(client)) == (410, 0, False)
    assert client.post("/invitation/microsoft/").status_code == 410


def test_without_the_link_nothing_is_accepted(client):
    make_invitation(at=make_site(), token="the-token")
    assert client.post("/invitation/microsoft/").status_code == 410
    assert refused(sign_in(Client()), UNKNOWN)


def test_an_address_that_has_an_account_is_not_linked(client, invitation):
    make_user(email=invitation.email)
    assert refused(accept(client), "a déjà un compte ici")
    assert not SocialAccount.objects.exists()
    assert not is_in(client)
    assert Invitation.objects.open().exists()


def test_who_has_an_account_by_microsoft_makes_no_second_one(client, invitation, user):
    connected(user)
    assert refused(accept(client), "ouvre déjà un autre compte")
    assert not is_in(client)
    assert not User.objects.filter(email=invitation.email).exists()


def test_a_token_of_another_tenant_accepts_nothing(client, invitation, issuer):
    be_at_microsoft(issuer, tenant="another")
    assert refused(accept(client), FAILED)
    assert Invitation.objects.open().exists()


def test_an_invitation_opened_before_does_not_make_sign_in_an_acceptance(client, invitation):
    assert refused(sign_in(client), UNKNOWN)
    assert Invitation.objects.open().exists()


def test_without_configuration_there_is_no_button_and_no_page(client, settings):
    assert "Microsoft" in client.get("/account/login/").text
    settings.MICROSOFT = {}
    assert "Microsoft" not in client.get("/account/login/").text
    assert client.post("/account/microsoft/").status_code == 404
    make_invitation(at=make_site(), token="the-token")
    client.get("/invitation/the-token/")
    assert "Microsoft" not in client.get("/invitation/").text
    assert client.post("/invitation/microsoft/").status_code == 404
    assert client.get("/account/microsoft/callback/?code=x&state=y").status_code == 404
