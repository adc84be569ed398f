"""The first evening of a real house: from an empty database to a colleague who sees their own site and no other."""

import io
import re

from django.core.management import call_command

from shelter.accounts.models import User
from shelter.accounts.policy import Role
from sites.models import Bed, Site

PASSPHRASE = "quatre mots bien choisis"


def choose_passphrase(page, link):
    page.goto(link)
    page.get_by_label("Nouvelle phrase de passe", exact=True).fill(PASSPHRASE)
    page.get_by_label("Nouvelle phrase de passe, encore une fois").fill(PASSPHRASE)
    page.get_by_role("button", name="Créer mon compte").click()


def add_passkey(page):
    page.wait_for_url("/account/factors/")
    page.get_by_role("link", name="Avec une clé d’accès").click()
    page.get_by_role("button", name="Ajouter cette clé d’accès").click()
    page.wait_for_url("/account/factors/recovery-codes/")
    page.get_by_role("link", name="Je les ai gardés").click()


def test_an_empty_house_is_furnished_and_opened_to_a_colleague(
    page, live_server, authenticator, assert_accessible, look
):
    said = io.StringIO()
    call_command("create_administrator", "ada@example.org", name="Ada Exemple", address=live_server.url, stdout=said)
    page.goto(said.getvalue().split()[-1])
    assert_accessible(page)
    choose_passphrase(page, said.getvalue().split()[-1])
    add_passkey(page)

    page.get_by_role("link", name="Sites et lits").first.click()
    assert_accessible(page)
    page.get_by_role("link", name="Ajouter une organisation").click()
    page.get_by_label("Nom").fill("Les Exemples")
    page.get_by_role("button", name="Enregistrer").click()

    page.get_by_label("Organisation").select_option("Les Exemples")
    page.get_by_label("Nom", exact=True).fill("Maison Ouverte")
    page.get_by_label("Dispositif").select_option("URG")
    assert_accessible(page)
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("heading", name="Maison Ouverte").wait_for()

    page.get_by_role("link", name="Ajouter des chambres").first.click()
    page.get_by_label("Chambres", exact=True).fill("101-118")
    page.get_by_label("Étage").fill("1")
    page.get_by_label("Lits dans chaque chambre").fill("A-D")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_text("18 chambres").wait_for()
    assert_accessible(page)
    page.get_by_role("button", name="Les ajouter").click()
    page.get_by_role("heading", name="Étage 1").wait_for()
    assert Bed.objects.count() == 72
    look(page, "site")
    assert_accessible(page)

    page.get_by_role("link", name="Fermer des lits").click()
    page.get_by_text("Toute la chambre 101").click()
    page.get_by_label("Motif").select_option("pests")
    assert_accessible(page)
    page.locator("main").get_by_role("button", name="Fermer des lits").click()
    page.get_by_text("4 lits sont fermés.").wait_for()
    page.get_by_role("button", name=re.compile("Rouvrir")).click()
    assert_accessible(page)
    page.get_by_role("dialog").get_by_role("button", name="Rouvrir").click()
    page.get_by_text("Tous les lits peuvent être attribués.").wait_for()

    other = Site.objects.create(
        organisation=Site.objects.get().organisation, name="Maison Voisine", slug="voisine", scheme="URG"
    )
    page.get_by_role("link", name="Équipe").first.click()
    assert_accessible(page)
    page.get_by_role("link", name="Inviter", exact=True).click()
    page.get_by_label("Adresse e-mail").fill("bea@example.org")
    page.get_by_label("Nom").fill("Béa Exemple")
    page.get_by_label("Rôle").select_option(Role.COORDINATOR)
    page.get_by_label("Site").select_option("Maison Ouverte")
    assert_accessible(page)
    page.get_by_role("button", name="Envoyer l’invitation").click()
    link = page.get_by_label("Lien", exact=True).input_value()
    assert_accessible(page)

    page.context.clear_cookies()
    choose_passphrase(page, link)
    assert_accessible(page)
    add_passkey(page)
    page.wait_for_url("/")
    assert User.objects.get(email="bea@example.org").access.places[0].name == "Maison Ouverte"
    page.get_by_role("link", name="Sites et lits").first.click()
    assert page.get_by_role("link", name="Maison Ouverte").is_visible()
    assert not page.get_by_text(other.name).is_visible()
    page.goto("/sites/voisine/")
    assert not page.get_by_text(other.name).is_visible()
