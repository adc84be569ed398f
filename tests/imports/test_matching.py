"""Who is known, and what is asked of people."""

from datetime import date

import pytest

from residents.models import IntakeRequest, Person
from shelter.imports import services
from shelter.imports.likeness import Facts, judge
from shelter.imports.models import Likeness, StagedPerson, StagedRow
from tests.factories import make_person, make_site
from tests.imports.readings import row

AWA = {"last_name": "Traore", "first_name": "Awa", "birth_date": "1990-05-04", "birth_date_precision": "day"}
State = StagedPerson.State


def test_a_whole_birth_date_beside_the_name_is_sure():
    one = Facts("Awa Traoré", date(1990, 5, 4), "day", ["MLI"])

    assert judge(one, Facts("TRAORE Awa", date(1990, 5, 4), "day")).is_sure


def test_a_name_and_a_year_are_a_question():
    one = Facts("Mohamed Ali", date(1998, 1, 1), "year", ["SOM"])
    verdict = judge(one, Facts("Mohammed Ali", date(1998, 1, 1), "year", ["SOM"]))

    assert verdict.is_likely
    assert not verdict.is_sure


def test_another_birth_date_is_another_person():
    verdict = judge(Facts("Awa Traore", date(1990, 5, 4), "day"), Facts("Awa Traore", date(1971, 2, 1), "day"))

    assert not verdict.is_likely


@pytest.mark.django_db
def test_the_very_same_workbook_is_known_line_by_line(let_in, stage):
    site = make_site()
    rows = [
        lambda: row(**AWA, note="malade"),
        lambda: row(last_name="Thierno"),  # a single name, nothing else
        lambda: row("waiting", last_name="Diallo", request_date="2026-02-05"),
        lambda: row("interview", last_name="Diallo", interview_date="2026-02-06", motive="aide"),
        lambda: row("bed", room="1", bed="A", bed_status="free"),
        lambda: row("room", room="2", capacity=2),
    ]
    let_in(site, *(make() for make in rows))

    again = stage(site, *(make() for make in rows))

    assert again.staged_rows.counted() == {"matched": len(rows)}


@pytest.mark.django_db
def test_a_later_version_brings_only_what_is_new(let_in, stage):
    site = make_site()
    asked = {"request_date": "2026-02-05"}
    let_in(site, row("waiting", **AWA, **asked, phone="+32470000001"), row("waiting", last_name="Gone", **asked))

    later = stage(
        site, row("waiting", **AWA, **asked, phone="+32470000002"), row("waiting", last_name="Fresh", **asked)
    )

    assert list(later.staged_rows.order_by("position").values_list("status", flat=True)) == ["matched", "new"]


@pytest.mark.django_db
def test_persons_are_never_matched_across_organisations(let_in, stage):
    make_person("Traore", "Awa", at=make_site(), birth_date=date(1990, 5, 4), birth_precision="day")

    job = stage(make_site(), row(**AWA))

    assert job.persons.get().state == State.NEW


@pytest.mark.django_db
def test_an_sp_number_finds_the_person_at_another_site_of_the_organisation(let_in, stage):
    site = make_site()
    let_in(site, row(last_name="Haddad", first_name="Nour", sp_number="9059358"))

    job = stage(
        make_site(organisation=site.organisation), row(last_name="Hadad", first_name="Noor", sp_number="9059358")
    )

    assert job.persons.get().person == Person.objects.get()
    assert job.persons.get().evidence == ["sp_number"]


@pytest.mark.django_db
class TestADoubtfulPerson:
    @pytest.fixture
    def site(self):
        return make_site()

    @pytest.fixture
    def known(self, site):
        return make_person("Ali", "Mohamed", at=site, birth_date=date(1998, 1, 1), birth_precision="year")

    @pytest.fixture
    def job(self, site, known, stage):
        fields = {"birth_date": "1998-01-01", "birth_date_precision": "year", "request_date": "2026-03-03"}
        return stage(site, row("waiting", last_name="Ali", first_name="Mohammed", **fields))

    def test_blocks_its_row(self, job, known):
        assert job.staged_rows.get().status == StagedRow.Status.AMBIGUOUS
        assert Likeness.objects.get().person == known
        with pytest.raises(services.committing.RowsBlock):
            services.request_commit(job, by=None)

    def test_is_the_known_person_when_somebody_says_so(self, job, known):
        services.answer_likeness(Likeness.objects.get(), "same", by=None)
        services.request_commit(job, by=None, dispatch=False)
        services.work_on(job.pk)

        assert IntakeRequest.objects.get().person == known

    def test_is_somebody_else_when_somebody_says_so(self, job, known):
        services.answer_likeness(Likeness.objects.get(), "two", by=None)
        services.request_commit(job, by=None, dispatch=False)
        services.work_on(job.pk)

        assert IntakeRequest.objects.get().person != known

    def test_waits_when_somebody_puts_it_off(self, job):
        services.answer_likeness(Likeness.objects.get(), "same", by=None)
        services.answer_likeness(Likeness.objects.get(), "", by=None)

        assert job.staged_rows.get().status == StagedRow.Status.AMBIGUOUS


@pytest.mark.django_db
def test_one_person_in_two_files_of_an_import_is_let_in_once(reader):
    site = make_site()
    uploads = [services.upload.Upload(reader.gives(row(**AWA)), b"x") for _ in range(2)]
    job = services.start_import(site=site, uploads=uploads, by=None, dispatch=False)
    services.work_on(job.pk)
    job.refresh_from_db()

    services.request_commit(job, by=None, dispatch=False)
    services.work_on(job.pk)

    assert Person.objects.count() == 1


@pytest.mark.django_db
def test_a_night_list_knows_people_by_their_beds(let_in, stage):
    site = make_site()
    let_in(site, row(**AWA, room="1", bed="A", arrival="2026-02-01"))

    nights = {"nights_present": ["2026-02-02"], "nights_absent": []}
    job = stage(
        site,
        row("presence", last_name="Traore", first_name="Awa", room="01", bed="a", **nights),
        row("presence", last_name="Diallo", first_name="Binta", room="1", bed="A", **nights),
    )

    known, other = job.persons.order_by("number")
    assert (known.state, known.evidence) == (State.MATCHED, ["same_bed"])
    assert other.state == State.NEW
