"""What the four kinds become in the house."""

from datetime import date, timedelta

import pytest

from residents.models import BedAssignment, IntakeRequest, NightSheet, Person, Presence, Stay
from residents.nights import tonight
from shelter.imports.models import Change, ImportJob, Provenance, StagedRow
from shelter.imports.reading.types import Reason
from sites.models import BedClosure, Room
from tests.factories import make_beds, make_person, make_site, make_stay
from tests.imports.readings import row, title

pytestmark = pytest.mark.django_db
Status = StagedRow.Status


@pytest.fixture
def site():
    return make_site(gap_nights=3)


def test_a_resident_list_makes_persons_stays_and_beds(site, let_in):
    job = let_in(
        site,
        title("Casa Tamam"),
        row(
            last_name="Ngono",
            first_name="Emmanuel",
            birth_date="1990-01-01",
            birth_date_precision="year",
            gender="m",
            nationality="CMR",
            languages=["fr"],
            phone="+32470000000",
            room="101",
            bed="A",
            floor="1",
            arrival="2026-03-01",
            status="present",
        ),
        row(last_name="Bah", first_name="Aissatou", arrival="2026-01-05", departure="2026-02-01", status="left"),
    )

    assert job.state == ImportJob.State.COMMITTED
    person = Person.objects.get(last_name="Ngono")
    assert (person.birth_precision, person.gender, person.nationalities) == ("year", "H", ["CMR"])
    given = BedAssignment.objects.get()
    assert (given.stay.person, given.from_on, given.until_on) == (person, date(2026, 3, 1), None)
    assert (given.bed.label, given.bed.room.name, given.bed.room.floor) == ("A", "101", "1")
    left = Stay.objects.get(person__last_name="Bah")
    assert (left.arrived_on, left.left_on) == (date(2026, 1, 5), date(2026, 2, 1))


def test_every_row_is_counted_once(site, stage):
    job = stage(
        site, title("Liste"), row(last_name="A"), row(last_name="B", reason=Reason("impossible_date", "arrival"))
    )

    assert job.staged_rows.counted() == {"not_data": 1, "new": 1, "error": 1}


def test_an_arrival_that_nobody_wrote_is_the_day_of_the_import_and_said_so(site, let_in):
    job = let_in(site, row(last_name="Ngono", status="present"))

    assert Stay.objects.get().arrived_on == tonight()
    assert job.staged_rows.get().problems.get().code == "arrival_assumed"


def test_someone_who_left_on_an_unknown_day_gets_a_file_and_no_stay(site, let_in):
    let_in(site, row(last_name="Ngono", arrival="2026-01-01", status="left"))

    assert Person.objects.count() == 1
    assert not Stay.objects.exists()


def test_a_presence_grid_makes_stays_by_runs_of_nights(site, let_in):
    march = [date(2026, 3, day).isoformat() for day in (1, 2, 3, 6, 20, 21)]

    let_in(
        site,
        row(
            "presence",
            last_name="Khalil",
            room="101",
            bed="B",
            nights_present=march,
            nights_absent=["2026-03-04", "2026-03-12"],
        ),
    )

    stays = [(stay.arrived_on.day, stay.left_on.day) for stay in Stay.objects.order_by("arrived_on")]
    assert stays == [(1, 7), (20, 22)]  # two nights away stay inside the run, thirteen do not
    marks = dict(Presence.objects.values_list("night__day", "mark"))
    assert marks == {1: "P", 2: "P", 3: "P", 4: "AI", 6: "P", 20: "P", 21: "P"}
    assert NightSheet.objects.filter(site=site).count() == 8
    assert BedAssignment.objects.count() == 2


def test_a_run_that_reaches_the_last_nights_is_still_going_on(site, let_in):
    nights = [(tonight() - timedelta(days=back)).isoformat() for back in (3, 2, 1)]

    let_in(site, row("presence", last_name="Khalil", nights_present=nights, nights_absent=[]))

    assert Stay.objects.get().left_on is None


