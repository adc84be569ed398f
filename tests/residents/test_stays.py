"""Admission, move, departure and their corrections: what the services promise."""

from datetime import date, timedelta

import pytest

from residents import services
from residents.models import BedAssignment, IntakeRequest, Person, Presence, Stay
from residents.nights import tonight
from residents.services import Admission, refusals
from shelter.accounts.policy import Role
from sites.models import BedClosure
from tests.factories import make_beds, make_person, make_request, make_site, make_stay, make_user

pytestmark = pytest.mark.django_db
JAN_5 = date(2026, 1, 5)
DAY = timedelta(days=1)


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def clerk(site):
    return make_user(Role.COORDINATOR, at=site)


def beds_of(stay):
    return [(row.bed_id, row.from_on, row.until_on) for row in BedAssignment.objects.filter(stay=stay)]


def test_a_person_gets_a_bed(site, clerk):
    bed, person = make_beds(site)[0], make_person(at=site)
    stay = services.admit(person=person, site=site, bed=bed, arrived_on=JAN_5, by=clerk)
    assert (stay.arrived_on, stay.left_on) == (JAN_5, None)
    assert beds_of(stay) == [(bed.pk, JAN_5, None)]


def test_a_place_needs_no_bed_yet(site, clerk):
    stay = services.admit(person=make_person(at=site), site=site, arrived_on=JAN_5, by=clerk)
    assert beds_of(stay) == []


def test_a_taken_bed_is_refused(site, clerk):
    bed = make_beds(site)[0]
    make_stay(bed=bed, since=JAN_5)
    with pytest.raises(refusals.BedTaken) as refusal:
        services.admit(person=make_person(at=site), site=site, bed=bed, arrived_on=JAN_5, by=clerk)
    assert refusal.value.field == "bed"
    assert Stay.objects.count() == 1


def test_the_night_of_the_departure_is_free_for_the_next(site, clerk):
    bed = make_beds(site)[0]
    first = make_stay(bed=bed, since=JAN_5)
    services.depart(stay=first, left_on=JAN_5 + DAY, reason="DEP_V", destination="DISP", by=clerk)
    services.admit(person=make_person(at=site), site=site, bed=bed, arrived_on=JAN_5 + DAY, by=clerk)
    assert BedAssignment.objects.filter(bed=bed).count() == 2


def test_a_person_has_one_place_at_a_time(site, clerk):
    person = make_person(at=site)
    make_stay(person, at=site, since=JAN_5)
    with pytest.raises(refusals.AlreadyHoused):
        services.admit(person=person, site=site, arrived_on=JAN_5 + DAY, by=clerk)


def test_a_closed_bed_is_refused(site, clerk):
    bed = make_beds(site)[0]
    BedClosure.objects.create(bed=bed, from_on=JAN_5 + 10 * DAY, reason="works")
    with pytest.raises(refusals.BedClosed):
        services.admit(person=make_person(at=site), site=site, bed=bed, arrived_on=JAN_5, by=clerk)


def test_a_bed_of_another_site_is_refused(site, clerk):
    with pytest.raises(refusals.OutsideStay):
        services.admit(
            person=make_person(at=site), site=site, bed=make_beds(make_site())[0], arrived_on=JAN_5, by=clerk
        )


def test_a_person_of_another_organisation_is_refused(site, clerk):
    with pytest.raises(refusals.OtherOrganisation):
        services.admit(person=make_person(at=make_site()), site=site, arrived_on=JAN_5, by=clerk)


def test_an_absorbed_file_gets_no_stay(site, clerk):
    kept, absorbed = make_person(at=site), make_person(at=site)
    services.merge_persons(survivor=kept, absorbed=absorbed, reason="same", by=clerk)
    with pytest.raises(refusals.FileMerged):
        services.admit(person=absorbed, site=site, arrived_on=JAN_5, by=clerk)


def test_who_has_a_place_waits_no_longer(site, clerk):
    elsewhere = make_site(organisation=site.organisation)
    person = make_person(at=site)
    here, there = make_request(person, at=site), make_request(person, at=elsewhere)
    services.admit(person=person, site=site, arrived_on=tonight(), by=clerk)
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.state, there.state) == (IntakeRequest.State.ADMITTED, IntakeRequest.State.WAITING)


