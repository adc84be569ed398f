"""What two tables promise each other holds whoever writes: a service, a bulk statement, a hand at psql."""

from contextlib import contextmanager
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from residents.models import BedAssignment, Person, Stay
from sites.models import Bed, BedClosure, Organisation, Room, Site

JAN, FEB, MAR, APR = (date(2026, month, 1) for month in (1, 2, 3, 4))

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return Site.objects.create(
        organisation=Organisation.objects.create(name="Maison", slug="maison"), name="Nord", slug="nord", scheme="URG"
    )


@pytest.fixture
def bed(site):
    return Bed.objects.create(room=Room.objects.create(site=site, name="101"), label="A")


@pytest.fixture
def stay(site):
    person = Person.objects.create(organisation=site.organisation, registered_at=site, last_name="Exemple")
    return Stay.objects.create(person=person, site=site, arrived_on=FEB, left_on=APR)


@contextmanager
def refused(constraint):
    """The database refuses what is done inside, by this name."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        yield
    assert refusal.value.__cause__.diag.constraint_name == constraint


def test_a_bed_assignment_stays_inside_its_stay(stay, bed):
    with refused("bed_assignment_inside_stay"):
        BedAssignment.objects.create(stay=stay, bed=bed, from_on=JAN, until_on=MAR)
    with refused("bed_assignment_inside_stay"):
        BedAssignment.objects.create(stay=stay, bed=bed, from_on=FEB)  # the stay ends, the assignment would not


def test_a_stay_is_not_shortened_under_its_bed(stay, bed):
    BedAssignment.objects.create(stay=stay, bed=bed, from_on=FEB, until_on=APR)
    with refused("bed_assignment_inside_stay"):
        Stay.objects.filter(pk=stay.pk).update(left_on=MAR)


def test_a_bed_belongs_to_the_site_of_the_stay(stay, site):
    elsewhere = Site.objects.create(organisation=site.organisation, name="Sud", slug="sud", scheme="URG")
    bed = Bed.objects.create(room=Room.objects.create(site=elsewhere, name="1"), label="A")
    with refused("bed_assignment_inside_stay"):
        BedAssignment.objects.create(stay=stay, bed=bed, from_on=FEB, until_on=APR)


def test_a_closed_bed_takes_nobody_and_a_taken_bed_is_not_closed(stay, bed):
    closure = BedClosure.objects.create(bed=bed, from_on=JAN, until_on=MAR, reason="works")
    with refused("bed_open_while_assigned"):
        BedAssignment.objects.create(stay=stay, bed=bed, from_on=FEB, until_on=APR)
    BedAssignment.objects.create(stay=stay, bed=bed, from_on=MAR, until_on=APR)
    with refused("bed_empty_while_closed"):
        BedClosure.objects.filter(pk=closure.pk).update(until_on=None)


def test_a_bed_is_not_taken_away_under_somebody(stay, bed):
    BedAssignment.objects.create(stay=stay, bed=bed, from_on=FEB, until_on=APR)
    with refused("bed_open_while_assigned"):
        Bed.objects.filter(pk=bed.pk).update(retired_on=MAR)
    Bed.objects.filter(pk=bed.pk).update(retired_on=APR)


def test_a_stay_is_at_a_site_of_the_persons_organisation(stay):
    other = Organisation.objects.create(name="Autre", slug="autre")
    elsewhere = Site.objects.create(organisation=other, name="Ailleurs", slug="ailleurs", scheme="URG")
    with refused("stay_inside_organisation"):
        Stay.objects.create(person=stay.person, site=elsewhere, arrived_on=APR)


def test_the_day_of_leaving_is_free_for_another(stay, bed, site):
    BedAssignment.objects.create(stay=stay, bed=bed, from_on=FEB, until_on=MAR)
    next_person = Person.objects.create(organisation=site.organisation, registered_at=site, last_name="Suivant")
    next_stay = Stay.objects.create(person=next_person, site=site, arrived_on=MAR)
    BedAssignment.objects.create(stay=next_stay, bed=bed, from_on=MAR)
    with refused("bed_holds_one_person"):
        BedAssignment.objects.filter(stay=stay).update(until_on=APR)


def test_a_person_is_in_one_place_at_a_time(stay, site):
    elsewhere = Site.objects.create(organisation=site.organisation, name="Sud", slug="sud", scheme="URG")
    with refused("stay_person_in_one_place"):
        Stay.objects.create(person=stay.person, site=elsewhere, arrived_on=MAR)
