"""Finding a person by a name heard, hurried, or written by another office; and never one of another site."""

import pytest
from django.db import ProgrammingError, connection, transaction

from residents import services
from residents.models import Person
from shelter.accounts.models import PolicyGrant
from shelter.accounts.policy import Can, Role
from shelter.identity import acting_as
from tests.conftest import as_application
from tests.factories import make_person, make_request, make_site, make_stay, make_user

pytestmark = pytest.mark.django_db

PEOPLE = [
    ("Diallo", "Mamadou Lamine"),
    ("Bah", "Amadou"),
    ("Tesfay Kidane", "Yonas"),
    ("Hussein", "Mohamed"),
    ("El Masri", "Abd Al-Rahman"),
    ("Šarić", "Élodie"),
    ("Noorzai", ""),
    ("Shevchenko", "Oleksandr"),
    ("Keïta", "Souleymane"),
    ("Ali", "Hodan"),
]


@pytest.fixture
def site():
    site = make_site()
    for last_name, first_name in PEOPLE:
        make_person(last_name, first_name, at=site)
    return site


@pytest.fixture
def coordinator(site):
    return make_user(Role.COORDINATOR, at=site)


def names_found(user, text):
    with acting_as(user.pk):
        return [person.last_name for person in Person.objects.search(user, text).order_by("search_rank")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mamadou Lamine Diallo", "Diallo"),
        ("diallo mamadou", "Diallo"),  # order swapped, one name left out
        ("mamadu jallow", "Diallo"),  # as a Gambian office writes it
        ("Dialo", "Diallo"),  # a slip, one name alone
        ("ELODIE SARIC", "Šarić"),  # no accents
        ("Muhammad Husein", "Hussein"),
        ("Maxamed Xuseen", "Hussein"),
        ("Tesfaye", "Tesfay Kidane"),
        ("tesf", "Tesfay Kidane"),  # still typing
        ("Jonas Tesfai", "Tesfay Kidane"),
        ("Abdulrahman al-Masri", "El Masri"),
        ("abderrahmane masri", "El Masri"),
        ("noorzay", "Noorzai"),
        ("Aleksandr Shevtchenko", "Shevchenko"),
        ("Олександр Шевченко", "Shevchenko"),
        ("suleiman keita", "Keïta"),
        ("ba", "Bah"),
    ],
)
def test_a_name_is_found_however_it_is_written(coordinator, text, expected):
    assert names_found(coordinator, text)[:1] == [expected]


def test_every_kind_of_name_is_an_entry(site, coordinator):
    make_person("Zed", "", at=site, known_as="Yoni", native_name="ዮናስ")
    assert names_found(coordinator, "yoni")[0] == "Zed"
    assert "Zed" in names_found(coordinator, "ዮናስ")


def test_a_file_number_is_found(coordinator):
    person = Person.objects.get(last_name="Keïta")
    assert names_found(coordinator, f" {person.reference.lower()} ") == ["Keïta"]


@pytest.mark.parametrize("text", ["", "  ", "?!", "xkcdqwv zzz"])
def test_nothing_is_found_for_nothing(coordinator, text):
    assert names_found(coordinator, text) == []


def test_people_of_another_site_are_never_found(site):
    elsewhere = make_site(organisation=site.organisation)
    stranger = make_user(Role.COORDINATOR, at=elsewhere)
    diallo = Person.objects.get(last_name="Diallo")
    assert names_found(stranger, "Diallo") == []
    assert names_found(stranger, diallo.reference) == []
    make_stay(diallo, at=elsewhere)
    assert names_found(stranger, "Diallo") == ["Diallo"]


def test_who_waits_for_a_place_is_found_there(site):
    elsewhere = make_site(organisation=site.organisation)
    make_request(Person.objects.get(last_name="Noorzai"), at=elsewhere)
    assert names_found(make_user(Role.FRONT_DESK, at=elsewhere), "Noorzai") == ["Noorzai"]


@pytest.mark.parametrize(
    "build",
    [
        lambda site: make_user(Role.NIGHT_WATCH, at=site),
        lambda site: make_user(Role.LOGISTICS, at=site),
        lambda site: make_user(Role.COORDINATOR, at=site, over=True),
        lambda site: make_user(Role.COORDINATOR, at=site, is_active=False),
        lambda site: make_user(Role.PLATFORM_ADMIN),
    ],
)
def test_who_may_not_see_people_finds_nobody(site, build):
    assert names_found(build(site), "Diallo") == []


def test_the_function_finds_whom_the_queryset_shows(site):
    """Both read the same rights, one in SQL and one in Python."""
    for role in Role:
        user = make_user(role, at=site)
        seen = Person.objects.visible_to(user).filter(last_name="Diallo").exists()
        assert bool(names_found(user, "Diallo")) == seen, role


def test_a_name_of_an_absorbed_file_finds_the_kept_one(site, coordinator):
    kept = Person.objects.get(last_name="Keïta")
    absorbed = make_person("Wedraogo", "Issa", at=site)
    services.merge_persons(survivor=kept, absorbed=absorbed, reason="same", by=coordinator)
    assert names_found(coordinator, "Ouedraogo Issa") == ["Keïta"]


def test_the_database_knows_the_policy_table_and_the_application_cannot_change_it():
    told = set(PolicyGrant.objects.values_list("action", "role", "assigned_only"))
    assert {(action, role) for action, role, assigned_only in told if not assigned_only} == {
        (can.value, role.value) for can in Can for role in can.roles()
    }
    assert {(action, role) for action, role, _ in told} == {
        (can.value, role.value) for can in Can for role in can.roles_if_assigned()
    }
    with as_application(), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        PolicyGrant.objects.create(action="see_people", role=Role.FINANCE)


def test_the_function_is_nobody_elses(site):
    callers = "array(SELECT grantee::regrole::text FROM aclexplode(proacl) WHERE grantee <> proowner)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT prosecdef, proconfig, {callers} FROM pg_proc WHERE proname = 'residents_search'"  # noqa: S608
        )
        definer, settings, callers = cursor.fetchone()
    assert definer
    assert any(setting.startswith("search_path=pg_catalog") for setting in settings)
    assert set(callers) == {"maisonnee_app", "maisonnee_maintenance"}
