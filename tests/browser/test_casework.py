"""What a person confides: written by who follows them, found by nobody else, shared once the person agrees."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from shelter.accounts.policy import Role
from tests.factories import make_key_worker, make_person, make_site, make_stay, make_user

SECRET = "Cherche un cours de français le matin."


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def site():
    return make_site("Casa Tamam")


@pytest.fixture
def person(site):
    made = make_person("Tesfay Kidane", "Yonas", at=site)
    make_stay(made, at=site)
    return made


def status(user, address: str) -> int:
    client = Client()
    client.force_login(user)
    return client.get(address).status_code


def test_a_note_is_shared_with_the_jurist_after_assignment_and_consent(page_as, site, person, assert_accessible):
    worker, jurist = make_user(Role.SOCIAL_WORKER, at=site), make_user(Role.JURIST, at=site, name="Jeanne Dubois")
    make_key_worker(person, worker, at=site)
    file = f"/people/{person.public_id}/"

    page = page_as(worker)
    page.goto("/files/")
    assert_accessible(page)
    page.get_by_role("link", name="Yonas Tesfay Kidane").click()
    assert_accessible(page)
    page.get_by_role("navigation", name="Parties du dossier").get_by_role("link", name="Suivi social").click()
    page.get_by_role("link", name="Écrire une note").click()
    assert_accessible(page)
    page.get_by_label("Ce qui a été dit et fait").fill(SECRET)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#notes")).to_contain_text(SECRET)
    assert_accessible(page)

    for other in (make_user(Role.NIGHT_WATCH, at=site), make_user(Role.COORDINATOR, at=site), jurist):
        assert status(other, f"{file}social/") in {403, 404}

    page = page_as(make_user(Role.COORDINATOR, at=site))
    page.goto(f"{file}follow-up/")
    page.get_by_role("link", name="Désigner").click()
    page.get_by_label("Travailleur·euse de référence").select_option(label="Jeanne Dubois · Juriste, Casa Tamam")
    assert_accessible(page)
    page.get_by_role("button", name="Désigner").click()
    expect(page.locator("#toasts")).to_contain_text("Jeanne Dubois suit cette personne")
    assert status(jurist, f"{file}social/") == 404

    page = page_as(worker)
    page.goto(f"{file}consents/add/")
    assert_accessible(page)
    page.get_by_label("Avec interprète").check()
    page.get_by_role("button", name="La personne consent").click()
    expect(page.locator("#h-consents")).to_be_visible()

    page = page_as(jurist)
    page.goto(f"{file}social/")
    expect(page.locator("#notes")).to_contain_text(SECRET)

    page = page_as(worker)
    page.goto(f"{file}follow-up/")
    page.get_by_role("button", name="Retirer").click()
    assert status(jurist, f"{file}social/") == 404


def test_a_refused_document_loses_nothing_that_was_typed(page_as, site, person, assert_accessible):
    worker = make_user(Role.SOCIAL_WORKER, at=site)
    make_key_worker(person, worker, at=site)
    page = page_as(worker)
    page.goto(f"/people/{person.public_id}/social/documents/add/")
    page.get_by_label("De quoi il s’agit").fill("Contrat de bail")
    page.get_by_label("Fichier").set_input_files(
        {"name": "bail.pdf", "mimeType": "application/pdf", "buffer": b"<html>"}
    )
    page.get_by_role("button", name="Conserver le document").click()
    expect(page.get_by_text("ne correspond pas à son nom").first).to_be_visible()
    expect(page.get_by_label("De quoi il s’agit")).to_have_value("Contrat de bail")
    assert_accessible(page)
    page.get_by_label("Fichier").set_input_files(
        {"name": "bail.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 bail"}
    )
    page.get_by_role("button", name="Conserver le document").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Contrat de bail").click()
    assert "bail" not in download.value.suggested_filename
    assert_accessible(page)
