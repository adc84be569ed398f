"""A screen says "saved" only after the commit (G1)."""

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from residents.models import Person
from shelter.accounts.policy import Role
from tests.factories import make_person, make_site, make_user

pytestmark = pytest.mark.django_db(transaction=True)

FAIL_AT_COMMIT = """
    CREATE FUNCTION fail_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the disk is full'; END $$;
    CREATE CONSTRAINT TRIGGER fail_at_commit AFTER UPDATE ON residents_person
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail_at_commit();
"""


def test_what_could_not_be_committed_is_not_called_saved():
    site = make_site()
    person = make_person("Diallo", "Awa", at=site)
    client = Client(raise_request_exception=False)
    client.force_login(make_user(Role.DATA_ADMIN, at=site))
    run_as_owner(FAIL_AT_COMMIT)
    answer = client.post(reverse("residents:edit_person", args=[person.public_id]), {"last_name": "Barry"})
    assert answer.status_code == 500
    assert Person.objects.get(pk=person.pk).last_name == "Diallo"
    assert not list(client.get(reverse("residents:person", args=[person.public_id])).context["messages"])


def run_as_owner(script: str) -> None:
    owner = settings.OWNER_DATABASE
    with psycopg.connect(
        host=owner["HOST"],
        port=owner["PORT"] or None,
        user=owner["USER"],
        password=owner["PASSWORD"],
        dbname=connection.settings_dict["NAME"],
        autocommit=True,
    ) as server:
        server.execute(script)
