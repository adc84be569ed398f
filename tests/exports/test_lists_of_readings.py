"""Who read a file, and which readings were noticed, leave the house as every list with names does (A10); and their list."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from residents.models import ReadingAlert
from shelter.accounts.models import Membership
from shelter.accounts.policy import Role
from shelter.exports.models import Export
from tests.accounts.test_step_up import six_minutes_pass
from tests.exports.taking import ask, fetch, take_out
from tests.factories import make_key_worker, make_person, make_site, make_stay, make_user

pytestmark = pytest.mark.django_db
READINGS = reverse("residents:export_readings")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def site():
    return make_site("Hotel North")


@pytest.fixture
def person(site):
    return make_stay(make_person("Zyxtraore", at=site), at=site).person


@pytest.fixture
def coordinator(site, client):
    user = make_user(Role.COORDINATOR, at=site, language="en")
    client.force_login(user)
    return user


def log_of(person):
    return reverse("residents:export_access_log", args=[person.public_id])


def notice(person, site, *readers):
    now = timezone.now()
    for user in readers:
        ReadingAlert.objects.create(
            kind="relative", user=user, person=person, site=site, day=now.date(), first_at=now, times=1
        )


def test_both_ask_for_the_second_factor_and_a_purpose(client, coordinator, site, person):
    notice(person, site, coordinator)
    for path in (log_of(person), READINGS):
        assert client.post(path, {"purpose": " "}).status_code == 422
    six_minutes_pass(client)
    for path in (log_of(person), READINGS):
        assert client.get(path).url.startswith("/account/factors/")
    assert not Export.objects.exists()


def test_the_persons_are_recorded_as_taken_out_and_fetched(client, coordinator, site, person, entries):
    notice(person, site, coordinator)
    for path in (log_of(person), READINGS):
        take_out(client, path)
        assert entries(action="export")[-1].persons == [person.pk]
        assert entries(action="download")[-1].persons == [person.pk]


def test_a_long_report_waits_for_a_second_person(client, coordinator, site, person, monkeypatch):
    monkeypatch.setattr("shelter.exports.models.MOST_ALONE", 1)
    notice(person, site, *(make_user(Role.SOCIAL_WORKER, at=site) for _ in range(2)))
    assert client.post(READINGS, {"purpose": "x"}).status_code == 422, "nobody else may allow it yet"
    deputy = make_user(Role.DEPUTY_SOCIAL, at=site, name="Bram Approver")
    export = ask(client, READINGS)
    assert export.state == Export.State.WAITING
    assert "Bram Approver" in client.get(f"/exports/{export.public_id}/").text
    Membership.objects.filter(user=deputy).delete()
    page = client.get(f"/exports/{export.public_id}/").text
    assert "Nobody may allow it" in page
    assert str(Role.DEPUTY_SOCIAL.label) in page


def test_a_filter_of_the_report_holds_for_its_file(client, coordinator, site, person):
    notice(person, site, coordinator, make_user(Role.SOCIAL_WORKER, at=site, name="Marie Lebrun"))
    page = client.post(reverse("ui:search"), {"page": reverse("residents:readings"), "who": "lebrun"})
    file = take_out(client, f"{READINGS}?{page.url.partition('?')[2]}")
    rows = list(load_workbook(io.BytesIO(file.content)).worksheets[0].iter_rows(min_row=3, values_only=True))
    assert [row[1] for row in rows] == ["Marie Lebrun"]


def test_a_key_worker_takes_the_log_out_until_the_follow_up_ends(client, site, person):
    worker = make_user(Role.SOCIAL_WORKER, at=site)
    client.force_login(worker)
    assert client.get(log_of(person)).status_code == 404
    follows = make_key_worker(person, worker, at=site)
    export = ask(client, log_of(person))
    assert fetch(client, export).content.startswith(b"PK")
    follows.ends_on = timezone.localdate()
    follows.save()
    assert fetch(client, export).status_code == 302


def test_a_list_of_the_whole_house_closes_with_the_right(client):
    officer = make_user(Role.PLATFORM_ADMIN)
    client.force_login(officer)
    export = ask(client, reverse("accounts:export_team"))
    assert export.site_ids == []
    Membership.objects.filter(user=officer).update(role=Role.VOLUNTEER, site=make_site())
    assert fetch(client, export).status_code == 302


def test_ones_exports_narrow_sort_and_go_out_as_a_list(client, coordinator, site, person):
    notice(person, site, coordinator)
    ask(client, log_of(person), "asked by the person")
    ask(client, READINGS, "weekly")
    Export.objects.filter(kind="readings").update(expires_at=timezone.now() - timedelta(1))
    page = reverse("exports:list")

    def purposes(**query):
        return [export.purpose for export, _title in client.get(page, query).context["rows"]]

    assert purposes() == ["weekly", "asked by the person"]
    assert purposes(sort="when") == ["asked by the person", "weekly"]
    assert purposes(kind="access_log") == ["asked by the person"]
    assert purposes(state="expired") == ["weekly"]
    assert purposes(state="ready") == ["asked by the person"]
    assert purposes(since=str(timezone.localdate() + timedelta(1))) == []
    file = client.post(f"{reverse('exports:export_list')}?kind=readings", {"purpose": "own records"})
    rows = list(load_workbook(io.BytesIO(file.content)).worksheets[0].iter_rows(min_row=3, values_only=True))
    assert [row[2] for row in rows] == ["weekly"]
