import io

import pytest
from django.core.management import CommandError, call_command

from shelter.accounts.models import Membership, User
from shelter.accounts.policy import Role
from shelter.demo.accounts import PASSWORD, make_demo_accounts
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def said(command, *arguments, **options):
    out = io.StringIO()
    call_command(command, *arguments, stdout=out, **options)
    return out.getvalue()


def test_the_first_administrator_gets_a_link(client):
    link = said("create_administrator", "first@example.org", name="First", address="http://testserver").split()[-1]
    answers = {
        "name": "First",
        "language": "fr",
        "password": "quatre mots bien choisis",
        "again": "quatre mots bien choisis",
    }
    client.get(link)
    client.post("/invitation/", answers)
    assert User.objects.get().access.roles == {None: {Role.PLATFORM_ADMIN}}


def test_a_house_with_an_administrator_asks_whether_one_more_is_meant():
    make_user(Role.PLATFORM_ADMIN)
    with pytest.raises(CommandError, match="--another"):
        said("create_administrator", "second@example.org", name="Second")
    assert "http" in said("create_administrator", "second@example.org", name="Second", another=True)


def test_a_session_for_the_asking_is_for_the_demo_only(client, settings):
    user = make_user(Role.PLATFORM_ADMIN)
    settings.DEMO = False
    with pytest.raises(CommandError):
        said("demo_session", user.email)
    settings.DEMO = True
    name, _, value = said("demo_session", user.email).strip().partition("=")
    client.cookies[name] = value
    assert client.get("/profile/").wsgi_request.user == user


def test_the_demo_has_every_role_at_every_kind_of_site():
    accounts = make_demo_accounts()
    made = set(Membership.objects.values_list("role", "site__scheme"))
    kinds = {scheme for _, scheme in made if scheme}
    assert len(kinds) == 12
    assert made == {(role, kind) for role in Role for kind in kinds if role != Role.PLATFORM_ADMIN} | {
        (Role.PLATFORM_ADMIN, None)
    }
    assert len(make_demo_accounts()) == len(accounts) == User.objects.count()
    general = User.objects.get(email="coordination-generale.belrefugees@demo.example")
    assert general.memberships.filter(role=Role.COORDINATOR).count() == 15


@pytest.mark.parametrize(("demo", "opens"), [(True, True), (False, False)])
def test_the_demo_passphrase_opens_the_demo_only(client, settings, demo, opens):
    settings.DEMO = demo
    make_user(Role.COORDINATOR, email="coordination.casa-tamam@demo.example", password=PASSWORD)
    client.post("/account/login/", {"login": "coordination.casa-tamam@demo.example", "password": PASSWORD})
    assert (settings.SESSION_COOKIE_NAME in client.cookies and "_auth_user_id" in client.session) is opens


@pytest.mark.parametrize("demo", [True, False])
def test_the_sign_in_page_tells_the_passphrase_in_the_demo_only(client, settings, demo):
    settings.DEMO = demo
    assert (PASSWORD in client.get("/account/login/").text) is demo
