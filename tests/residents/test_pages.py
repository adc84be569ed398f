"""Pages of people and stays: one success and one refusal of each kind, what they cost, and what they never show."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from residents import services
from residents.models import IntakeRequest, Person, Stay
from residents.nights import tonight
from shelter.accounts.models import Membership
from shelter.accounts.policy import Role
from tests.exports.taking import take_out
from tests.factories import make_beds, make_person, make_request, make_site, make_stay, make_user
from tests.searching import searched

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def coordinator(site, client):
    user = make_user(Role.COORDINATOR, at=site, language="en")
    client.force_login(user)
    return user


@pytest.fixture
def front_desk(site, client):
    user = make_user(Role.FRONT_DESK, at=site, language="en")
    client.force_login(user)
    return user


def text_of(response):
    return response.content.decode()


# The list


@pytest.mark.parametrize("people", [1, 20])
def test_the_list_costs_the_same_for_one_and_for_twenty(client, coordinator, site, assert_page_queries, people):
    for bed in make_beds(site, "ABCDEFGHIJKLMNOPQRST"[:people]):
        make_stay(bed=bed)
    client.get(reverse("residents:people"))
    with assert_page_queries(6):
        response = client.get(reverse("residents:people"))
    assert len(response.context["rows"]) == people


def test_the_tabs_tell_who_is_here_expected_waiting_and_gone(client, coordinator, site):
    here, expected, gone = (make_person(at=site) for _ in range(3))
    make_stay(here, at=site)
    make_stay(expected, at=site, since=tonight() + DAY)
    make_stay(gone, at=site, until=tonight() - DAY)
    waits = make_request(at=site).person
    for state, who in (("here", here), ("expected", expected), ("left", gone), ("waiting", waits)):
        response = client.get(reverse("residents:people"), {"state": state})
        assert [row.person for row in response.context["rows"]] == [who], state
    assert len(client.get(reverse("residents:people"), {"state": "all"}).context["rows"]) == 4


@pytest.mark.parametrize(
    ("query", "found"), [({"nationality": "ERI"}, True), ({"language": "ti"}, True), ({"gender": "F"}, False)]
)
def test_the_list_narrows_by_facts(client, coordinator, site, query, found):
    make_stay(make_person(at=site, nationalities=["ERI"], languages=["ti"], gender="H"), at=site)
    response = client.get(reverse("residents:people"), query)
    assert bool(response.context["rows"]) == found


def test_a_long_select_keeps_what_was_chosen_and_writes_no_markup(client, coordinator, site):
    page = text_of(client.get(reverse("residents:people"), {"nationality": "ERI"}))
    assert '<option value="ERI" selected>Eritrea</option>' in page
    assert page.count(" selected>") == 1 + page.count('<option value="" selected>')
    assert "Côte d’Ivoire" in page


def test_the_search_looks_among_everyone_and_swaps_only_the_list(client, coordinator, site):
    make_person("Tesfay", "Yonas", at=site)
    make_person("Diallo", "Mamadou", at=site)
    response = client.get(
        reverse("residents:people"), searched(coordinator, q="tesfaye"), headers={"hx-request": "true"}
    )
    assert "Yonas Tesfay" in text_of(response)
    assert "Diallo" not in text_of(response)
    assert "<html" not in text_of(response)


def test_nobody_of_another_site_is_listed_searched_or_exported(client, coordinator, site):
    elsewhere = make_site(organisation=site.organisation)
    make_stay(make_person("Secret", at=elsewhere), at=elsewhere)
    for query in ({}, {"state": "all"}, searched(coordinator, q="Secret"), {"site": elsewhere.slug}):
        assert client.get(reverse("residents:people"), query).context["rows"] == []
    make_stay(make_person("Open", at=site), at=site)
    response = take_out(client, reverse("residents:export_people") + "?state=all")
    assert [row for row in rows_of(response) if "Secret" in row] == []


def rows_of(response):
    return [tuple(row) for row in load_workbook(BytesIO(response.content)).worksheets[0].iter_rows(values_only=True)]


def test_an_export_has_no_formula_no_phone_and_says_its_purpose(client, coordinator, site):
    make_stay(make_person("=1+1", "Ali", at=site, phone="+32470123456"), at=site)
    response = take_out(client, reverse("residents:export_people"), "evacuation drill")
    book = load_workbook(BytesIO(response.content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "=1+1" in {cell.value for cell in cells}
    assert not [cell for cell in cells if cell.data_type == "f" or "32470123456" in str(cell.value)]
    assert "evacuation drill" in {cell.value for cell in cells}


def test_the_front_desk_exports_nothing(client, front_desk):
    assert client.post(reverse("residents:export_people"), {"purpose": "?"}).status_code == 403


# A file


@pytest.mark.parametrize("stays", [1, 20])
def test_a_file_costs_the_same_however_long_its_history(client, coordinator, site, assert_page_queries, stays):
    person = make_person(at=site)
    for n in range(stays):
        make_stay(person, at=site, since=tonight() - 3 * DAY * (n + 1), until=tonight() - 3 * DAY * (n + 1) + DAY)
    client.get(reverse("residents:person", args=[person.public_id]))
    with assert_page_queries(16):  # two of them: which locked parts may be opened, and whether one is
        client.get(reverse("residents:person", args=[person.public_id]))


def test_a_file_shows_stays_and_requests_at_the_readers_sites_only(client, coordinator, site):
    elsewhere = make_site("Elsewhere House", organisation=site.organisation)
    person = make_person(at=site)
    make_stay(person, at=elsewhere, until=tonight())
    make_request(person, at=elsewhere)
    assert "Elsewhere House" not in text_of(client.get(reverse("residents:person", args=[person.public_id])))


def test_a_role_that_stops_at_tonight_reads_no_past_stay(client, front_desk, site):
    stay = make_stay(make_person(at=site), at=site, since=tonight() - 40 * DAY, until=tonight() - 30 * DAY)
    services.record_presence(stay=stay, night=stay.arrived_on, mark="P", by=None)
    response = client.get(reverse("residents:person", args=[stay.person.public_id]))
    assert response.context["file"].stays == []
    assert "Last four weeks" not in text_of(response)
    (row,) = client.get(reverse("residents:people"), {"state": "all"}).context["rows"]
    assert row.stay is None


def test_the_phone_is_for_those_who_may_see_contacts(client, site):
    person = make_person(at=site, phone="+32470123456")
    services.correct_person(person=person, changes={"phone": "+32470999999"}, by=None, reason="new number")
    for role, sees in ((Role.COORDINATOR, True), (Role.JURIST, False)):
        client.force_login(make_user(role, at=site))
        page = text_of(client.get(reverse("residents:person", args=[person.public_id])))
        assert ("+32470999999" in page, "+32470123456" in page) == (sees, sees)


def test_the_history_of_a_file_says_what_changed_who_and_why(client, coordinator, site):
    person = make_person("Diallo", at=site)
    client.post(
        reverse("residents:edit_person", args=[person.public_id]),
        {"last_name": "Bah", "first_name": person.first_name, "reason": "seen on the card"},
    )
    page = text_of(client.get(reverse("residents:person", args=[person.public_id])))
    assert "seen on the card" in page
    assert "Diallo" in page
    assert str(coordinator) in page


def test_the_address_of_an_absorbed_file_leads_to_the_kept_one(client, coordinator, site):
    kept, absorbed = make_person(at=site), make_person(at=site)
    services.merge_persons(survivor=kept, absorbed=absorbed, reason="same", by=coordinator)
    response = client.get(reverse("residents:person", args=[absorbed.public_id]))
    assert response.url == reverse("residents:person", args=[kept.public_id])


def test_a_file_without_any_name_is_refused_on_its_field(client, coordinator, site):
    person = make_person(at=site)
    response = client.post(reverse("residents:edit_person", args=[person.public_id]), {"reason": ""})
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"last_name"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1998", (date(1998, 1, 1), "year")),
        ("env. 1998", (date(1998, 1, 1), "estimated")),
        ("~1998", (date(1998, 1, 1), "estimated")),
        ("3/1998", (date(1998, 3, 1), "month")),
        ("21.3.1998", (date(1998, 3, 21), "day")),
        ("", (None, "unknown")),
    ],
)
def test_a_birth_date_is_kept_as_far_as_it_is_known(client, coordinator, site, typed, kept):
    person = make_person(at=site)
    client.post(reverse("residents:edit_person", args=[person.public_id]), {"last_name": "A", "birth": typed})
    person.refresh_from_db()
    assert (person.birth_date, person.birth_precision) == kept


@pytest.mark.parametrize("typed", ["31/2/1998", "1850", "3000", "March"])
def test_an_impossible_birth_date_is_asked_again(client, coordinator, site, typed):
    person = make_person(at=site)
    address = reverse("residents:edit_person", args=[person.public_id])
    assert client.post(address, {"last_name": "A", "birth": typed}).status_code == 422


# Admission


def test_an_alias_a_site_and_a_date_are_enough(client, coordinator, site):
    make_beds(site)
    answers = {"known_as": "Yoni", "site": site.slug, "arrived_on": tonight().isoformat()}
    response = client.post(reverse("residents:admit_new"), answers)
    stay = Stay.objects.get()
    assert response.url == reverse("residents:person", args=[stay.person.public_id])
    assert (stay.person.known_as, stay.site, stay.arrived_on) == ("Yoni", site, tonight())


def test_a_refused_admission_leaves_no_file_behind(client, coordinator, site):
    (bed,) = make_beds(site)
    make_stay(bed=bed)
    answers = {"last_name": "B", "site": site.slug, "arrived_on": tonight().isoformat(), "bed": bed.public_id}
    response = client.post(reverse("residents:admit_new"), answers)
    assert response.status_code == 422
    assert "bed" in response.context["place_form"].errors
    assert not Person.objects.filter(last_name="B").exists()


def test_the_search_says_why_a_file_is_alike(client, coordinator, site):
    make_person("Diallo", "Mamadou", at=site, birth_date=date(2001, 1, 1), birth_precision="year")
    page = text_of(client.get(reverse("residents:admit"), searched(coordinator, name="mamadu jallow", born_in="2001")))
    assert "written otherwise, sounds the same" in page
    assert "same year of birth" in page


def test_free_beds_only_are_offered_and_those_that_suit_come_first(client, coordinator, site):
    taken, free = make_beds(site, "AB")
    make_beds(site, "C")
    make_stay(make_person(at=site, languages=["ti"]), bed=taken)
    newcomer = make_person(at=site, languages=["ti"])
    response = client.get(reverse("residents:admit_person", args=[newcomer.public_id]))
    groups = dict(response.context["form"].fields["bed"].choices[1:])
    assert [value for value, _label in groups["Proposed"]] == [str(free.public_id)]
    assert str(taken.public_id) not in {value for choices in groups.values() for value, _label in choices}


@pytest.mark.parametrize(("days", "status"), [(0, 302), (-1, 422), (1, 422)])
def test_the_front_desk_admits_today_only(client, front_desk, site, days, status):
    make_beds(site)
    day = timezone.localdate() + days * DAY if days > 0 else tonight() + days * DAY
    answers = {"known_as": "Yoni", "site": site.slug, "arrived_on": day.isoformat()}
    assert client.post(reverse("residents:admit_new"), answers).status_code == status


def test_nobody_admits_at_a_site_where_they_may_not(client, coordinator, site):
    elsewhere = make_site(organisation=site.organisation)
    (bed,) = make_beds(elsewhere)
    Membership.objects.create(user=coordinator, site=elsewhere, role=Role.MEDIATOR, starts_on="2020-01-01")
    answers = {"known_as": "Yoni", "site": elsewhere.slug, "arrived_on": tonight().isoformat(), "bed": bed.public_id}
    response = client.post(reverse("residents:admit_new"), answers)
    assert response.status_code == 422
    assert not Stay.objects.exists()


def test_an_admission_is_taken_back(client, coordinator, site):
    stay = make_stay(at=site, since=tonight())
    client.post(reverse("residents:cancel_admission", args=[stay.public_id]))
    assert not Stay.objects.exists()


# Moves, departures, corrections


def test_a_move_and_its_refusal(client, coordinator, site):
    old, new, taken = make_beds(site, "ABC")
    stay = make_stay(bed=old)
    make_stay(bed=taken)
    address = reverse("residents:move", args=[stay.public_id])
    for bed in ("", taken.public_id):
        assert client.post(address, {"from_on": tonight().isoformat(), "bed": bed}).status_code == 422
    assert client.post(address, {"from_on": tonight().isoformat(), "bed": new.public_id}).status_code == 302
    assert stay.assignments.on_night(tonight()).get().bed == new


def test_a_departure_and_taking_it_back(client, coordinator, site):
    stay = make_stay(at=site)
    address = reverse("residents:depart", args=[stay.public_id])
    answers = {"left_on": tonight().isoformat(), "exit_reason": "SOL", "destination": "LOC_P"}
    assert client.post(address, {**answers, "left_on": stay.arrived_on.isoformat()}).status_code == 422
    assert client.post(address, answers).status_code == 302
    client.post(reverse("residents:cancel_departure", args=[stay.public_id]))
    stay.refresh_from_db()
    assert stay.left_on is None


def test_the_front_desk_writes_no_departure_of_yesterday(client, front_desk, site):
    stay = make_stay(at=site)
    answers = {"left_on": (tonight() - DAY).isoformat(), "exit_reason": "SOL", "destination": "LOC_P"}
    assert client.post(reverse("residents:depart", args=[stay.public_id]), answers).status_code == 422
    assert client.get(reverse("residents:correct_stay", args=[stay.public_id])).status_code == 403


def test_a_correction_asks_for_its_reason(client, coordinator, site):
    stay = make_stay(at=site)
    address = reverse("residents:correct_stay", args=[stay.public_id])
    day = (stay.arrived_on - DAY).isoformat()
    assert client.post(address, {"arrived_on": day}).status_code == 422
    assert client.post(address, {"arrived_on": day, "reason": "paper list"}).status_code == 302
    assert stay.events.last().pgh_context["reason"] == "paper list"


# Waiting list, households, merges


@pytest.mark.parametrize("requests", [1, 20])
def test_the_waiting_list_costs_the_same(client, coordinator, site, assert_page_queries, requests):
    for _ in range(requests):
        make_request(at=site)
    client.get(reverse("residents:waiting_list"))
    with assert_page_queries(4):
        assert len(client.get(reverse("residents:waiting_list")).context["page"]) == requests


def test_a_person_is_put_on_the_list_and_answered(client, coordinator, site):
    make_beds(site)
    person = make_person(at=site)
    answers = {"site": site.slug, "requested_on": timezone.localdate().isoformat(), "priority": "1"}
    address = reverse("residents:request_place", args=[person.public_id])
    assert client.post(address, answers).status_code == 302
    assert client.post(address, answers).status_code == 422
    request = IntakeRequest.objects.get()
    decide = reverse("residents:decide", args=[request.public_id])
    assert client.post(decide, {"state": "refused"}).status_code == 422
    assert client.post(decide, {"state": "refused", "refusal_reason": "COMPL"}).status_code == 302
    client.post(reverse("residents:reopen_request", args=[request.public_id]))
    request.refresh_from_db()
    assert request.state == IntakeRequest.State.WAITING


def test_two_people_live_together_and_apart(client, coordinator, site):
    mother, child = make_person("Kidane", at=site), make_person("Kidane", at=site)
    address = reverse("residents:join_household", args=[child.public_id])
    assert client.post(address, {"other": ""}).status_code == 422
    client.post(address, {"other": mother.public_id, "family_link": "ENF"})
    child.refresh_from_db()
    assert list(child.household.members.order_by("pk")) == [mother, child]
    client.post(reverse("residents:leave_household", args=[child.public_id]))
    child.refresh_from_db()
    assert child.household is None


def test_files_with_stays_on_one_night_are_not_merged(client, coordinator, site):
    first, second = make_stay(at=site).person, make_stay(at=site).person
    address = reverse("residents:merge", args=[first.public_id, second.public_id])
    response = client.post(address, {"keep": first.public_id, "reason": "?"})
    assert response.status_code == 422
    assert "same nights" in text_of(response)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1989-12-31", "demain"])
def test_a_night_beyond_the_calendar_is_no_page(client, day):
    site = make_site()
    [bed] = make_beds(site)
    client.force_login(make_user(Role.COORDINATOR, at=site))
    board, nights = reverse("residents:bed_board", args=[site.slug]), reverse("residents:bed_nights", args=[site.slug])

    answers = [
        client.get(address).status_code
        for address in (
            f"/?night={day}",
            f"{board}?night={day}",
            f"{nights}?from={day}",
            f"{reverse('residents:bed', args=[bed.public_id])}?night={day}",
        )
    ]

    assert answers == [404] * 4
    assert client.get(f"{reverse('residents:free_beds')}?site={site.slug}&arrived_on={day}").status_code == 200


@pytest.mark.parametrize("page", ["dashboard", "residents:beds", "residents:waiting_list"])
def test_a_site_that_no_text_can_name_is_absent(client, page):
    client.force_login(make_user(Role.COORDINATOR, at=make_site()))

    assert client.get(reverse(page), {"site": "a\0b"}).status_code == 404


@pytest.mark.parametrize("page", ["residents:people", "residents:admit", "residents:free_beds", "sites:list"])
def test_a_nul_in_a_search_finds_nothing_and_breaks_nothing(client, page):
    client.force_login(user := make_user(Role.COORDINATOR, at=make_site()))
    query = dict.fromkeys(("site", "bed", "arrived_on"), "a\0b") | searched(user, q="a\0b", name="a\0b")

    assert client.get(reverse(page), query).status_code == 200


def test_a_departure_beyond_the_calendar_is_refused(client):
    site = make_site()
    stay = make_stay(at=site)
    client.force_login(make_user(Role.COORDINATOR, at=site))
    sent = {"left_on": "9999-12-31", "exit_reason": "unknown", "destination": "unknown"}

    assert client.post(reverse("residents:depart", args=[stay.public_id]), sent).status_code == 422


def test_the_site_that_opened_the_file_is_named_to_its_own_people_only(client, site):
    first = make_site("Maison Secrète", organisation=site.organisation)
    person = make_person(at=first)
    make_stay(person, at=site)
    address = reverse("residents:person", args=[person.public_id])

    client.force_login(make_user(Role.COORDINATOR, at=site))
    assert "Maison Secrète" not in client.get(address).content.decode()
    client.force_login(make_user(Role.COORDINATOR, at=first))
    assert "Maison Secrète" in client.get(address).content.decode()
