"""What is being typed survives, sealed, and only for who typed it (B10)."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from shelter.accounts import drafts
from shelter.accounts.models import Draft
from shelter.accounts.policy import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PAGE, SECRET = "/people/1/notes/", "Elle a dit qu\u2019elle avait peur"


def typed(client, page=PAGE, **fields):
    return client.post("/profile/draft/", {"page": page, "fields": json.dumps(fields)})


def test_what_was_typed_is_there_after_signing_in_again(client):
    user = make_user(Role.SOCIAL_WORKER)
    client.force_login(user)
    assert typed(client, text=SECRET).status_code == 204
    client.post("/account/logout/")
    client.force_login(user)
    assert client.get(f"/profile/draft/?page={PAGE}").json() == {"text": SECRET}
    assert client.get("/profile/draft/?page=/elsewhere/").json() == {}


def test_nobody_else_reads_it_and_the_database_keeps_it_sealed(client):
    client.force_login(make_user(Role.SOCIAL_WORKER))
    typed(client, text=SECRET)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(encode(sealed, 'escape'), '') FROM accounts_draft")
        assert SECRET not in (cursor.fetchone()[0] or "")
    client.force_login(make_user(Role.SOCIAL_WORKER))
    assert client.get(f"/profile/draft/?page={PAGE}").json() == {}


def test_one_that_was_moved_to_another_page_is_not_shown(client):
    user = make_user(Role.SOCIAL_WORKER)
    drafts.keep(user, PAGE, {"text": SECRET})
    Draft.objects.update(page="/elsewhere/")
    assert drafts.kept(user, "/elsewhere/") == {}


def test_nothing_typed_forgets_it_and_so_does_a_week():
    user = make_user(Role.SOCIAL_WORKER)
    drafts.keep(user, PAGE, {"text": SECRET})
    drafts.keep(user, PAGE, {"text": ""})
    assert drafts.kept(user, PAGE) == {}
    drafts.keep(user, PAGE, {"text": SECRET})
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        drafts.keep(user, "/elsewhere/", {"text": "x"})
    assert list(Draft.objects.values_list("page", flat=True)) == ["/elsewhere/"]


@pytest.mark.parametrize("fields", ["no json", "[]", '{"text": 1}', json.dumps({"text": "x" * 64_000})])
def test_anything_else_is_refused(client, fields):
    client.force_login(make_user(Role.SOCIAL_WORKER))
    assert client.post("/profile/draft/", {"page": PAGE, "fields": fields}).status_code == 400
