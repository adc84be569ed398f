"""Who is known at a site beyond the reader's is only "known elsewhere", thirty times an hour (A6, A9d)."""

import pytest
from django.urls import reverse

from residents.selectors.elsewhere import PER_HOUR
from shelter.accounts.policy import Role
from tests.factories import make_person, make_site, make_user
from tests.searching import searched

pytestmark = pytest.mark.django_db
KNOWN, TOO_MANY = "Connu·e ailleurs dans l’organisation", "Plus de questions hors de vos sites"


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def desk(client, site):
    user = make_user(Role.FRONT_DESK, at=site)
    client.force_login(user)
    return user


@pytest.fixture
def hidden(site):
    return make_person("Zyxtraore", "Awa", at=make_site("Maison Secrète", organisation=site.organisation))


def asked(client, user, name):
    return [
        client.get(reverse("residents:people"), searched(user, q=name)).text,
        client.get(reverse("residents:admit"), searched(user, name=name)).text,
    ]


def test_a_match_beyond_the_readers_sites_says_only_that(client, desk, hidden):
    for page in asked(client, desk, "awa zyxtraoré"):
        assert KNOWN in page
        assert not any(told in page for told in ("Zyxtraore", hidden.reference, "Secrète", str(hidden.public_id)))


@pytest.mark.parametrize("name", ["Zyxtraore", "Awa", "awa zyxt", "awa zyxtraore kone"])
def test_part_of_a_name_says_nothing(client, desk, hidden, name):
    """Or letters and names could be tried one by one."""
    assert not any(KNOWN in page for page in asked(client, desk, name))


def test_a_single_name_is_a_whole_name(client, desk, site):
    make_person("Zyxthierno", "", at=make_site(organisation=site.organisation))

    assert KNOWN in client.get(reverse("residents:admit"), searched(desk, name="zyxthierno")).text


def test_other_organisations_are_never_looked_at(client, desk):
    make_person("Zyxtraore", "Awa", at=make_site())

    assert not any(KNOWN in page for page in asked(client, desk, "Awa Zyxtraore"))


def test_whom_the_reader_sees_is_not_elsewhere(client, desk, site):
    make_person("Zyxtraore", "Awa", at=site)

    assert not any(KNOWN in page for page in asked(client, desk, "Awa Zyxtraore"))


def test_thirty_questions_an_hour_and_then_a_sentence(client, desk, hidden):
    for number in range(PER_HOUR):
        client.get(reverse("residents:people"), searched(desk, q=f"Awa Nobody{number * 'x'}"))
    refused = client.get(reverse("residents:people"), searched(desk, q="Awa Zyxtraore")).text

    assert TOO_MANY in refused
    assert KNOWN not in refused


def test_the_same_question_counts_once(client, desk, hidden):
    for _ in range(PER_HOUR + 1):
        page = client.get(reverse("residents:people"), searched(desk, q="Awa Zyxtraore")).text

    assert KNOWN in page


def test_each_question_is_recorded_without_its_words(client, desk, hidden, entries):
    client.get(reverse("residents:people"), searched(desk, q="Awa Zyxtraore"))

    [entry] = [entry for entry in entries(action="search") if entry.about == "elsewhere"]
    assert (entry.user_id, entry.persons) == (desk.pk, [])
