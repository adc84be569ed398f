"""What leaves a row, and that nobody can change one (C2 to C5)."""

import pytest
from allauth.mfa.signals import authenticator_removed
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from shelter.accounts.models import User
from shelter.accounts.policy import InfoClass, Role
from shelter.audit import Action, record
from shelter.identity import acting_as
from tests.accounts.second_factors import give_app, sign_in
from tests.conftest import as_application
from tests.factories import PASSWORD, make_person, make_site, make_user

pytestmark = pytest.mark.django_db


def test_a_task_records_at_once_who_acts(entries):
    user, site = make_user(), make_site()
    with acting_as(user.pk):
        record(Action.EXPORT, info_class=InfoClass.IDENTITY, persons=[5, 3, 5], about=site, site=site)
    (row,) = entries()
    assert (row.user_id, row.site_id, row.action, row.info_class) == (user.pk, site.pk, "export", "identity")
    assert (row.persons, row.about, row.purpose) == ([3, 5], f"sites.site:{site.pk}", "routine")
    assert row.at


def test_a_sign_in_a_refused_one_and_a_sign_out_are_recorded(client, entries):
    user = make_user(Role.COORDINATOR, at=make_site())
    login = reverse("account_login")
    client.post(login, {"login": user.email, "password": "not the one"})
    client.post(login, {"login": "nobody@example.org", "password": "not the one"})
    client.post(login, {"login": user.email, "password": PASSWORD})
    client.post(reverse("account_logout"))
    seen = [(row.action, row.user_id, row.page, row.address) for row in entries()]
    assert seen == [
        ("sign_in_refused", user.pk, "account_login", "127.0.0.1"),
        ("sign_in_refused", None, "account_login", "127.0.0.1"),
        ("sign_in", user.pk, "account_login", "127.0.0.1"),
        ("sign_out", user.pk, "account_logout", "127.0.0.1"),
    ]


def test_a_wrong_code_and_a_changed_factor_are_recorded(client, entries):
    user = make_user(Role.COORDINATOR, at=make_site())
    give_app(user)
    sign_in(client, user)
    client.post("/account/factors/code/", {"code": "000000"})
    assert [row.user_id for row in entries(action="sign_in_refused")] == [user.pk]
    authenticator_removed.send(sender=User, request=None, user=user, authenticator=None)
    assert [(row.user_id, row.about) for row in entries(action="factor")] == [(user.pk, f"accounts.user:{user.pk}")]


@pytest.mark.parametrize("exists", [True, False])
def test_a_hidden_file_and_an_absent_one_leave_the_same_trace(client, entries, exists):
    """The request is undone; its refusal is not."""
    hidden = make_person(at=make_site())
    address = reverse("residents:person", args=[hidden.public_id if exists else "00000000-0000-4000-8000-000000000000"])
    client.force_login(make_user(Role.SOCIAL_WORKER, at=make_site()))
    assert client.get(address).status_code == 404
    (row,) = entries(action="denied")
    assert (row.info_class, row.page) == ("identity", "residents:person")
    assert row.about == f"person:{address.split('/')[2]}"


def test_a_page_that_ones_role_does_not_open_is_recorded(client, entries):
    client.force_login(make_user(Role.LOGISTICS, at=make_site()))
    assert client.get(reverse("residents:people")).status_code == 403
    assert [row.page for row in entries(action="denied")] == ["residents:people"]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT id FROM audit_entry",
        "UPDATE audit_entry SET persons = '{}'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "INSERT INTO audit_entry (at, info_class, action, persons) VALUES (now() - interval '1 day', '', '', '{}')",
        "UPDATE residents_personevent SET last_name = ''",
        "DELETE FROM accounts_membershipevent",
        "TRUNCATE sites_siteevent",
    ],
)
def test_the_application_may_write_and_nothing_else(statement):
    refused = pytest.raises(DatabaseError, match="permission denied")
    with as_application(), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_end_of_sessions_is_recorded(client, entries):
    user = make_user(Role.COORDINATOR, at=make_site())
    client.force_login(user)
    client.post("/profile/sessions/end-others/")
    assert [row.about for row in entries(action="revoke")] == [f"accounts.user:{user.pk}"]
