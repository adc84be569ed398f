"""Two people edit the same thing: neither overwrites the other, and both are told (G1)."""

import re

import pytest
from django.urls import reverse

from residents.services import correct_person
from shelter.accounts.policy import Role
from sites.models import Site
from tests.factories import make_person, make_site, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return make_site(name="Les Tilleuls")


@pytest.fixture
def person(site):
    return make_person("Diallo", "Awa", at=site, phone="+32470000001")


@pytest.fixture
def address(client, site, person):
    client.force_login(make_user(Role.DATA_ADMIN, at=site))
    return reverse("residents:edit_person", args=[person.public_id])


def opened(client, address) -> dict[str, str]:
    """What the form sends when nothing is touched."""
    form = client.get(address).context["form"]
    return {field.name: field.value() for field in form if field.value() is not None}


def test_what_only_the_other_changed_stays(client, address, person):
    mine = opened(client, address)
    correct_person(person=person, changes={"last_name": "Bâ", "nationalities": ["GIN"]}, by=None)
    answer = client.post(address, mine | {"first_name": "Hawa"})
    assert answer.status_code == 302, answer.context["form"].errors
    person.refresh_from_db()
    assert (person.first_name, person.last_name, person.nationalities) == ("Hawa", "Bâ", ["GIN"])


def test_what_both_changed_is_told_beside_the_field_and_nothing_typed_is_lost(client, address, person):
    mine = opened(client, address) | {"last_name": "Barry"}
    correct_person(person=person, changes={"last_name": "Bâ"}, by=None)
    answer = client.post(address, mine)
    assert answer.status_code == 422
    assert "Bâ" in answer.context["form"].errors["last_name"][0]
    assert 'value="Barry"' in answer.text
    person.refresh_from_db()
    assert person.last_name == "Bâ"


def test_sent_again_it_is_meant(client, address, person):
    mine = opened(client, address) | {"last_name": "Barry"}
    correct_person(person=person, changes={"last_name": "Bâ"}, by=None)
    refused = client.post(address, mine)
    as_opened = re.search(r'name="as_opened" value="([^"]+)"', refused.text)[1].replace("&quot;", '"')
    client.post(address, mine | {"as_opened": as_opened})
    person.refresh_from_db()
    assert person.last_name == "Barry"


def test_both_typed_the_same(client, address, person):
    mine = opened(client, address) | {"last_name": "Bâ"}
    correct_person(person=person, changes={"last_name": "Bâ"}, by=None)
    assert client.post(address, mine).status_code == 302


@pytest.mark.parametrize("rubbish", ["", "[", "[]", '"text"', '{"unknown": "x"}'])
def test_a_page_that_does_not_say_what_it_showed_still_saves(client, address, person, rubbish):
    client.post(address, opened(client, address) | {"first_name": "Hawa", "as_opened": rubbish})
    person.refresh_from_db()
    assert person.first_name == "Hawa"


def test_a_tick_and_a_date_of_the_other_stay(client, site):
    client.force_login(make_user(Role.COORDINATOR, at=site))
    address = reverse("sites:edit", args=[site.slug])
    mine = opened(client, address)
    Site.objects.filter(pk=site.pk).update(address_is_confidential=True, opened_on="2026-03-01")
    client.post(address, mine | {"address": "Rue de l’Essai 1"})
    site.refresh_from_db()
    assert (site.address_is_confidential, str(site.opened_on)) == (True, "2026-03-01")
    assert site.address == "Rue de l’Essai 1"


def test_the_other_s_choice_is_told_in_words(client, site):
    client.force_login(make_user(Role.COORDINATOR, at=site))
    address = reverse("sites:edit", args=[site.slug])
    mine = opened(client, address) | {"audience": Site.Audience.values[1]}
    other = Site.Audience.values[2]
    Site.objects.filter(pk=site.pk).update(audience=other)
    told = client.post(address, mine).context["form"].errors["audience"][0]
    assert str(Site.Audience(other).label).casefold() in told.casefold()
