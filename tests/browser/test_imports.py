"""The main job: a workbook that the team keeps today goes in, is looked at, corrected, let in, and taken out again."""

import pytest
from openpyxl import Workbook

from residents.models import Person, Stay
from shelter.accounts.policy import Role
from shelter.imports.services import work
from tests.factories import make_beds, make_site, make_user

ROWS = (
    ("Casa Tamam, liste des hébergés",),
    (),
    ("Nom", "Prénom", "Date de naissance", "Nationalité", "Chambre", "Lit", "Date d'entrée", "Téléphone", "Remarque"),
    ("NGONO", "Emmanuel", "12/03/1990", "camerounais", "101", "A", "01/03/2026", "0470 00 00 01", "suivi médical"),
    ("BAH", "Aïssatou", "31/02/1995", "guinéenne", "101", "B", "05/03/2026", "0470 00 00 02", ""),
    ("TRAORÉ", "Awa", "04/05/1988", "malienne", "102", "A", "06/03/2026", "0470 00 00 03", ""),
)


@pytest.fixture
def list_of_residents(tmp_path):
    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    path = tmp_path / "liste.xlsx"
    book.save(path)
    return path


@pytest.fixture
def worker(monkeypatch, settings, tmp_path):
    """The worker's part is done as soon as it is asked for."""
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(work, "_dispatch", lambda jobs: [work.work_on(*job) for job in jobs])


def housed_tonight(page):
    page.goto("/")
    return page.locator(".kpi", has_text="Hébergées").locator("b").inner_text()


def test_a_list_goes_in_and_comes_out_again(page_as, worker, list_of_residents, assert_accessible, look):
    site = make_site("Casa Tamam")
    make_beds(site)
    page = page_as(make_user(Role.DATA_ADMIN, at=site))
    assert housed_tonight(page) == "0"

    page.goto("/imports/")
    assert_accessible(page)
    page.get_by_role("link", name="Importer des classeurs").first.click()
    page.get_by_label("Déposez des classeurs ici").set_input_files(list_of_residents)
    assert_accessible(page)
    look(page, "import-upload")
    page.get_by_role("button", name="Lire les fichiers").click()

    page.wait_for_url("**/file/")
    page.get_by_role("link", name="Voir les colonnes").click()
    assert "pas ouvertes à votre rôle" in page.content()  # remarks, to a data administrator
    assert "suivi médical" not in page.content()
    assert_accessible(page)
    look(page, "import-columns")
    page.get_by_role("button", name="Vérifier les lignes").click()

    page.wait_for_url("**/review/")
    assert_accessible(page)
    look(page, "import-review")
    assert "suivi médical" not in page.content()
    page.get_by_role("link", name="Erreurs").click()
    page.get_by_role("link", name="Corriger").click()
    look(page, "import-row")
    assert_accessible(page)
    page.get_by_label("Valeur correcte de « Date de naissance »").fill("28/02/1995")
    page.get_by_role("button", name="Corriger").first.click()

    page.wait_for_url("**/file/")
    page.get_by_role("link", name="Voir les colonnes").click()
    page.get_by_role("button", name="Vérifier les lignes").click()
    page.get_by_role("button", name="Importer 3 lignes").click()

    page.wait_for_url("**/result/")
    assert_accessible(page)
    look(page, "import-result")
    assert Stay.objects.count() == 3
    result = page.url
    page.goto("/people/")
    assert page.get_by_text("Aïssatou").first.is_visible()
    assert housed_tonight(page) == "3"
    page.goto(result)
    page.get_by_text("Annuler tout l’import").click()
    page.get_by_role("button", name="Oui, annuler l’import").click()
    page.get_by_text("tout est comme avant").first.wait_for()
    assert not Person.objects.exists()
    assert housed_tonight(page) == "0"
