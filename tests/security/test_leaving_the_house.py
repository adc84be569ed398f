"""What leaves the house, as a file, on paper or by mail, tells less than its pages (A11, A12)."""

import re
from collections.abc import Iterator
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.utils import translation
from django.utils.module_loading import module_has_submodule

from shelter.accounts.addresses import Address
from shelter.accounts.policy import InfoClass, Role
from shelter.exports.lists import _offered
from shelter.ui.export import Column
from tests.factories import make_person, make_stay
from tests.security.addresses import OF_THE_TABLE, path_at
from tests.security.conftest import unwritten
from tests.security.crawl import text_of
from tests.security.world import World

EXPORTS = [address for address in OF_THE_TABLE if "export" in address.name]
# As the glossary calls what DP11 keeps apart from names.
STATUS = re.compile(
    r"residence|permit|procedure|asylum|status|séjour|procédure|asile|statut|verblijf|asiel", re.IGNORECASE
)


def columns() -> Iterator[tuple[str, list[Column]]]:
    """Each list of columns that an app writes into a file."""
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "tables"):
            for name, value in vars(import_module(f"{config.name}.tables")).items():
                if isinstance(value, list) and value and isinstance(value[0], Column):
                    yield f"{config.name}.tables.{name}", value


def test_no_file_joins_names_with_residence_status():
    found = dict(columns())
    assert {"residents.tables.COLUMNS", "casework.tables.COLUMNS"} <= found.keys()
    for offered in _offered.values():
        assert offered.columns in found.values(), f"{offered.kind} has columns where this test does not look"
        assert offered.info_class not in {InfoClass.LEGAL, InfoClass.INTERVIEWS, InfoClass.HEALTH}
    del found["shelter.accounts.tables.POLICY_EXPORT"]  # names roles, and nobody
    for where, listed in found.items():
        for language in ("en", "fr", "nl"):
            with translation.override(language):
                told = [str(column.label) for column in listed if STATUS.search(str(column.label))]
            assert not told, f"{where} has {told}"


def test_the_printed_night_list_has_bed_first_name_and_initial(world, clients):
    with unwritten():
        make_stay(make_person("Secondname", "Alone", at=world.own.site), at=world.own.site)
        page = text_of(clients[world.users[Role.COORDINATOR]].get(f"/sites/{world.own.site.slug}/beds/list/"))
    rows = {
        tuple(re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row))
        for row in re.findall(r"<tr>(.*?)</tr>", page)
    }
    assert {tuple(row[1:]) for row in rows} == {
        ("Prénom", "Vu·e"),
        (f"Amadou {world.own.mark[0]}.", "☐"),
        ("Alone S.", "☐"),
    }
    assert world.own.mark not in page
    assert "Secondname" not in page


@pytest.mark.parametrize("address", EXPORTS, ids=str)
def test_no_file_names_a_refuge_or_says_where_it_stands(world, clients, address):
    """Of each role that gets one at once; a long list waits for a second person, and is written of the same columns."""
    files = [
        file for role in sorted(address.roles()) for file in files_of(clients[world.assigned[role]], address, world)
    ]
    assert files or address.name == "residents:export_readings", "nothing was noticed here, so that list alone is empty"
    for file in files:
        assert not re.search(f"{world.own.refuge}|{world.own.street}", file)


def files_of(client: Client, address: Address, world: World) -> Iterator[str]:
    path = path_at(address, world.own)
    with unwritten():
        response = client.post(path, {"purpose": "test"})
        if response.status_code == 405:
            response = client.get(path)
        if response.status_code == 302:
            response = client.post(f"{response.url}download/")
        if response.get("Content-Disposition", "").startswith("attachment"):
            yield text_of(response)


def test_paper_calls_a_refuge_by_its_initials(world, clients):
    with unwritten():
        page = text_of(clients[world.users[Role.NIGHT_WATCH]].get(f"/sites/{world.own.site.slug}/beds/list/"))
    sheet = page[page.index("<h1") : page.index("</main>")]
    assert "ORH" in sheet
    assert world.own.refuge not in sheet


@pytest.mark.parametrize("role", [Role.NIGHT_WATCH, Role.VOLUNTEER])
def test_night_and_volunteers_read_the_address_at_their_own_site_alone(world, clients, role):
    with unwritten():
        own, sister = (
            clients[world.users[role]].get(f"/sites/{place.site.slug}/") for place in (world.own, world.sister)
        )
    assert world.own.street in text_of(own)
    assert sister.status_code == 404
    assert world.sister.street not in text_of(sister)
