"""What is being typed survives, sealed, and only for who typed it (B10)."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from shelter.accounts import drafts
from shelter.accounts.models import Draft
from shelter.accounts.policy import Role
from tests.accounts.test_step_up import six_minutes_pass
from tests.factories import make_person, make_site, make_user

pytestmark = pytest.mark.django_db

PAGE, SECRET = "/people/1/notes/", "Elle a dit qu\u2019elle avait peur"
TYPED = {"text": ["", SECRET]}


def typed(client, page=PAGE, version="", **fields):
    fields = {name: ["", text] for name, text in fields.items()}
    return client.post("/profile/draft/", {"page": page, "fields": json.dumps(fields), "version": version})


def kept(client, page=PAGE):
    return client.get("/profile/draft/", {"page": page}).json()["fields"]


def test_what_was_typed_is_there_after_signing_in_again(client):
    user = make_user(Role.SOCIAL_WORKER)
    client.force_login(user)
    assert typed(client, text=SECRET).status_code == 200
    client.post("/account/logout/")
    client.force_login(user)
    assert kept(client) == TYPED
    assert kept(client, "/elsewhere/") == {}


def test_nobody_else_reads_it_and_the_database_keeps_it_sealed(client):
    client.force_login(make_user(Role.SOCIAL_WORKER))
    typed(client, text=SECRET)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(encode(sealed, 'escape'), '') FROM accounts_draft")
        assert SECRET not in (cursor.fetchone()[0] or "")
    client.force_login(make_user(Role.SOCIAL_WORKER))
    assert kept(client) == {}


@pytest.mark.parametrize(
    "sent",
    [
        {"page": "/a\0/"},
        {"page": "/" * 301},
        {"fields": "[" * 50_000},
        {"version": "0001-01-01T00:00:00+23:00"},
        {"version": "9999-12-31T23:59:59-12:00"},
    ],
    ids=repr,
)
def test_what_no_page_of_ours_sends_is_refused_and_breaks_nothing(client, sent):
    client.force_login(make_user(Role.SOCIAL_WORKER))
    good = {"page": PAGE, "fields": json.dumps(TYPED), "version": ""}
    assert client.post("/profile/draft/", good | sent).status_code == 400
    if "page" in sent:
        assert client.get("/profile/draft/", sent).status_code == 400


def test_one_that_was_moved_to_another_page_is_not_shown(client):
    user = make_user(Role.SOCIAL_WORKER)
    drafts.keep(user, PAGE, TYPED)
    Draft.objects.update(page="/elsewhere/")
    assert drafts.kept(user, "/elsewhere/").fields == {}


def test_nothing_typed_forgets_it_and_so_does_a_week():
    user = make_user(Role.SOCIAL_WORKER)
    drafts.keep(user, PAGE, {}, seen=drafts.keep(user, PAGE, TYPED))
    assert drafts.kept(user, PAGE).fields == {}
    drafts.keep(user, PAGE, TYPED)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        drafts.keep(user, "/elsewhere/", {"text": ["", "x"]})
    assert list(Draft.objects.values_list("page", flat=True)) == ["/elsewhere/"]


@pytest.mark.parametrize(
    "fields", ["no json", "[]", '{"text": 1}', '{"text": ["one"]}', json.dumps({"text": ["", "x" * 64_000]})]
)
def test_anything_else_is_refused(client, fields):
    client.force_login(make_user(Role.SOCIAL_WORKER))
    assert client.post("/profile/draft/", {"page": PAGE, "fields": fields}).status_code == 400


def test_a_version_that_is_none_is_refused(client):
    client.force_login(make_user(Role.SOCIAL_WORKER))
    for version in ("yesterday", "2026-13-45T00:00:00+00:00"):
        assert typed(client, text="x", version=version).status_code == 400


def test_another_tab_overwrites_nothing_unawares(client):
    client.force_login(make_user(Role.SOCIAL_WORKER))
    first = typed(client, text=SECRET).json()["version"]
    assert typed(client, text="of a second tab").status_code == 409
    second = typed(client, text=SECRET + "!", version=first).json()["version"]
    assert typed(client, text="of a second tab", version=first).status_code == 409
    assert kept(client) == {"text": ["", SECRET + "!"]}
    assert typed(client, version=second).status_code == 200
    assert kept(client) == {}


def test_the_draft_of_a_form_that_was_taken_is_gone_and_of_a_refused_one_is_not(client):
    site = make_site()
    client.force_login(make_user(Role.COORDINATOR, at=site))
    person = make_person("Diallo", "Awa", at=site)
    path = reverse("residents:edit_person", args=[person.public_id])
    typed(client, page=path, last_name="Diallo-Ba")
    assert client.post(path, {"last_name": "", "reason": ""}).status_code == 422
    assert kept(client, path)
    facts = {"first_name": "Awa", "last_name": "Diallo-Ba", "gender": person.gender, "reason": "papers seen"}
    assert client.post(path, facts).status_code == 302
    assert kept(client, path) == {}


def test_a_detour_to_the_second_factor_keeps_the_draft(client):
    site = make_site()
    client.force_login(make_user(Role.COORDINATOR, at=site))
    typed(client, page="/team/invitations/add/", name="Nadia Neuve")
    six_minutes_pass(client)
    assert client.post("/team/invitations/add/", {"name": "Nadia Neuve"}).url.startswith("/account/factors/")
    assert kept(client, "/team/invitations/add/")
