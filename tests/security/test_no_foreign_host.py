"""Nothing is asked of anybody else: no page, style sheet or script names a foreign address, and no mail tells anything (E3)."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from shelter.accounts.addresses import addresses
from shelter.accounts.policy import Can, Role
from tests.security.addresses import path_at
from tests.security.conftest import unwritten

URL = re.compile(r"""(?:https?:)?//([a-z0-9][a-z0-9.-]*\.[a-z]{2,})""", re.IGNORECASE)
NAMES_ONLY = {"www.w3.org"}  # XML name spaces: never fetched
OURS = [*Path("static/js").glob("*.js"), *Path("static/css").glob("*.css"), *Path("templates").rglob("*.*")]
LOADED = re.compile(r"""url\(\s*["']?(?:https?:)?//|@import|\bimport\s[^;]*["']https?:|fetch\(\s*["'`]https?:""")


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.NIGHT_WATCH, Role.PLATFORM_ADMIN])
def test_no_page_names_a_foreign_host(world, clients, role):
    for address in addresses():
        if isinstance(address.action, Can):
            with unwritten():
                response = clients[world.users[role]].get(path_at(address, world.own))
            if "html" in response.headers.get("Content-Type", ""):
                assert set(URL.findall(response.content.decode())) <= NAMES_ONLY, address


@pytest.mark.parametrize("path", OURS, ids=str)
def test_what_we_wrote_names_no_foreign_host(path):
    text = path.read_text()
    assert set(URL.findall(text)) <= NAMES_ONLY
    assert not LOADED.search(text)


def test_what_others_wrote_loads_nothing_from_elsewhere():
    for path in Path("static/vendor").rglob("*.css"):
        assert not LOADED.search(path.read_text()), path


def test_mails_hold_no_name_of_a_person_or_a_place():
    """A subject is read on locked screens, a text on servers of others. Who invites and who is invited stand in theirs."""
    variables = re.compile(r"\{\{\s*([\w.]+)")
    allowed = {"invitation.name", "name", "by", "link", "password_reset_url", "signup_url"}
    mails = [*Path("templates").rglob("mails/*.txt"), *Path("templates/account/email").glob("*.txt")]
    assert mails
    for path in mails:
        assert set(variables.findall(path.read_text())) <= allowed, path


def test_static_files_are_our_own():
    assert settings.STATIC_URL.startswith("/")
