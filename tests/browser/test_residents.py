"""A coordinator's day with one person: admit, move, leave; found by a slip of the pen, accessible all the way."""

import pytest
from playwright.sync_api import expect

from residents import services
from residents.models import Person, Stay
from residents.nights import tonight
from shelter.accounts.policy import Role
from tests.factories import make_beds, make_person, make_request, make_site, make_stay, make_user


@pytest.fixture
def site():
    site = make_site("Casa Tamam")
    make_beds(site, "ABCD", room="101")
    return site


@pytest.fixture
def coordinator(site):
    return make_user(Role.COORDINATOR, at=site, name="Sofie Peeters")


def test_a_coordinator_admits_moves_and_writes_a_departure(page_as, site, coordinator, assert_accessible):
    page = page_as(coordinator)
    page.goto("/admit/")
    page.get_by_label("Nom tel que la personne le dit").fill("Mamadou Diallo")
    page.get_by_role("link", name="C’est une nouvelle personne").click()
    assert_accessible(page)
    expect(page.get_by_label("Nom ou nom unique")).to_have_value("Diallo")
    page.locator("select[name=bed]").select_option(label="101-A")
    page.get_by_role("button", name="Admettre").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Mamadou Diallo")
    expect(page.locator("#toasts")).to_contain_text("101-A")
    assert_accessible(page)
    page.get_by_role("link", name="Changer de lit").click()
    page.locator("select[name=bed]").select_option(label="101-B")
    assert_accessible(page)
    page.get_by_role("button", name="Changer de lit").click()
    expect(page.locator("#toasts")).to_contain_text("101-B")

    stay = Stay.objects.get()
    services.correct_stay(
        stay=stay, arrived_on=tonight().replace(year=2025), left_on=None, reason="arrivé plus tôt", by=coordinator
    )
    page.get_by_role("link", name="Sortie").click()
    page.get_by_label("Motif de sortie").select_option("SOL")
    page.get_by_label("Destination").select_option("LOC_P")
    assert_accessible(page)
    page.get_by_role("button", name="Inscrire la sortie").click()
    expect(page.locator("#toasts")).to_contain_text("sortie")
    stay.refresh_from_db()
    assert (stay.exit_reason, stay.destination) == ("SOL", "LOC_P")

    page.locator("#toasts").get_by_role("button", name="Annuler").click()
    expect(page.locator("#toasts")).to_contain_text("annulée")
    stay.refresh_from_db()
    assert stay.left_on is None


def test_the_list_finds_a_misspelt_name_while_one_types(page_as, site, coordinator, assert_accessible):
    make_stay(make_person("Tesfay Kidane", "Yonas", at=site), at=site)
    make_stay(make_person("Diallo", "Mamadou", at=site), at=site)
    page = page_as(coordinator)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/people/")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_label("Nom, nom d’usage ou n° de dossier").fill("Jonas Tesfaye")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("Yonas Tesfay Kidane")
    assert_accessible(page)
    page.reload()
    expect(page.get_by_label("Nom, nom d’usage ou n° de dossier")).to_have_value("Jonas Tesfaye")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_label("Chercher une personne").fill("Mamadou")
    page.keyboard.press("Enter")
    expect(page.locator("tbody")).to_contain_text("Mamadou Diallo")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert "search=" in page.url
    assert not [url for url in asked if "tesfaye" in url.lower() or "mamadou" in url.lower()], "an address names (E4)"


def test_two_files_become_one_and_two_again(page_as, site, coordinator, assert_accessible):
    kept, other = make_person("Diallo", "Mamadou", at=site), make_person("Jallow", "Mamadu", at=site)
    page = page_as(coordinator)
    page.goto(f"/people/{kept.public_id}/doubles/")
    assert_accessible(page)
    page.get_by_role("link", name="Comparer").click()
    assert_accessible(page)
    page.get_by_label("Pourquoi c’est la même personne").fill("même document")
    page.get_by_role("button", name="Garder un seul dossier").click()
    expect(page.get_by_role("heading", name="Dossiers réunis")).to_be_visible()
    assert Person.objects.get(pk=other.pk).merged_into == kept
    page.get_by_role("button", name="Séparer").click()
    expect(page.locator("#toasts")).to_contain_text("deux dossiers")
    assert Person.objects.get(pk=other.pk).merged_into is None


def test_a_request_is_answered_with_a_reason(page_as, site, coordinator, assert_accessible):
    make_request(make_person("Habtom", "Selam", at=site), at=site)
    page = page_as(coordinator)
    page.goto("/waiting/")
    assert_accessible(page)
    page.get_by_role("link", name="Répondre").click()
    page.get_by_role("button", name="Inscrire la réponse").click()
    expect(page.get_by_role("alert")).to_contain_text("Dites")
    page.get_by_label("Motif du refus").select_option("COMPL")
    page.get_by_role("button", name="Inscrire la réponse").click()
    expect(page.get_by_role("heading", name="Personne n’attend")).to_be_visible()
