"""The bed board: the state of each bed, who may read which name, and what the pages cost."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from residents import services
from residents.nights import tonight
from residents.selectors.beds import SECTION_BEDS, BedState, Show, bed_board, tape
from shelter.accounts.policy import Role
from sites.models import BedClosure
from tests.factories import make_beds, make_person, make_site, make_stay, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def site():
    return make_site("Maison Test")


def states(site, night=None):
    return {bed.label: bed.state for bed in bed_board(site, night or tonight()).whole.beds}


def see_away(stay, *days_ago):
    marks = [services.Mark(stay_id=stay.pk, night=tonight() - days * DAY, mark="AI") for days in days_ago]
    services.record_presences(marks, by=None)


def get(client, role, site, name="bed_board", query=""):
    client.force_login(make_user(role, at=site))
    return client.get(reverse(f"residents:{name}", args=(site.slug,)) + query)


class TestStates:
    def test_a_bed_is_free_taken_or_closed(self, site):
        _free, taken, closed = make_beds(site, "ABC")
        make_stay(bed=taken)
        BedClosure.objects.create(bed=closed, from_on=tonight(), reason="pests")
        assert states(site) == {"A": BedState.FREE, "B": BedState.TAKEN, "C": BedState.CLOSED}

    def test_who_leaves_today_frees_the_bed_tonight(self, site):
        make_stay(bed=make_beds(site, "A")[0], until=tonight())
        assert states(site) == {"A": BedState.LEAVING}
        assert states(site, tonight() - DAY) == {"A": BedState.TAKEN}
        assert states(site, tonight() + DAY) == {"A": BedState.FREE}

    def test_a_move_to_another_bed_is_no_departure(self, site):
        first, second = make_beds(site, "AB")
        stay = make_stay(bed=first)
        services.move_bed(stay=stay, bed=second, from_on=tonight(), by=None)
        assert states(site) == {"A": BedState.FREE, "B": BedState.TAKEN}

    def test_a_bed_given_for_a_later_day_is_kept_and_free_until_then(self, site):
        make_stay(bed=make_beds(site, "A")[0], since=tonight() + 2 * DAY)
        [bed] = bed_board(site, tonight()).whole.beds
        assert (bed.state, bed.state.is_free, bed.since) == (BedState.RESERVED, True, tonight() + 2 * DAY)
        assert states(site, tonight() + 2 * DAY) == {"A": BedState.TAKEN}

    def test_who_was_not_seen_is_away_and_keeps_the_bed(self, site):
        stay = make_stay(bed=make_beds(site, "A")[0])
        see_away(stay, 1, 2, 3)
        [bed] = bed_board(site, tonight()).whole.beds
        assert (bed.state, bed.nights_away) == (BedState.AWAY, 3)

    def test_a_bed_out_of_service_is_not_on_the_board(self, site):
        bed = make_beds(site, "A")[0]
        bed.retired_on = tonight()
        bed.save()
        assert states(site) == {}

    def test_people_without_a_bed_are_listed_apart(self, site):
        make_beds(site, "A")
        stay = make_stay(at=site)
        assert bed_board(site, tonight()).unplaced == [stay.pk]


def test_floors_go_up_and_rooms_count_like_people(site):
    for room, floor in (("10", "1"), ("9", "1"), ("Annexe", ""), ("2", "0"), ("1", "-1")):
        make_beds(site, "A", room=room, floor=floor)
    assert [room.name for room in bed_board(site, tonight()).rooms] == ["1", "2", "9", "10", "Annexe"]


def test_a_large_floor_is_cut_between_rooms(site):
    for room in range(17):
        make_beds(site, "ABCD", room=str(room), floor="")
    sections = bed_board(site, tonight()).sections
    assert [len(section.beds) for section in sections] == [SECTION_BEDS, 8]
    assert [section.key for section in sections] == [".1", ".2"]


def test_a_filter_keeps_only_its_beds(site):
    taken, _free = make_beds(site, "AB")
    make_stay(bed=taken)
    board = bed_board(site, tonight())
    assert {show: board.count(show) for show in Show} == {"all": 2, "free": 1, "away": 0, "leaving": 0, "accessible": 0}
    assert [bed.label for bed in board.only(Show.FREE).whole.beds] == ["B"]
    assert board.only(Show.AWAY).sections == []


class TestTape:
    def runs(self, site, first):
        board = bed_board(site, tonight())
        [(_room, rows)] = tape(board.sections[0], first).rooms
        return [[(run.use.state, run.nights) for run in runs] for _bed, runs in rows]

    def test_a_row_is_the_uses_of_its_bed_night_by_night(self, site):
        bed = make_beds(site, "A")[0]
        make_stay(bed=bed, since=tonight() - 30 * DAY, until=tonight() + 2 * DAY)
        BedClosure.objects.create(bed=bed, from_on=tonight() + 4 * DAY, until_on=tonight() + 6 * DAY, reason="works")
        make_stay(bed=bed, since=tonight() + 6 * DAY)
        assert self.runs(site, tonight() - 3 * DAY) == [
            [
                (BedState.TAKEN, 5),
                (BedState.FREE, 2),
                (BedState.CLOSED, 2),
                (BedState.RESERVED, 5),
            ]
        ]

    def test_an_absence_interrupts_the_stay(self, site):
        stay = make_stay(bed=make_beds(site, "A")[0])
        see_away(stay, 2)
        assert self.runs(site, tonight() - 3 * DAY) == [[(BedState.TAKEN, 1), (BedState.AWAY, 1), (BedState.TAKEN, 12)]]

    def test_ends_outside_the_window_go_on(self, site):
        make_stay(bed=make_beds(site, "A")[0])
        [(_room, [(_bed, [run])])] = tape(bed_board(site, tonight()).sections[0], tonight()).rooms
        assert (run.goes_back, run.goes_on) == (True, True)

    def test_free_beds_are_counted_each_night(self, site):
        taken, _free = make_beds(site, "AB")
        make_stay(bed=taken, until=tonight() + DAY)
        assert tape(bed_board(site, tonight()).sections[0], tonight()).free == [1] + [2] * 13

    def test_a_bed_that_goes_is_not_free_afterwards(self, site):
        bed = make_beds(site, "A")[0]
        bed.retired_on = tonight() + DAY
        bed.save()
        assert self.runs(site, tonight()) == [[(BedState.FREE, 1), (BedState.CLOSED, 13)]]


class TestNames:
    """Who reads which name, in the bytes of the page."""

    @pytest.fixture(autouse=True)
    def _housed(self, site):
        person = make_person("Kouyaté", "Mamadou", at=site)
        make_stay(person, bed=make_beds(site, "AB")[0])
        make_stay(make_person("Sangaré", "Fatou", at=site), at=site)

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SOCIAL_WORKER, Role.POLYVALENT, Role.FRONT_DESK])
    def test_in_full_for_who_reads_identities(self, client, site, role):
        page = get(client, role, site).content.decode()
        assert "Mamadou Kouyaté" in page
        assert "Fatou Sangaré" in page

    @pytest.mark.parametrize("role", [Role.NIGHT_WATCH, Role.VOLUNTEER, Role.INTERN])
    def test_first_name_and_initial_for_who_watches(self, client, site, role):
        page = get(client, role, site).content.decode()
        assert "Mamadou K." in page
        assert "Kouyaté" not in page
        assert "Sangaré" not in page

    def test_nobody_for_who_only_knows_taken_from_free(self, client, site):
        page = get(client, Role.LOGISTICS, site)
        text = page.content.decode()
        assert {"Mamadou", "Kouyaté", "Fatou"}.isdisjoint(text.split())
        assert "Mamadou" not in text
        assert [bed.state for bed in page.context["open"].beds] == [BedState.TAKEN, BedState.FREE]

    def test_the_page_of_a_bed_says_no_more(self, client, site):
        bed = bed_board(site, tonight()).whole.beds[0]
        client.force_login(make_user(Role.LOGISTICS, at=site))
        assert b"Mamadou" not in client.get(reverse("residents:bed", args=(bed.public_id,))).content

    def test_the_printed_list_has_first_names_for_everyone(self, client, site):
        page = get(client, Role.COORDINATOR, site, "night_list").content.decode()
        assert "Mamadou K." in page
        assert "Fatou S." in page
        assert "Kouyaté" not in page


class TestPages:
    @pytest.fixture(autouse=True)
    def _beds(self, site):
        make_beds(site, "AB", room="1", floor="0")
        make_beds(site, "CD", room="101", floor="1")

    @pytest.mark.parametrize("name", ["bed_board", "bed_nights", "night_list"])
    def test_another_site_is_not_found(self, client, site, name):
        client.force_login(make_user(Role.COORDINATOR, at=site))
        assert client.get(reverse(f"residents:{name}", args=(make_site().slug,))).status_code == 404

    def test_one_site_is_opened_at_once(self, client, site):
        client.force_login(make_user(Role.COORDINATOR, at=site))
        assert client.get(reverse("residents:beds")).url == reverse("residents:bed_board", args=(site.slug,))

    def test_the_switch_between_sites_leads_to_the_board(self, client, site):
        client.force_login(make_user(Role.COORDINATOR, at=site))
        page = client.get(reverse("residents:beds"), {"site": site.slug})
        assert page.url == reverse("residents:bed_board", args=(site.slug,))
        assert client.get(reverse("residents:beds"), {"site": make_site().slug}).status_code == 404

    def test_only_one_floor_is_drawn(self, client, site):
        page = get(client, Role.COORDINATOR, site).content.decode()
        assert page.count('class="bed"') == 2
        assert page.count('class="floor"') == 2

    def test_a_floor_comes_alone_for_htmx(self, client, site):
        client.force_login(make_user(Role.COORDINATOR, at=site))
        url = reverse("residents:bed_board", args=(site.slug,))
        part = client.get(url, {"floor": "1"}, headers={"HX-Request": "true"}).content.decode()
        assert part.count('class="bed"') == 2
        assert "<html" not in part

    def test_an_unknown_floor_is_not_found(self, client, site):
        assert get(client, Role.COORDINATOR, site, query="?floor=9").status_code == 404

    def test_another_night_asks_for_the_right_to_it(self, client, site):
        query = f"?night={tonight() + DAY}"
        assert get(client, Role.COORDINATOR, site, query=query).status_code == 200
        assert get(client, Role.NIGHT_WATCH, site, query=query).status_code == 403
        assert get(client, Role.NIGHT_WATCH, site, "night_list", query=query).status_code == 403

    def test_a_site_without_beds_says_so(self, client):
        page = get(client, Role.COORDINATOR, make_site())
        assert page.status_code == 200
        assert page.context["open"] is None


@pytest.mark.parametrize("many", [1, 20])
@pytest.mark.parametrize(("name", "queries"), [("bed_board", 9), ("bed_nights", 13), ("night_list", 9)])
def test_pages_ask_as_little_of_twenty_beds_as_of_one(client, site, many, name, queries, assert_page_queries):
    for number in range(many):
        [bed] = make_beds(site, "A", room=str(number))
        see_away(make_stay(bed=bed, since=date(2026, 1, 1)), 1)
    get(client, Role.COORDINATOR, site, name)
    with assert_page_queries(queries):
        client.get(reverse(f"residents:{name}", args=(site.slug,)))
