"""What the application logs names nobody and repeats nothing that was confided (C8)."""

import logging

import pytest
from django.urls import reverse

from shelter.accounts.policy import Role
from tests.factories import PASSWORD, make_person, make_site, make_stay, make_user
from tests.searching import searched

pytestmark = pytest.mark.django_db
PLANTED = ("Zweitgenannt", "Kaltemnestra", "+32470999111", "confided-sentence", PASSWORD, "typed-at-sign-in")


def test_pages_searches_refusals_and_failures_name_nobody(client, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(
        logging.INFO
    )  # statements are logged in DEBUG alone, never in a house
    site = make_site()
    person = make_person("Zweitgenannt", "Kaltemnestra", at=site, phone="+32470999111")
    make_stay(person, at=site)
    worker = make_user(Role.COORDINATOR, at=site)
    login = reverse("account_login")
    client.post(login, {"login": "typed-at-sign-in@example.org", "password": "typed-at-sign-in"})
    client.force_login(worker)
    file = reverse("residents:person", args=[person.public_id])
    client.get(file)
    search = client.post(reverse("ui:search"), {"page": reverse("residents:people"), "q": "Zweitgenannt"})
    assert "Kaltemnestra" in client.get(search.url).text
    client.post(f"{file}edit/", {"last_name": "Zweitgenannt", "reason": "confided-sentence"})
    client.get("/people/Zweitgenannt/")
    client.get(reverse("residents:export_people"), searched(worker, q="Zweitgenannt"))
    client.raise_request_exception = False
    monkeypatch.setattr("residents.views.persons.person_file", lambda *_: 1 / 0)
    assert client.get(file, searched(worker, q="Zweitgenannt")).status_code == 500
    written = "\n".join(
        logging.Formatter("%(message)s").format(record)
        for record in caplog.records
        if not record.name.startswith("faker")
    )
    assert "ZeroDivisionError" in written, "failures are logged"
    assert not [value for value in PLANTED if value in written]
