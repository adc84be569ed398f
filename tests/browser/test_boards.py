"""Tonight's page and the bed board, as people use them."""

from datetime import timedelta

import pytest

from residents import services
from residents.models import IntakeRequest
from residents.nights import tonight
from shelter.accounts.policy import Role
from sites.models import BedClosure, Site
from tests.factories import make_beds, make_person, make_request, make_site, make_stay, make_user

DAY = timedelta(days=1)
FIRST_NAMES = ("Yonas", "Walid", "Hamza", "Idriss", "Moussa", "Mamadou", "Tesfay", "Filmon", "Rachid", "Ousmane")


@pytest.fixture
def house():
    """Two floors with a bed in each state, thirty nights counted less two, and a service beside."""
    night = tonight()
    site = make_site("Casa Demo", declared_capacity=16, audience=Site.Audience.MEN)
    service = make_site("Hub Demo", scheme=Site.Scheme.DAY_CENTRE, organisation=site.organisation)
    beds = [bed for room in ("101", "102", "103") for bed in make_beds(site, "ABCD", room=room, floor="1")]
    ground = make_beds(site, "AB", room="1", floor="0")

    def house_in(bed, number, **dates):
        name = FIRST_NAMES[number % len(FIRST_NAMES)]
        return make_stay(make_person("Exemple", name, at=site), bed=bed, **{"since": night - 40 * DAY} | dates)

    stays = [house_in(bed, number) for number, bed in enumerate(beds[:8])]
    house_in(beds[8], 8, until=night)
    house_in(beds[9], 9, since=night + 3 * DAY)
    house_in(ground[0], 3, since=night)
    make_stay(make_person("Exemple", "Bilal", at=site), at=site)
    BedClosure.objects.create(bed=beds[11], from_on=night - DAY, until_on=night + 5 * DAY, reason="pests")
    request = make_request(at=site)
    IntakeRequest.objects.filter(pk=request.pk).update(priority=IntakeRequest.Priority.URGENT)
    away = {(stays[2].pk, 1), (stays[3].pk, 1), (stays[3].pk, 2)}
    services.record_presences(
        [
            services.Mark(stay_id=stay.pk, night=night - days * DAY, mark="AI" if (stay.pk, days) in away else "P")
            for stay in stays
            for days in range(1, 31)
            if days not in {9, 17}
        ],
        by=None,
    )
    user = make_user(Role.COORDINATOR, at=site, name="Inès Maréchal")
    user.memberships.create(site=service, role=Role.COORDINATOR, starts_on=night - DAY)
    return site, user


def test_tonight(house, page_as, assert_accessible, look):
    site, user = house
    page = page_as(user)
    page.goto("/")
    look(page, "tonight")
    assert_accessible(page)
    page.get_by_role("link", name=site.name).first.click()
    page.get_by_role("heading", level=1, name=site.name).wait_for()


def test_bed_board(house, page_as, assert_accessible, look):
    site, user = house
    page = page_as(user)
    page.goto(f"/sites/{site.slug}/beds/?floor=1")
    page.locator("table.tape").wait_for()
    look(page, "bed-board")
    assert_accessible(page)


def test_a_bed_opens_in_a_dialog_and_closes_again(house, page_as, assert_accessible, look):
    site, user = house
    page = page_as(user)
    page.goto(f"/sites/{site.slug}/beds/?floor=1")
    page.locator(".bed").first.click()
    page.locator("#bed-sheet[open]").get_by_text("101-A").first.wait_for()
    look(page, "bed-sheet")
    assert_accessible(page)
    page.keyboard.press("Escape")
    assert page.locator("#bed-sheet[open]").count() == 0
    assert page.url.endswith("?floor=1")


def test_a_closed_floor_fetches_its_beds_when_it_opens(house, page_as):
    site, user = house
    page = page_as(user)
    page.goto(f"/sites/{site.slug}/beds/?floor=1")
    page.locator("details.floor").first.locator("summary").click()
    page.locator("details.floor").first.locator(".bed").first.wait_for()


def test_arrows_move_between_beds(house, page_as):
    site, user = house
    page = page_as(user)
    page.goto(f"/sites/{site.slug}/beds/?floor=1")
    page.locator(".bed").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.querySelector('b').textContent") == "B"


def test_pages_of_one_bed_of_nights_and_of_the_list(house, page_as, assert_accessible, look):
    site, user = house
    page = page_as(user)
    for name, path in (("bed-nights", "nights/?floor=1"), ("night-list", "list/")):
        page.goto(f"/sites/{site.slug}/beds/{path}")
        look(page, name)
        assert_accessible(page)
