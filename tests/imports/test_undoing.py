"""Undoing restores the exact state before, or refuses and says why."""

from datetime import date, timedelta

import pytest
from django.db import connection

from residents import services as house
from residents.models import Person, Stay
from residents.nights import tonight
from shelter.imports import services
from shelter.imports.ledger import MODELS
from shelter.imports.models import ImportJob
from shelter.imports.services.undoing import ImportedSince, NotCommitted, WorkedOnSince
from tests.factories import make_beds, make_person, make_request, make_site, make_stay
from tests.imports.readings import row

pytestmark = pytest.mark.django_db
AWA = {"last_name": "Traore", "first_name": "Awa", "birth_date": "1990-05-04", "birth_date_precision": "day"}


def fingerprint() -> dict[str, str]:
    """A hash of every row of every table of the house."""
    found = {}
    with connection.cursor() as cursor:
        for model in MODELS:
            table = model._meta.db_table
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t.id), '')) FROM {table} t")  # noqa: S608
            found[table] = cursor.fetchone()[0]
    return found


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def lived_in(site):
    """A house with people, one of whom every import below knows."""
    bed = make_beds(site, "AB", room="1")[0]
    awa = make_person("Traore", "Awa", at=site, birth_date=date(1990, 5, 4), birth_precision="day")
    stay = make_stay(awa, bed=bed, since=date(2026, 3, 1))
    house.record_presence(stay=stay, night=date(2026, 3, 2), mark="P", by=None)
    make_request(at=site)
    return stay


def test_everything_is_as_it_was(site, lived_in, let_in):
    before = fingerprint()
    nights = [(tonight() - timedelta(days=back)).isoformat() for back in (1, 2, 3)]

    job = let_in(
        site,
        row(**AWA, phone="+32470000000", arrival="2026-03-01", departure="2026-04-01", room="1", bed="A"),
        row(last_name="Bah", arrival="2026-05-01", room="9", bed="Z", phone="+32470000001"),
        row("presence", last_name="Bah", nights_present=nights, nights_absent=[]),
        row("bed", room="1", bed="B", bed_status="out_of_order"),
        row("waiting", last_name="Sylla", request_date="2026-05-05"),
        row("waiting", **AWA, request_date="2026-05-05"),
    )
    assert fingerprint() != before

    services.undo(job, by=None)

    assert fingerprint() == before
    job.refresh_from_db()
    assert job.state == ImportJob.State.UNDONE


def test_what_was_undone_is_new_again(site, let_in, stage):
    job = let_in(site, row(**AWA))
    services.undo(job, by=None)

    assert stage(site, row(**AWA)).staged_rows.counted() == {"new": 1}


def test_undoing_twice_is_refused(site, let_in):
    job = let_in(site, row(**AWA))
    services.undo(job, by=None)

    with pytest.raises(NotCommitted):
        services.undo(job, by=None)


def test_later_work_on_an_imported_person_is_named(site, let_in):
    job = let_in(site, row(last_name="Bah", first_name="Aissatou"))
    house.correct_person(person=Person.objects.get(), changes={"phone": "+32470000009"}, by=None)

    with pytest.raises(WorkedOnSince, match="Aissatou Bah"):
        services.undo(job, by=None)
    assert Person.objects.count() == 1


def test_a_later_night_of_an_imported_stay_is_named(site, let_in):
    job = let_in(site, row(last_name="Bah", first_name="Aissatou", arrival="2026-05-01"))
    house.record_presence(stay=Stay.objects.get(), night=date(2026, 5, 3), mark="P", by=None)

    with pytest.raises(WorkedOnSince, match="2026-05-03"):
        services.undo(job, by=None)


def test_a_later_import_of_the_same_people_comes_off_first(site, let_in):
    first = let_in(site, row(**AWA))
    second = let_in(site, row("waiting", **AWA, request_date="2026-05-05"))

    with pytest.raises(ImportedSince):
        services.undo(first, by=None)
    services.undo(second, by=None)
    services.undo(first, by=None)
    assert not Person.objects.exists()
