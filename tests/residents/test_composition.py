"""Counts of people by what they are: on tonight's page of one site, and never of fewer than five people (A11)."""

import re
from datetime import date
from itertools import product

import pytest

from residents.models import Household
from shelter.accounts.policy import Can, Role
from shelter.counts import BELOW, WITHHELD, discreet
from tests.factories import make_person, make_site, make_stay, make_user

GROWN, CHILD = date(1990, 1, 1), date(2020, 1, 1)


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ((9, 6, 0), (9, 6, 0)),
        ((20, 2, 1), (20, BELOW, BELOW)),
        ((9, 6, 3), (WITHHELD, 6, WITHHELD)),
        ((20, 1, 1), (WITHHELD, WITHHELD, WITHHELD)),
        ((9, 4, 4), (WITHHELD, WITHHELD, WITHHELD)),
        ((9, 2, 1), None),
        ((4, 4, 4), None),
        ((3, 0, 0), None),
        ((0, 0, 0), (0, 0, 0)),
    ],
)
def test_no_part_below_five_shows(parts, shown):
    found = discreet(dict(enumerate(parts)))
    assert found == (None if shown is None else dict(enumerate(shown)))


def test_no_total_tells_a_part_that_is_hidden():
    """Of every three parts: what is shown, with its total, fits two numbers at least for each part that is hidden."""
    fits: dict[tuple[object, ...], list[tuple[int, ...]]] = {}
    for parts in product(range(14), repeat=3):
        shown = discreet(dict(enumerate(parts)))
        seen = None if shown is None else tuple(shown.values())
        fits.setdefault((sum(parts), seen), []).append(parts)
    for (_total, seen), possible in fits.items():
        for part in range(3):
            if seen is None or seen[part] in {BELOW, WITHHELD}:
                assert len({parts[part] for parts in possible}) > 1, f"{seen} tells {possible}"


@pytest.fixture
def site(db):
    """Thirteen adults, of whom four are a family with its three children."""
    site = make_site()
    family = Household.objects.create(organisation=site.organisation)
    for number in range(16):
        person = make_person(
            at=site,
            birth_date=CHILD if number < 3 else GROWN,
            birth_precision="day",
            household=family if number < 7 else None,
        )
        make_stay(person, at=site)
    return site


def shown(client, site, role, query=""):
    client.force_login(make_user(role, at=site))
    page = client.get(f"/?site={site.slug}{query}").content.decode()
    found = re.search(r'aria-labelledby="composition".*?</section>', page, re.DOTALL)
    return re.findall(r"<dt>(.*?)</dt><dd class=\"num\">(.*?)</dd>", found[0]) if found else None


def test_who_may_know_counts_and_no_names_reads_them(client, site):
    assert shown(client, site, Role.DIRECTOR) == [
        ("Mineur·es", "–"),
        ("Adultes", "–"),
        ("Âge inconnu", "0"),
        ("En famille", "7"),
        ("Seul·es", "9"),
    ]


def test_few_people_read_below_five(client, site):
    for person_of_no_age in range(2):
        make_stay(make_person(f"Ageless{person_of_no_age}", at=site), at=site)
    assert shown(client, site, Role.COORDINATOR)[:3] == [
        ("Mineur·es", "&lt; 5"),
        ("Adultes", "13"),
        ("Âge inconnu", "&lt; 5"),
    ]


def test_no_two_nights_and_no_two_sites_are_subtracted(client, site):
    assert shown(client, site, Role.COORDINATOR, "&night=2026-01-01") is None
    client.force_login(user := make_user(Role.COORDINATOR, at=site))
    assert "composition" in client.get("/").content.decode()
    user.memberships.create(role=Role.COORDINATOR, site=make_site(organisation=site.organisation))
    assert "composition" not in client.get("/").content.decode()


@pytest.mark.parametrize("role", [Role.NIGHT_WATCH, Role.FRONT_DESK, Role.VOLUNTEER, Role.LOGISTICS])
def test_who_may_know_no_counts_reads_none(client, site, role):
    assert role not in Can.SEE_COMPOSITION.roles()
    assert shown(client, site, role) is None
