"""Each act that requirement C3 names leaves its entry, by whoever did it. Emergency access, keys and erasure come later."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.urls import reverse

from shelter.accounts import services as accounts
from shelter.accounts.policy import Role
from shelter.audit import Action
from shelter.identity import acting_as
from shelter.imports import services as imports
from sites import services as places
from tests.accounts.second_factors import sign_in
from tests.exports.taking import ask, fetch
from tests.factories import make_import, make_person, make_site, make_stay, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def sign_in_by_form(client, site, user):
    client.logout()
    sign_in(client, user)


def sign_in_wrongly(client, site, user):
    client.logout()
    client.post(reverse("account_login"), {"login": user.email, "password": "not the one"})


def sign_out(client, site, user):
    client.post(reverse("account_logout"))


def add_a_factor(client, site, user):
    app = Authenticator(user=user, type="totp", data={})
    authenticator_added.send(sender=Authenticator, request=None, user=user, authenticator=app)


def invite(client, site, user):
    answers = {"email": "new@example.org", "name": "New", "role": Role.POLYVALENT, "site": site.pk}
    client.post(reverse("accounts:invite"), answers)


def give_a_role(client, site, user):
    colleague = make_user(Role.FRONT_DESK, at=site)
    accounts.grant(user=colleague, role=Role.POLYVALENT, site=site, by=user)


def end_a_role(client, site, user):
    colleague = make_user(Role.FRONT_DESK, at=site)
    client.post(reverse("accounts:end_role", args=[colleague.memberships.get().public_id]))


def open_what_is_closed(client, site, user):
    client.get(reverse("residents:person", args=[make_person(at=make_site()).public_id]))


def import_a_list(client, site, user):
    with acting_as(user.pk):
        imports.request_commit(make_import(site), by=user)


def take_a_list_out(client, site, user):
    make_stay(make_person(at=site), at=site)
    fetch(client, ask(client, reverse("residents:export_people")))


def change_a_site(client, site, user):
    with acting_as(user.pk):
        places.change_site(site, aliases=(), name="Another name")


ACTS = {
    Action.SIGN_IN: sign_in_by_form,
    Action.SIGN_IN_REFUSED: sign_in_wrongly,
    Action.SIGN_OUT: sign_out,
    Action.FACTOR: add_a_factor,
    Action.INVITE: invite,
    Action.GRANT: give_a_role,
    Action.REVOKE: end_a_role,
    Action.DENIED: open_what_is_closed,
    Action.IMPORT: import_a_list,
    Action.EXPORT: take_a_list_out,
    Action.DOWNLOAD: take_a_list_out,
    Action.SETTINGS: change_a_site,
}


@pytest.mark.parametrize(("action", "act"), ACTS.items())
def test_it_leaves_one_entry_by_who_did_it(client, entries, action, act):
    site = make_site()
    user = make_user(Role.COORDINATOR, at=site)
    client.force_login(user)
    before = len(entries(action=action))
    act(client, site, user)
    new = entries(action=action)[before:]
    assert [each.user_id for each in new] == [user.pk]


def test_a_changed_factor_is_told_by_a_mail_that_says_no_more(client, mailoutbox, django_capture_on_commit_callbacks):
    user = make_user(Role.COORDINATOR, at=make_site("Maison Secrète"), language="en")
    with django_capture_on_commit_callbacks(execute=True):
        add_a_factor(client, None, user)
    [sent] = mailoutbox
    assert sent.to == [user.email]
    assert "has changed" in sent.body
    assert not {"Secrète", user.name} & set(f"{sent.subject} {sent.body}".split())
