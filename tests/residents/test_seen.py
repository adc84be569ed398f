"""Whose data an account has seen (H5)."""

import io
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from residents.selectors.readings import seen_by
from shelter.accounts.policy import InfoClass, Role
from shelter.audit import Action, record
from shelter.audit.models import Entry
from shelter.identity import acting_as
from tests.exports.taking import take_out
from tests.factories import make_person, make_site, make_stay, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_site()


@pytest.fixture
def reader(house):
    return make_user(Role.SOCIAL_WORKER, at=house)


def sees(user, *persons, info_class=InfoClass.IDENTITY, action=Action.OPEN):
    with acting_as(user.pk):
        record(action, info_class=info_class, persons=persons)


def seen(reader, by, since=None, until=None):
    today = timezone.localdate()
    with acting_as(by.pk):
        return {row.person_id: row for row in seen_by(reader, since or today - timedelta(30), until or today)}


@pytest.mark.parametrize("role", [Role.DPO, Role.COORDINATOR])
def test_everybody_whose_data_was_shown_is_named_once_with_what_and_how(house, reader, role):
    listed, opened = make_person(at=house), make_person(at=house)
    make_person(at=house)  # seen by nobody
    sees(reader, listed, opened, action=Action.LIST)
    sees(reader, opened, info_class=InfoClass.LEGAL)
    sees(make_user(Role.SOCIAL_WORKER, at=house), listed, action=Action.PRINT)

    found = seen(reader, make_user(role, at=house))

    assert {key: (row.times, set(row.classes), set(row.actions)) for key, row in found.items()} == {
        listed.pk: (1, {"identity"}, {"list"}),
        opened.pk: (2, {"identity", "legal"}, {"list", "open"}),
    }


def test_only_the_period_counts_and_its_last_day_does(house, reader):
    officer, long_ago, today = make_user(Role.DPO, at=house), make_person(at=house), make_person(at=house)
    at = timezone.now() - timedelta(40)
    Entry.objects.create(at=at, user=reader, info_class=InfoClass.IDENTITY, action=Action.OPEN, persons=[long_ago.pk])
    sees(reader, today)
    day = timezone.localdate()
    assert set(seen(reader, officer)) == {today.pk}
    assert set(seen(reader, officer, since=day - timedelta(50), until=day - timedelta(20))) == {long_ago.pk}


def test_persons_of_other_sites_are_not_told_and_those_who_stayed_here_are(house, reader):
    elsewhere, moved = (make_person(at=make_site(organisation=house.organisation)) for _ in range(2))
    make_stay(moved, at=house)
    sees(reader, elsewhere, moved)
    assert set(seen(reader, make_user(Role.DPO, at=house))) == {moved.pk}


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.PLATFORM_ADMIN, Role.DIRECTOR])
def test_the_database_refuses_everybody_else(house, reader, role):
    with pytest.raises(DatabaseError, match="not yours"), transaction.atomic():
        seen(reader, make_user(role, at=house))


def test_the_page_and_the_file_say_numbers_and_no_name(client, house, reader, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    person = make_person("Zahra", at=house)
    sees(reader, person)
    client.force_login(make_user(Role.DPO, at=house))
    member = client.get(reverse("accounts:member", args=[reader.public_id])).content.decode()
    address = reverse("residents:seen", args=[reader.public_id])
    assert address in member

    page = client.get(address).content.decode()
    assert person.reference in page
    assert "Zahra" not in page

    export = take_out(client, reverse("residents:export_seen", args=[reader.public_id]), "breach of Tuesday")
    rows = load_workbook(io.BytesIO(export.content)).worksheets[0].iter_rows(min_row=3, values_only=True)
    assert [row[0] for row in rows if row[0]] == [person.reference]
