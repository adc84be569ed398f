import io

import openpyxl
import pytest
from django.urls import reverse

from shelter.accounts.policy import Role
from sites.models import Bed, BedClosure, Room, Site
from sites.nights import tonight
from tests.factories import make_beds, make_organisation, make_site, make_stay, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return make_site("Casa Exemple")


@pytest.fixture
def coordinator(client, site):
    user = make_user(Role.COORDINATOR, at=site, language="en")
    client.force_login(user)
    return user


@pytest.fixture
def administrator(client):
    user = make_user(Role.PLATFORM_ADMIN, language="en")
    client.force_login(user)
    return user


@pytest.mark.parametrize("sites", [1, 20])
def test_the_list_costs_the_same_however_long(client, administrator, assert_page_queries, sites):
    organisation = make_organisation()
    for _ in range(sites):
        make_beds(make_site(organisation=organisation), "AB")
    with assert_page_queries(6):  # user, memberships, organisations, any site at all, sites, aliases
        client.get(reverse("sites:list"))


@pytest.mark.parametrize(("sort", "first"), [("name", "Abri"), ("-name", "Zèbre")])
def test_names_sort_as_people_sort_them(client, administrator, sort, first):
    for name in ("Zèbre", "Éole", "Abri"):
        make_site(name)
    page = client.get(reverse("sites:list"), {"sort": sort}).context["page"]
    assert [site.name for site in page][::2] == [first, "Zèbre" if first == "Abri" else "Abri"]


@pytest.mark.parametrize("rooms", [1, 20])
def test_a_site_costs_the_same_however_many_rooms(client, site, coordinator, assert_page_queries, rooms):
    for _ in range(rooms):
        make_beds(site, "ABCD")
    with assert_page_queries(8):  # user, memberships, site, aliases, rooms, beds, their closures, closures
        client.get(reverse("sites:site", args=[site.slug]))


def test_a_platform_administrator_adds_an_organisation_and_a_site(client, administrator):
    client.post(reverse("sites:add_organisation"), {"name": "Les Exemples", "resident_word": "resident"})
    client.post(
        reverse("sites:add"),
        {
            "organisation": make_organisation("Autre").pk,
            "name": "Maison Test",
            "scheme": "COLL",
            "gap_nights": 3,
            "aliases": "MT, Maison T.",
        },
    )
    site = Site.objects.get(name="Maison Test")
    assert site.slug == "maison-test"
    assert site.declared_capacity is None
    assert [alias.name for alias in site.aliases.all()] == ["MT", "Maison T."]


def test_a_series_is_shown_before_it_is_added(client, site, coordinator):
    series = {"names": "101-118", "labels": "A-D", "kind": "bed", "floor": "1"}
    response = client.post(reverse("sites:add_rooms", args=[site.slug]), series)
    assert "18 rooms" in response.text
    assert not Room.objects.exists()
    client.post(reverse("sites:add_rooms", args=[site.slug]), series | {"confirmed": "yes"})
    assert Bed.objects.filter(room__site=site).count() == 72


def test_a_taken_room_name_comes_back_onto_its_field(client, site, coordinator):
    make_beds(site, "A", room="101")
    series = {"names": "101", "labels": "A", "kind": "bed", "confirmed": "yes"}
    response = client.post(reverse("sites:add_rooms", args=[site.slug]), series)
    assert response.status_code == 422
    assert response.context["form"].errors["names"] == ["This site already has: 101."]


def test_a_whole_room_is_closed_and_opened_again(client, site, coordinator):
    beds = make_beds(site, "ABC", room="9")
    response = client.post(
        reverse("sites:close_beds", args=[site.slug]),
        {"rooms": [beds[0].room.public_id], "from_on": tonight(), "reason": "pests"},
        follow=True,
    )
    assert "3 beds are closed." in response.text
    closure = BedClosure.objects.first()
    client.post(reverse("sites:reopen", args=[closure.public_id]), {"reopen_on": tonight(), "together": "yes"})
    assert not BedClosure.objects.exists()


def test_closing_a_bed_that_someone_has_names_it(client, site, coordinator):
    [bed] = make_beds(site, "A", room="9")
    make_stay(at=site, bed=bed)
    response = client.post(
        reverse("sites:close_beds", args=[site.slug]),
        {"beds": [bed.public_id], "from_on": tonight(), "reason": "works"},
    )
    assert response.status_code == 422
    assert "Someone has bed 9-A on one of these nights." in response.text


def test_beds_of_another_site_cannot_be_slipped_in(client, site, coordinator):
    [foreign] = make_beds(make_site(), "A")
    response = client.post(
        reverse("sites:close_beds", args=[site.slug]),
        {"beds": [foreign.public_id], "from_on": tonight(), "reason": "works"},
    )
    assert response.status_code == 422
    assert not BedClosure.objects.exists()


def test_taking_a_bed_away_can_be_undone(client, site, coordinator):
    [bed] = make_beds(site, "A")
    response = client.post(
        reverse("sites:retire_bed", args=[bed.public_id]), {"retire-retired_on": tonight()}, follow=True
    )
    undo = reverse("sites:put_back", args=[bed.public_id])
    assert f'action="{undo}"' in response.text
    client.post(undo)
    assert Bed.objects.in_service_on(tonight()).filter(pk=bed.pk).exists()


def test_a_confidential_address_stays_out_of_the_file(client, administrator):
    make_site("Refuge", address="12 rue Cachée", address_is_confidential=True)
    make_site("Ouverte", address="1 place Publique")
    response = client.post(reverse("sites:export"), {"purpose": "test"})
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert "1 place Publique" in cells
    assert "12 rue Cachée" not in cells


def test_who_only_looks_is_offered_nothing_to_press(client, site):
    client.force_login(make_user(Role.VOLUNTEER, at=site))
    make_beds(site, "A")
    page = client.get(reverse("sites:site", args=[site.slug])).text
    assert reverse("sites:add_rooms", args=[site.slug]) not in page
    assert reverse("sites:edit", args=[site.slug]) not in page


def test_a_night_beyond_the_calendar_is_a_slip(client):
    site = make_site()
    beds = make_beds(site)
    client.force_login(make_user(Role.COORDINATOR, at=site))

    answer = client.post(reverse("sites:retire_bed", args=[beds[0].public_id]), {"retire-retired_on": "9999-12-31"})

    assert answer.status_code < 500
    beds[0].refresh_from_db()
    assert beds[0].retired_on is None
