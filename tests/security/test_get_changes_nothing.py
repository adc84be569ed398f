"""A look changes nothing, and an address names nobody (E4)."""

import re

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import SlugConverter, UUIDConverter

from shelter.accounts.addresses import addresses
from shelter.accounts.policy import Can, Role
from tests.security.addresses import path_at
from tests.security.conftest import unwritten
from tests.security.world import FIRST_NAME

ADDRESSES = [address for address in addresses() if isinstance(address.action, Can)]
# What a look leaves behind by design: one's session, the record of the look, and the key that a first use makes.
TRACES = re.compile(r"^(django_session|audit_\w+|accounts_usersession|vault_digestkey)$")
COUNTERS = "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
# Names of places in addresses are public; numbers count rows inside an import that is itself named at random.
PLACES = {"site", "organisation"}
INSIDE_AN_IMPORT = {"row", "likeness"}
SECRETS = {"key", "uidb36", "token"}  # one-use, allauth's or an invitation's
NUMBERS = {
    "merge": "a merge of two files that the address cannot tell from another",
    "pk": "allauth: one's own passkey",
}


def writes() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(COUNTERS)
        return {table: count for table, count in cursor.fetchall() if not TRACES.match(table)}


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SOCIAL_WORKER, Role.NIGHT_WATCH, Role.PLATFORM_ADMIN])
def test_a_look_writes_nothing(world, clients, role):
    client, changed = clients[world.assigned[role]], {}
    for address in ADDRESSES:
        for method in (client.get, client.head):
            with unwritten():
                before = writes()
                method(path_at(address, world.own))
                after = writes()
            if found := {table for table, count in after.items() if count != before.get(table, 0)}:
                changed[str(address)] = found
    assert changed == {}


def test_a_write_would_be_seen(world, clients):
    """Or the test above proves nothing."""
    with unwritten():
        before = writes()
        world.own.site.save()
        assert writes() != before


def test_a_form_of_another_site_changes_nothing(world):
    """CSRF: with a session and without the token of a page of ours, no POST reaches a view."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.users[Role.COORDINATOR])
    for address in ADDRESSES:
        with unwritten():
            assert client.post(path_at(address, world.own)).status_code in {403, 405}, address


def arguments(patterns=None):
    for pattern in patterns or get_resolver().url_patterns:
        yield from pattern.pattern.converters.items()
        if isinstance(pattern, URLResolver):
            yield from arguments(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield from (
                (name, None) for name in pattern.pattern.regex.groupindex if name not in pattern.pattern.converters
            )


def test_addresses_name_things_at_random():
    for name, converter in arguments():
        if name in PLACES:
            assert isinstance(converter, SlugConverter), name
        elif name not in INSIDE_AN_IMPORT | SECRETS | NUMBERS.keys():
            assert isinstance(converter, UUIDConverter), f"{name} may tell who somebody is: use the public_id"


# What a form that asks by its address, or an element that htmx asks with, may send: choices and days.
CHOICES = {"hidden", "radio", "checkbox", "date", "submit", "button"}


def free_text(form) -> list[str]:
    fields = [field for field in form.select("input") if field.get("type", "text") not in CHOICES]
    return [field.get("name", "") for field in [*fields, *form.select("textarea")]]


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.DEPUTY_SOCIAL, Role.PLATFORM_ADMIN])
def test_what_is_typed_is_never_asked_by_address(world, clients, role):
    user = world.assigned[role]
    typed, forms = {}, 0
    for address in ADDRESSES:
        if role in address.roles():
            with unwritten():
                page = BeautifulSoup(clients[user].get(path_at(address, world.own)).content, "html.parser")
            asking = [form for form in page.select("form") if form.get("method", "get").lower() != "post"]
            asking += [form for form in page.select("form[hx-get]") if form not in asking]
            asking += [
                element.find_parent("form")
                for element in page.select("[hx-get][hx-include]:not([hx-params])")
                if element.find_parent("form")
            ]
            forms += len(asking)
            if found := [name for form in asking for name in free_text(form)]:
                typed[str(address)] = found
    assert typed == {}
    assert forms or role is Role.PLATFORM_ADMIN


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.DEPUTY_SOCIAL])
def test_no_title_names_a_person(world, clients, role):
    """Titles stand in tabs and histories of shared posts."""
    user = world.assigned[role]
    for address in ADDRESSES:
        if role in address.roles():
            with unwritten():
                page = BeautifulSoup(clients[user].get(path_at(address, world.own)).content, "html.parser")
            title = page.title.text if page.title else ""
            assert FIRST_NAME not in title, address
            assert not any(each.name in title for each in world.everybody() if each.name), address