def test_a_bed_plan_makes_rooms_beds_stays_and_closures(site, let_in):
    let_in(
        site,
        row("room", room="12", floor="1", capacity=2),
        row("bed", room="12", bed="A", bed_status="occupied", last_name="Wolde", arrival="2026-02-02"),
        row("bed", room="12", bed="B", bed_status="out_of_order"),
        row("room", room="13", floor="1", capacity=3),
    )

    assert sorted(Room.objects.values_list("name", "floor")) == [("12", "1"), ("13", "1")]
    assert Room.objects.get(name="13").beds.count() == 3
    assert BedAssignment.objects.get().bed.label == "A"
    closure = BedClosure.objects.get()
    assert (closure.bed.label, closure.from_on, closure.until_on) == ("B", tonight(), None)


def test_a_waiting_list_makes_one_open_request_for_each_person(site, let_in):
    job = let_in(
        site,
        row("waiting", last_name="Diallo", request_date="2026-02-05", priority=2),
        row("waiting", last_name="Diallo", request_date="2026-02-20", priority=1),
        row("waiting", last_name="Tazi", request_date="2026-03-10", outcome="placé Léopold 28/03"),
    )

    waiting, placed = IntakeRequest.objects.order_by("requested_on")
    assert (waiting.requested_on, waiting.priority, waiting.state) == (date(2026, 2, 5), 1, "waiting")
    assert (placed.state, placed.decided_on) == ("admitted", date(2026, 3, 28))
    assert [problem.code for problem in job.staged_rows.get(number=2).problems.all()] == ["asks_again"]


def test_a_bed_that_somebody_has_is_an_error_before_the_commit(site, stage):
    bed = make_beds(site, "A", room="12")[0]
    make_stay(make_person("Owner", at=site), bed=bed, since=date(2026, 1, 1))

    job = stage(site, row(last_name="Late", room="12", bed="A", arrival="2026-02-01"))

    problem = job.staged_rows.get().problems.get()
    assert job.staged_rows.get().status == Status.ERROR
    assert (problem.code, problem.params["bed"]) == ("bed_taken", "12-A")
    assert "Owner" in problem.params["person"]


def test_someone_who_stays_at_another_site_is_an_error_before_the_commit(site, stage):
    elsewhere = make_site("Elsewhere", organisation=site.organisation)
    person = make_person("Traore", "Awa", at=elsewhere, birth_date=date(1990, 5, 4), birth_precision="day")
    make_stay(person, at=elsewhere, since=date(2026, 1, 1))

    job = stage(
        site,
        row(
            last_name="Traore",
            first_name="Awa",
            birth_date="1990-05-04",
            birth_date_precision="day",
            arrival="2026-02-01",
        ),
    )

    assert job.staged_rows.get().status == Status.ERROR
    assert job.staged_rows.get().problems.get().params == {"site": "Elsewhere"}


def test_blanks_of_a_known_person_are_filled_and_nothing_is_replaced(site, let_in):
    person = make_person(
        "Traore", "Awa", at=site, birth_date=date(1990, 5, 4), birth_precision="day", nationalities=["MLI"]
    )

    job = let_in(
        site,
        row(
            last_name="Traore",
            first_name="Awa",
            birth_date="1990-05-04",
            birth_date_precision="day",
            phone="+32470000000",
            arrival="2026-02-01",
        ),
    )

    person.refresh_from_db()
    assert Person.objects.count() == 1
    assert (person.phone, person.nationalities) == ("+32470000000", ["MLI"])
    assert job.staged_rows.get().status == Status.MATCHED
    assert Change.objects.get(model="residents.person").before["phone"] == ""


def test_provenance_says_where_each_value_came_from(site, let_in):
    job = let_in(
        site, row(last_name="Ngono", first_name="Emmanuel"), row("interview", last_name="Ngono", motive="aide")
    )

    resident, interview = Provenance.objects.order_by("row")
    assert (resident.sheet, resident.row, resident.cells["last_name"]) == ("Feuil1", 1, [0, "A"])
    assert resident.person == Person.objects.get()
    assert interview.kind == "interview"
    assert job.counts["written"]["residents.person"] == 1


def test_a_departure_in_a_later_list_closes_the_stay(site, let_in):
    known = {"last_name": "Traore", "first_name": "Awa", "birth_date": "1990-05-04", "birth_date_precision": "day"}
    let_in(site, row(**known, arrival="2026-02-01", room="1", bed="A"))

    let_in(site, row(**known, arrival="2026-02-01", departure="2026-04-01", status="left"))

    assert Stay.objects.get().left_on == date(2026, 4, 1)
    assert BedAssignment.objects.get().until_on == date(2026, 4, 1)
