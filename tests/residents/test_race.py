"""Many desks, few beds: exactly as many win as there are beds, and the others read a sentence."""

import os
import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from residents import services
from residents.models import BedAssignment, Stay
from residents.nights import tonight
from residents.services import refusals
from shelter.accounts.policy import Role
from tests.factories import make_beds, make_person, make_site, make_stay, make_user

pytestmark = pytest.mark.django_db(transaction=True)
# RACE_ATTEMPTS=1000 runs the race of the specification.
ATTEMPTS = int(os.environ.get("RACE_ATTEMPTS", "150"))
DESKS = 12
LOST = {refusals.BedTaken, refusals.AlreadyHoused}


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def clerk(site):
    return make_user(Role.COORDINATOR, at=site)


def race(*attempts):
    """Run these at once, by a dozen desks that all wait for the start; what each answered or raised."""
    started = threading.Barrier(min(DESKS, len(attempts)))
    waiting = threading.local()

    def desk(attempt):
        with closing(connection):  # each thread opens its own
            if not getattr(waiting, "over", False):
                started.wait()
                waiting.over = True
            try:
                return attempt()
            except Exception as error:  # what it was is what the test looks at
                return error

    with ThreadPoolExecutor(started.parties) as desks:
        return list(desks.map(desk, attempts))


def test_fifty_people_and_ten_beds(site, clerk):
    people = [make_person(at=site) for _ in range(50)]
    beds = make_beds(site, "ABCDEFGHIJ")
    # Each bed has more suitors than there are beds: one of them is always still without a bed.
    pairs = [(person, bed) for bed in beds for person in random.sample(people, 15)]
    pairs += [(random.choice(people), random.choice(beds)) for _ in range(ATTEMPTS - len(pairs))]
    random.shuffle(pairs)

    admit = partial(services.admit, site=site, arrived_on=tonight(), by=clerk)
    outcomes = race(*(partial(admit, person=person, bed=bed) for person, bed in pairs))
    kinds = Counter(type(outcome) for outcome in outcomes)
    assert kinds.keys() <= {Stay, *LOST}, kinds
    assert kinds[Stay] == 10
    assert set(BedAssignment.objects.values_list("bed", flat=True)) == {bed.pk for bed in beds}
    assert Stay.objects.count() == 10


def test_two_desks_and_one_bed(site, clerk):
    (bed,) = make_beds(site)
    admit = partial(services.admit, site=site, bed=bed, arrived_on=tonight(), by=clerk)
    outcomes = race(*(partial(admit, person=make_person(at=site)) for _ in range(2)))
    assert {type(outcome) for outcome in outcomes} == {Stay, refusals.BedTaken}


def test_two_sites_and_one_person(site, clerk):
    person = make_person(at=site)
    sites = [site, make_site(organisation=site.organisation)]
    admit = partial(services.admit, person=person, arrived_on=tonight(), by=clerk)
    outcomes = race(*(partial(admit, site=at) for at in sites))
    assert {type(outcome) for outcome in outcomes} == {Stay, refusals.AlreadyHoused}


def test_two_residents_move_into_each_others_bed(site, clerk):
    one, other = make_beds(site, "AB")
    first, second = make_stay(bed=one), make_stay(bed=other)
    move = partial(services.move_bed, from_on=tonight(), by=clerk)
    outcomes = race(partial(move, stay=first, bed=other), partial(move, stay=second, bed=one))
    assert all(type(outcome) in {Stay, refusals.BedTaken} for outcome in outcomes), outcomes


def test_over_http_the_loser_reads_the_sentence(site, clerk):
    beds = make_beds(site, "ABC")
    people = [make_person(at=site) for _ in range(8)]

    def attempt(person, bed):
        client = Client()
        client.force_login(clerk)
        address = reverse("residents:admit_person", args=[person.public_id])
        return client.post(address, {"site": site.slug, "arrived_on": tonight().isoformat(), "bed": str(bed.public_id)})

    outcomes = race(*(partial(attempt, person, beds[n % 3]) for n, person in enumerate(people)))
    assert Counter(outcome.status_code for outcome in outcomes) == {302: 3, 422: 5}
    loser = next(outcome for outcome in outcomes if outcome.status_code == 422)
    with translation.override("fr"):
        assert str(escape(refusals.BedTaken.message)) in loser.content.decode()