def test_many_are_admitted_whole_or_not_at_all(site, clerk, django_assert_max_num_queries):
    beds = make_beds(site, "ABCDEFGHIJKLMNOPQRST")
    persons = services.register_persons(
        [Person(organisation=site.organisation, registered_at=site, last_name=f"N{n}") for n in range(20)],
        by=clerk,
    )
    rows = [
        Admission(person_id=p.pk, site_id=site.pk, arrived_on=JAN_5, bed_id=b.pk)
        for p, b in zip(persons, beds, strict=True)
    ]
    with django_assert_max_num_queries(14):
        stays = services.admit_many(rows, by=clerk)
    assert [stay.person_id for stay in stays] == [person.pk for person in persons]
    assert BedAssignment.objects.count() == 20

    more = make_person(at=site)
    with pytest.raises(refusals.BedTaken):
        services.admit_many(
            [
                Admission(person_id=more.pk, site_id=site.pk, arrived_on=JAN_5),
                Admission(person_id=make_person(at=site).pk, site_id=site.pk, arrived_on=JAN_5, bed_id=beds[0].pk),
            ],
            by=clerk,
        )
    assert not more.stays.exists()


def test_a_move_keeps_the_nights_before(site, clerk):
    old, new = make_beds(site, "AB")
    stay = make_stay(bed=old, since=JAN_5)
    services.move_bed(stay=stay, bed=new, from_on=JAN_5 + 3 * DAY, by=clerk)
    assert beds_of(stay) == [(old.pk, JAN_5, JAN_5 + 3 * DAY), (new.pk, JAN_5 + 3 * DAY, None)]


def test_a_move_on_the_first_night_replaces_the_bed(site, clerk):
    old, new = make_beds(site, "AB")
    stay = make_stay(bed=old, since=JAN_5)
    services.move_bed(stay=stay, bed=new, from_on=JAN_5, by=clerk)
    assert beds_of(stay) == [(new.pk, JAN_5, None)]


def test_moving_to_the_same_bed_changes_nothing(site, clerk):
    stay = make_stay(bed=make_beds(site)[0], since=JAN_5)
    before = beds_of(stay)
    services.move_bed(stay=stay, bed=stay.assignments.get().bed, from_on=JAN_5 + DAY, by=clerk)
    assert beds_of(stay) == before


def test_a_move_to_a_taken_bed_leaves_all_as_it_was(site, clerk):
    old, taken = make_beds(site, "AB")
    stay = make_stay(bed=old, since=JAN_5)
    make_stay(bed=taken, since=JAN_5)
    with pytest.raises(refusals.BedTaken):
        services.move_bed(stay=stay, bed=taken, from_on=JAN_5 + DAY, by=clerk)
    assert beds_of(stay) == [(old.pk, JAN_5, None)]


def test_a_move_before_the_arrival_is_refused(site, clerk):
    old, new = make_beds(site, "AB")
    stay = make_stay(bed=old, since=JAN_5)
    with pytest.raises(refusals.OutsideStay):
        services.move_bed(stay=stay, bed=new, from_on=JAN_5 - DAY, by=clerk)


def test_two_residents_change_beds(site, clerk):
    one, other = make_beds(site, "AB")
    first, second = make_stay(bed=one, since=JAN_5), make_stay(bed=other, since=JAN_5)
    services.swap_beds(first=first, second=second, from_on=JAN_5 + DAY, by=clerk)
    assert [row[0] for row in beds_of(first)] == [one.pk, other.pk]
    assert [row[0] for row in beds_of(second)] == [other.pk, one.pk]


def test_a_departure_frees_the_bed_and_drops_later_marks(site, clerk):
    stay = make_stay(bed=make_beds(site)[0], since=JAN_5)
    for night in (JAN_5, JAN_5 + DAY):
        services.record_presence(stay=stay, night=night, mark="P", by=clerk)
    services.depart(stay=stay, left_on=JAN_5 + DAY, reason="SOL", destination="TIERS", by=clerk)
    stay.refresh_from_db()
    assert (stay.left_on, stay.exit_reason, stay.destination) == (JAN_5 + DAY, "SOL", "TIERS")
    assert beds_of(stay)[0][2] == JAN_5 + DAY
    assert [row.night for row in Presence.objects.all()] == [JAN_5]


def test_leaving_twice_in_the_same_way_is_harmless_and_otherwise_refused(site, clerk):
    stay = make_stay(at=site, since=JAN_5)
    for _ in range(2):
        services.depart(stay=stay, left_on=JAN_5 + DAY, reason="SOL", destination="TIERS", by=clerk)
    with pytest.raises(refusals.AlreadyLeft):
        services.depart(stay=stay, left_on=JAN_5 + 2 * DAY, reason="SOL", destination="TIERS", by=clerk)


