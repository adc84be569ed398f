"""The policy table as a page: shown to those who answer for it, rendered from what the code asks."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from shelter.accounts import policy, wording
from shelter.accounts.policy import Can, InfoClass, Mode, Role, grants
from tests.factories import make_site, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/policy/"


@pytest.fixture
def as_officer(client):
    client.force_login(make_user(Role.DPO, at=make_site()))
    return client


@pytest.mark.parametrize("role", [Role.DPO, Role.PLATFORM_ADMIN])
def test_those_who_answer_for_it_read_the_whole_table(client, role):
    client.force_login(make_user(role, at=None if role is Role.PLATFORM_ADMIN else make_site()))

    page = client.get(ADDRESS).content.decode()

    assert 'href="/policy/"' in client.get(reverse("accounts:team")).content.decode()
    assert all(str(one.label) in page for one in (*Role, *InfoClass))


def test_every_class_stands_in_one_of_the_two_halves():
    assert [kind for _title, classes in wording.HALVES for kind in classes] == list(InfoClass)


def test_the_page_shows_the_table_that_the_code_asks(as_officer, monkeypatch):
    changed = {**grants(), (Role.AUDITOR, InfoClass.HEALTH): (policy.Grant(Mode.WRITE),)}
    monkeypatch.setattr(wording, "grants", lambda: changed)
    before = as_officer.get(ADDRESS, {"role": "auditor"}).content.decode()
    monkeypatch.undo()
    after = as_officer.get(ADDRESS, {"role": "auditor"}).content.decode()

    assert "Lit, ajoute et corrige." in before.split("<form", 1)[1].split("Comment lire", 1)[0]
    assert "Lit, ajoute et corrige." not in after.split("<form", 1)[1].split("Comment lire", 1)[0]


def test_a_part_has_one_role_alone_in_sentences(as_officer):
    part = as_officer.get(ADDRESS, {"role": "health"}, headers={"HX-Request": "true"}).content.decode()

    assert "Seulement pour les personnes suivies." in part
    assert str(Role.JURIST.label) not in part


def test_an_unknown_role_shows_the_whole_table(as_officer):
    assert str(Role.JURIST.label) in as_officer.get(ADDRESS, {"role": "pope"}).content.decode()


def test_the_file_has_a_line_for_each_role(as_officer):
    path = reverse("accounts:export_policy")
    assert as_officer.get(path).status_code == 405
    assert as_officer.post(path, {"purpose": ""}).status_code == 302
    answer = as_officer.post(path, {"purpose": "audit"})
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]

    lines = {row[0]: row for row in sheet.iter_rows(min_row=3, values_only=True)}
    assert lines.keys() == {str(role.label) for role in Role}
    assert lines[str(Role.PLATFORM_ADMIN.label)][2] == "–"


def test_every_mode_and_limit_of_the_table_has_words():
    written = {grant.limit for cell in grants().values() for grant in cell if grant.limit}

    assert wording.MODES.keys() == set(Mode)
    assert written <= wording.LIMITS.keys()
    assert not wording.LIMITS.keys() - written


def test_platform_administrators_read_no_person_and_keep_the_house():
    """A8, in the table itself."""
    held = {kind for kind in InfoClass if grants()[Role.PLATFORM_ADMIN, kind]}

    assert held == {InfoClass.PLACES, InfoClass.ACCOUNTS, InfoClass.RULES}
    assert Role.PLATFORM_ADMIN not in Can.SEE_PEOPLE.roles()
