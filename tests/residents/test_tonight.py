"""The first page: its numbers against the field guide's check data set, what each role sees, and what it costs."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from residents import services
from residents.models import IntakeRequest
from residents.nights import tonight
from residents.selectors.tonight import Matter, occupancy_by_night, sites_on, to_do_first, total
from shelter.accounts.policy import Role
from sites.models import BedClosure, Site
from tests.factories import make_beds, make_organisation, make_request, make_site, make_stay, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MARCH = [date(2026, 3, day) for day in range(7)[1:]]


def mark(stay, **marks):
    """``mark(stay, P=[1, 2], AI=[3])``: what was seen in March."""
    for word, days in marks.items():
        services.record_presences(
            [services.Mark(stay_id=stay.pk, night=date(2026, 3, day), mark=word) for day in days], by=None
        )


def see(stay, word, *nights):
    services.record_presences([services.Mark(stay_id=stay.pk, night=night, mark=word) for night in nights], by=None)


@pytest.fixture
def check_data_set():
    """Field guide §5: five nights of March at X (three beds) and Y (two)."""
    organisation = make_organisation()
    x, y = make_site("X", organisation=organisation), make_site("Y", organisation=organisation)
    x_beds, y_beds = make_beds(x, "ABC"), make_beds(y, "AB")
    first = MARCH[0]
    mark(make_stay(bed=x_beds[0], since=first, until=MARCH[3]), P=[1, 2, 3])  # A
    mark(make_stay(bed=x_beds[1], since=first, until=MARCH[5]), P=[1, 3, 4], AJ=[2], AI=[5])  # B
    c = make_stay(bed=x_beds[2], since=MARCH[2], until=MARCH[3])
    mark(c, P=[3])
    mark(make_stay(c.person, bed=y_beds[0], since=MARCH[3], until=MARCH[5]), P=[4, 5])
    mark(make_stay(at=x, since=MARCH[1], until=MARCH[5]), P=[2, 5], AI=[3, 4])  # D, without a bed of their own
    mark(make_stay(bed=y_beds[1], since=MARCH[1], until=MARCH[2]), P=[2])  # E
    services.open_night_sheets([(site.pk, night) for site in (x, y) for night in MARCH[:5]], by=None)
    return x, y


def test_occupancy_is_what_the_field_guide_computes(check_data_set):
    x, y = check_data_set
    first, until = MARCH[0], MARCH[5]
    at_x, at_y, everywhere = (occupancy_by_night(first, until, sites) for sites in ([x], [y], [x, y]))
    assert (at_x.slept, at_y.slept, everywhere.slept) == (9, 3, 12)
    assert (at_x.percent, at_y.percent, everywhere.percent) == pytest.approx((60.0, 30.0, 48.0))


def test_a_night_without_a_sheet_is_missing_from_both_sums():
    site = make_site()
    stay = make_stay(bed=make_beds(site, "AB")[0], since=MARCH[0])
    mark(stay, P=[1, 3])
    trend = occupancy_by_night(MARCH[0], MARCH[3], [site])
    assert [night.percent for night in trend.nights] == [50, None, 50]
    assert (trend.slept, trend.capacity, trend.sheets, trend.sheets_expected) == (2, 4, 2, 3)


def test_a_sheet_on_which_nobody_slept_counts_as_zero():
    site = make_site()
    make_beds(site, "AB")
    services.open_night_sheets([(site.pk, MARCH[0])], by=None)
    [night] = occupancy_by_night(MARCH[0], MARCH[1], [site]).nights
    assert (night.slept, night.capacity, night.percent) == (0, 2, 0)


def test_of_two_sites_that_saw_a_person_one_counts(check_data_set):
    x, y = check_data_set
    first = make_stay(at=x, since=date(2026, 2, 1), until=date(2026, 2, 3))
    see(first, "P", date(2026, 2, 1))
    assert occupancy_by_night(date(2026, 2, 1), date(2026, 2, 2), [x, y]).slept == 1


def test_capacity_follows_closures_and_new_beds_night_by_night():
    site = make_site()
    _kept, closed, new = make_beds(site, "ABC")
    BedClosure.objects.create(bed=closed, from_on=MARCH[1], until_on=MARCH[3], reason="works")
    new.in_service_from = MARCH[2]
    new.save()
    services.open_night_sheets([(site.pk, night) for night in MARCH[:5]], by=None)
    trend = occupancy_by_night(MARCH[0], MARCH[5], [site])
    assert [night.capacity for night in trend.nights] == [2, 1, 2, 3, 3]


def test_tonight_counts_people_places_moves_and_requests():
    site, night = make_site(declared_capacity=10), tonight()
    beds = make_beds(site, "ABCDE")
    BedClosure.objects.create(bed=beds[4], from_on=night - DAY, reason="pests")
    make_stay(bed=beds[0])
    make_stay(bed=beds[1], since=night)
    make_stay(bed=beds[2], until=night)
    make_stay(at=site)
    make_stay(bed=beds[3], since=night + DAY)  # expected tomorrow
    make_request(at=site)
    request = make_request(at=site)
    IntakeRequest.objects.filter(pk=request.pk).update(priority=IntakeRequest.Priority.URGENT)
    decided = make_request(at=site)
    services.decide_request(request=decided, state="withdrawn", by=None)
    [found] = sites_on(night, [site])
    figures = found.figures
    assert (figures.housed, figures.capacity, figures.closed, figures.declared) == (3, 4, 1, 10)
    assert (figures.free, figures.over, figures.percent) == (1, 0, 75)
    assert (figures.arriving, figures.leaving, figures.unplaced) == (1, 1, 1)
    assert (figures.waiting, figures.urgent) == (2, 1)


def test_more_people_than_places_is_said_and_not_capped():
    site = make_site()
    make_beds(site, "A")
    for _ in range(3):
        make_stay(at=site)
    [found] = sites_on(tonight(), [site])
    assert (found.figures.over, found.figures.free, found.figures.percent) == (2, 0, 300)


def test_a_free_place_here_does_not_house_someone_too_many_there():
    full, empty = make_site(), make_site()
    make_beds(full, "A")
    make_beds(empty, "AB")
    for _ in range(2):
        make_stay(at=full)
    figures = [each.figures for each in sites_on(tonight(), [full, empty])]
    assert total(figures).free == 2
    assert total(figures).housed == 2


class TestAway:
    """Two nights or more away: counted from the last time the person was seen."""

    @pytest.fixture
    def stay(self):
        site = make_site()
        return make_stay(bed=make_beds(site, "A")[0])

    def away(self, stay):
        [found] = sites_on(tonight(), [stay.site])
        return found.figures.away

    def test_two_nights_in_a_row_count(self, stay):
        see(stay, "AI", tonight() - DAY, tonight() - 2 * DAY)
        assert self.away(stay) == 1

    def test_one_night_does_not(self, stay):
        see(stay, "AI", tonight() - DAY)
        assert self.away(stay) == 0

    def test_being_seen_again_ends_it(self, stay):
        see(stay, "AI", tonight() - 2 * DAY, tonight() - 3 * DAY)
        see(stay, "P", tonight() - DAY)
        assert self.away(stay) == 0

    def test_a_night_without_a_sheet_does_not_break_it(self, stay):
        see(stay, "AJ", tonight() - DAY)
        see(stay, "AI", tonight() - 3 * DAY)
        assert self.away(stay) == 1

    def test_old_marks_say_nothing_of_tonight(self, stay):
        see(stay, "AI", *(tonight() - days * DAY for days in (8, 9)))
        with time_machine.travel(f"{tonight() + 20 * DAY}T20:00+01:00"):
            assert self.away(stay) == 0

    def test_who_left_is_not_away(self, stay):
        see(stay, "AI", tonight() - DAY, tonight() - 2 * DAY)
        services.depart(stay=stay, left_on=tonight(), reason="DEP_V", destination="RUE", by=None)
        assert self.away(stay) == 0


def test_what_is_to_be_done_first_comes_first():
    full, calm = make_site("Full"), make_site("Calm")
    make_beds(full, "A")
    make_beds(calm, "A")
    for _ in range(2):
        make_stay(at=full)
    make_stay(at=calm)
    todo = to_do_first(sites_on(tonight(), [calm, full]))
    assert [(each.matter, each.site.name, each.count) for each in todo] == [
        (Matter.OVER, "Full", 1),
        (Matter.UNPLACED, "Full", 2),
        (Matter.UNPLACED, "Calm", 1),
    ]


@pytest.mark.parametrize(
    ("moment", "night"),
    [
        ("2026-11-21T23:59+01:00", "2026-11-21"),
        ("2026-11-22T00:01+01:00", "2026-11-21"),
        ("2026-11-22T05:59+01:00", "2026-11-21"),
        ("2026-11-22T06:00+01:00", "2026-11-22"),
    ],
)
def test_the_page_shows_the_evening_before_until_six(client, moment, night):
    site = make_site()
    stay = make_stay(bed=make_beds(site, "A")[0], since=date(2026, 11, 1), until=date(2026, 11, 22))
    user = make_user(Role.COORDINATOR, at=site)
    with time_machine.travel(moment):
        client.force_login(user)
        page = client.get(reverse("dashboard"))
    assert page.context["night"].isoformat() == night
    assert page.context["total"].housed == (1 if night < stay.left_on.isoformat() else 0)


class TestPage:
    @pytest.fixture
    def site(self):
        site = make_site("Maison Test", declared_capacity=4)
        make_stay(bed=make_beds(site, "ABC")[0])
        return site

    def get(self, client, role, site, query=""):
        client.force_login(make_user(role, at=site))
        return client.get(reverse("dashboard") + query)

    def test_shows_a_site_with_its_occupancy(self, client, site):
        page = self.get(client, Role.COORDINATOR, site)
        assert "Maison Test" in page.content.decode()
        assert page.context["total"].percent == 33

    def test_shows_no_site_of_others(self, client, site):
        make_beds(make_site("Maison Voisine"), "A")
        assert "Maison Voisine" not in self.get(client, Role.COORDINATOR, site).content.decode()

    def test_another_site_is_not_found(self, client, site):
        other = make_site()
        assert self.get(client, Role.COORDINATOR, site, f"?site={other.slug}").status_code == 404

    @pytest.mark.parametrize("role", [Role.DIRECTOR, Role.FINANCE])
    def test_who_sees_counts_only_gets_no_link_to_beds(self, client, site, role):
        page = self.get(client, role, site)
        assert page.context["total"].housed == 1
        assert reverse("residents:bed_board", args=(site.slug,)) not in page.content.decode()

    def test_a_service_is_shown_without_beds(self, client, site):
        user = make_user(Role.COORDINATOR, at=site)
        hub = make_site("Hub", scheme=Site.Scheme.DAY_CENTRE)
        user.memberships.create(site=hub, role=Role.COORDINATOR, starts_on=date(2026, 1, 1))
        client.force_login(user)
        page = client.get(reverse("dashboard"))
        assert [service.name for service in page.context["services"]] == ["Hub"]
        assert [each.site.name for each in page.context["houses"]] == ["Maison Test"]

    def test_another_night_asks_for_the_right_to_it(self, client, site):
        query = f"?night={tonight() - DAY}"
        assert self.get(client, Role.COORDINATOR, site, query).status_code == 200
        assert self.get(client, Role.NIGHT_WATCH, site, query).status_code == 403
        assert self.get(client, Role.NIGHT_WATCH, site).status_code == 200

    def test_a_night_that_is_no_date_is_not_found(self, client, site):
        assert self.get(client, Role.COORDINATOR, site, "?night=soon").status_code == 404

    def test_a_role_without_counts_is_led_to_its_first_page(self, client, site):
        assert self.get(client, Role.LOGISTICS, site).url == reverse("residents:beds")

    def test_a_role_without_any_page_is_told_so(self, client, site):
        page = self.get(client, Role.INTERPRETER, site)
        assert page.status_code == 200
        assert "residents/no_page.html" in [template.name for template in page.templates]


@pytest.mark.parametrize("many", [1, 20])
def test_the_page_asks_as_little_of_twenty_sites_as_of_one(client, many, assert_page_queries):
    user = make_user()
    for _ in range(many):
        site = make_site()
        for bed in make_beds(site, "AB"):
            see(make_stay(bed=bed), "AI", tonight() - DAY, tonight() - 2 * DAY)
        user.memberships.create(site=site, role=Role.COORDINATOR, starts_on=date(2026, 1, 1))
    client.force_login(user)
    client.get(reverse("dashboard"))  # the first request warms what is kept between requests
    with assert_page_queries(12 if many == 1 else 11):  # who sleeps there is asked of a single site
        client.get(reverse("dashboard"))