def test_nobody_leaves_before_one_night(site, clerk):
    stay = make_stay(at=site, since=JAN_5)
    with pytest.raises(refusals.ShorterThanANight):
        services.depart(stay=stay, left_on=JAN_5, reason="SOL", destination="", by=clerk)


def test_a_cancelled_departure_gives_the_bed_back(site, clerk):
    bed = make_beds(site)[0]
    stay = make_stay(bed=bed, since=JAN_5)
    services.depart(stay=stay, left_on=JAN_5 + DAY, reason="SOL", destination="", by=clerk)
    services.cancel_departure(stay=stay, by=clerk)
    stay.refresh_from_db()
    assert (stay.left_on, stay.exit_reason) == (None, "")
    assert beds_of(stay) == [(bed.pk, JAN_5, None)]


def test_a_cancelled_departure_stands_without_a_bed_that_is_taken_since(site, clerk):
    bed = make_beds(site)[0]
    stay = make_stay(bed=bed, since=JAN_5)
    services.depart(stay=stay, left_on=JAN_5 + DAY, reason="SOL", destination="", by=clerk)
    make_stay(bed=bed, since=JAN_5 + DAY)
    services.cancel_departure(stay=stay, by=clerk)
    stay.refresh_from_db()
    assert stay.left_on is None
    assert beds_of(stay) == [(bed.pk, JAN_5, JAN_5 + DAY)]


def test_a_cancelled_admission_leaves_no_trace_and_the_request_waits_again(site, clerk):
    person = make_person(at=site)
    request = make_request(person, at=site)
    stay = services.admit(person=person, site=site, bed=make_beds(site)[0], arrived_on=tonight(), by=clerk)
    services.cancel_admission(stay=stay, by=clerk)
    request.refresh_from_db()
    assert request.state == IntakeRequest.State.WAITING
    assert not Stay.objects.exists()


def test_an_admission_with_counted_nights_is_not_cancelled(site, clerk):
    stay = make_stay(at=site, since=JAN_5)
    services.record_presence(stay=stay, night=JAN_5, mark="P", by=clerk)
    with pytest.raises(refusals.SleptHere):
        services.cancel_admission(stay=stay, by=clerk)


@pytest.mark.parametrize(
    ("arrived_on", "left_on"),
    [
        (JAN_5 - 2 * DAY, JAN_5 + 9 * DAY),
        (JAN_5 + 2 * DAY, JAN_5 + 3 * DAY),
        (JAN_5 + 2 * DAY, JAN_5 + 9 * DAY),
        (JAN_5, None),
    ],
)
def test_a_corrected_stay_takes_its_beds_along(site, clerk, arrived_on, left_on):
    bed = make_beds(site)[0]
    stay = make_stay(bed=bed, since=JAN_5)
    services.depart(stay=stay, left_on=JAN_5 + 5 * DAY, reason="SOL", destination="", by=clerk)
    services.correct_stay(stay=stay, arrived_on=arrived_on, left_on=left_on, reason="typed wrong", by=clerk)
    stay.refresh_from_db()
    assert (stay.arrived_on, stay.left_on) == (arrived_on, left_on)
    assert beds_of(stay) == [(bed.pk, arrived_on, left_on)]


def test_a_correction_into_taken_nights_is_refused_whole(site, clerk):
    bed = make_beds(site)[0]
    first = make_stay(bed=bed, since=JAN_5)
    services.depart(stay=first, left_on=JAN_5 + DAY, reason="SOL", destination="", by=clerk)
    make_stay(bed=bed, since=JAN_5 + DAY)
    with pytest.raises(refusals.BedTaken):
        services.correct_stay(stay=first, arrived_on=JAN_5, left_on=JAN_5 + 3 * DAY, reason="typo", by=clerk)
    first.refresh_from_db()
    assert first.left_on == JAN_5 + DAY


def test_the_history_says_who_and_why(site, clerk):
    stay = make_stay(at=site, since=JAN_5)
    services.correct_stay(stay=stay, arrived_on=JAN_5 - DAY, left_on=None, reason="the night list says so", by=clerk)
    event = stay.events.order_by("pgh_id").last()
    assert event.pgh_context == {"user": clerk.pk, "reason": "the night list says so"}
