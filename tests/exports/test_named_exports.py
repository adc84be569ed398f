"""A list with names leaves the house with a purpose, after a second factor, and a long one after a second person (A10)."""

import io
import os
from datetime import timedelta
from urllib.parse import urlencode

import openpyxl
import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shelter.accounts.models import Membership
from shelter.accounts.policy import InfoClass, Role
from shelter.exports import files, services, tasks
from shelter.exports.lists import list_of
from shelter.exports.models import MOST_ALONE, Export, ExportDownload
from shelter.identity import acting_as
from shelter.vault import Unreadable
from tests.accounts.test_step_up import six_minutes_pass
from tests.conftest import as_application
from tests.exports.taking import ask, fetch, take_out
from tests.factories import make_person, make_site, make_stay, make_user
from tests.searching import searched

pytestmark = pytest.mark.django_db
PEOPLE = "/people/export/"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def site():
    return make_site("Hotel North")


@pytest.fixture
def worker(site, client):
    user = make_user(Role.SOCIAL_WORKER, at=site, name="Inès Asker")
    client.force_login(user)
    return user


@pytest.fixture
def deputy(site):
    return make_user(Role.DEPUTY_SOCIAL, at=site, name="Bram Approver")


@pytest.fixture
def few(site):
    return [make_stay(make_person(f"Few{number}", at=site), at=site) for number in range(3)]


@pytest.fixture
def many(site, monkeypatch):
    """More than one may take out alone; the figure is lowered, for people are slow to make."""
    monkeypatch.setattr("shelter.exports.models.MOST_ALONE", 2)
    return [make_stay(make_person(f"Many{number}", at=site), at=site) for number in range(3)]


@pytest.fixture
def as_deputy(deputy, browser):
    signed_in = browser()
    signed_in.force_login(deputy)
    return signed_in


@pytest.fixture
def browser():
    """Another browser, for another person."""
    return Client


def test_fifty_names_go_out_alone_and_no_more():
    assert MOST_ALONE == 50
    assert not Export(count=50, info_class=InfoClass.IDENTITY).needs_a_second
    assert Export(count=51, info_class=InfoClass.IDENTITY).needs_a_second


@pytest.mark.parametrize("info_class", [InfoClass.INTERVIEWS, InfoClass.LEGAL, InfoClass.HEALTH])
def test_one_name_of_a_secrecy_class_needs_a_second_person(info_class):
    assert Export(count=1, info_class=info_class).needs_a_second


def test_a_short_list_is_fetched_at_once_with_who_when_and_what_for(client, worker, few):
    response = take_out(client, PEOPLE, "fire & drill")
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    sheet = book.worksheets[0]
    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert [row[1] for row in sheet.iter_rows(min_row=3, values_only=True)] == ["Few0", "Few1", "Few2"]
    first = sheet["A1"].value
    assert "Inès Asker" in first
    assert "fire & drill" in first
    assert "Inès Asker" in sheet.oddHeader.center.text
    assert "drill" in sheet.oddFooter.center.text
    assert sheet.print_title_rows == "$1:$2"


def test_without_a_purpose_nothing_is_made(client, worker, few):
    assert client.post(PEOPLE, {"purpose": " "}).status_code == 422
    assert not Export.objects.exists()


def test_an_empty_list_is_not_made(client, worker):
    assert client.post(PEOPLE, {"purpose": "x"}).status_code == 422


@pytest.mark.parametrize("path", [PEOPLE, "/team/export/"])
def test_the_second_factor_is_asked_before_anything_is_typed(client, site, path):
    client.force_login(make_user(Role.COORDINATOR, at=site))
    six_minutes_pass(client)
    for answer in (client.get(path), client.post(path, {"purpose": "x"})):
        assert answer.status_code == 302
        assert answer.url.startswith("/account/factors/")
    assert not Export.objects.exists()


def test_allowing_and_fetching_ask_for_the_second_factor_too(client, worker, many, as_deputy):
    export = ask(client, PEOPLE)
    six_minutes_pass(as_deputy)
    assert as_deputy.post(f"/exports/{export.public_id}/allow/").url.startswith("/account/factors/")
    six_minutes_pass(client)
    assert fetch(client, export).url.startswith("/account/factors/")


def test_a_long_list_waits_for_a_second_person(client, worker, many, as_deputy):
    export = ask(client, PEOPLE)
    assert export.state == Export.State.WAITING
    assert fetch(client, export).status_code == 302
    assert as_deputy.get("/exports/").content.count(str(export.public_id).encode())
    as_deputy.post(f"/exports/{export.public_id}/allow/")
    assert fetch(client, export).content.startswith(b"PK")
    assert fetch(as_deputy, export).status_code == 302  # to allow is not to have


def test_nobody_allows_their_own(client, site, many):
    coordinator, other = (make_user(Role.COORDINATOR, at=site) for _ in range(2))
    client.force_login(coordinator)
    export = ask(client, PEOPLE)
    client.post(f"/exports/{export.public_id}/allow/")
    export.refresh_from_db()
    assert export.state == Export.State.WAITING
    with pytest.raises(services.NotToOneself):
        services.allow(export, by=coordinator)
    services.allow(export, by=other)


def test_the_database_itself_refuses_a_long_list_that_nobody_allowed(worker, site):
    made = Export.objects.create(
        kind="people", info_class="identity", asked_by=worker, site_ids=[site.pk], approver="approve_export", count=51
    )
    for values in ({"state": "ready"}, {"state": "ready", "decided_by": worker}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Export.objects.filter(pk=made.pk).update(**values)


def test_only_who_leads_at_every_site_of_the_list_may_allow_it(client, site, many, browser):
    second = make_site("Hotel South", organisation=site.organisation)
    asker = make_user(Role.SOCIAL_WORKER, at=site, language="en")
    Membership.objects.create(user=asker, site=second, role=Role.SOCIAL_WORKER)
    here_only = make_user(Role.DEPUTY_SOCIAL, at=site)
    client.force_login(asker)
    stuck = client.post(PEOPLE, {"purpose": "x"})  # nobody could ever allow it
    assert stuck.status_code == 422
    assert "nobody may at all of its sites together" in stuck.text
    assert str(Role.DEPUTY_SOCIAL.label) in stuck.text
    at_both = make_user(Role.COORDINATOR, at=site)
    Membership.objects.create(user=at_both, site=second, role=Role.COORDINATOR)
    export = ask(client, PEOPLE)
    for user, status in ((here_only, 404), (make_user(Role.COORDINATOR, at=second), 404), (at_both, 302)):
        signed_in = browser()
        signed_in.force_login(user)
        assert signed_in.post(f"/exports/{export.public_id}/allow/").status_code == status


def test_a_refusal_gives_its_reason_and_destroys_the_file(
    client, worker, many, as_deputy, django_capture_on_commit_callbacks
):
    export = ask(client, PEOPLE)
    assert list(files.folder().iterdir())
    with django_capture_on_commit_callbacks(execute=True):
        as_deputy.post(f"/exports/{export.public_id}/", {"reason": "Half of it would do."})
    export.refresh_from_db()
    assert (export.state, export.wrapped_key, export.stored_as) == (Export.State.REFUSED, None, "")
    assert not list(files.folder().iterdir())
    assert "Half of it would do." in client.get(f"/exports/{export.public_id}/").content.decode()


def test_those_who_may_allow_are_told_that_something_waits_and_not_what(
    client, worker, many, deputy, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        ask(client, PEOPLE, "the purpose")
    [sent] = mail.outbox
    assert sent.to == [deputy.email]
    for word in ("the purpose", "Hotel North", "Many", worker.name):
        assert word not in sent.subject + sent.body


def test_after_a_day_the_file_and_its_key_are_gone(client, worker, few):
    export = ask(client, PEOPLE)
    Export.objects.filter(pk=export.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert fetch(client, export).status_code == 302  # also before anybody has destroyed it
    assert services.expire() == 1
    export.refresh_from_db()
    assert export.state == Export.State.EXPIRED
    assert not list(files.folder().iterdir())
    with pytest.raises(Unreadable):
        services.asked_in(export)


def test_what_a_writing_that_was_not_finished_left_is_swept(client, worker, few):
    kept = ask(client, PEOPLE).stored_as
    (files.folder() / "left").touch()
    for path in files.folder().iterdir():
        os.utime(path, (0, 0))
    with as_application():
        tasks.sweep()
    assert [path.name for path in files.folder().iterdir()] == [kept]


def test_a_day_begins_when_the_file_may_be_fetched(client, worker, many, as_deputy):
    export = ask(client, PEOPLE)
    Export.objects.filter(pk=export.pk).update(expires_at=timezone.now() + timedelta(minutes=1))
    as_deputy.post(f"/exports/{export.public_id}/allow/")
    export.refresh_from_db()
    assert timedelta(hours=23, minutes=59) < export.expires_at - timezone.now() <= timedelta(hours=24)


def test_each_download_is_written_down(client, worker, few):
    export = ask(client, PEOPLE)
    fetch(client, export)
    fetch(client, export)
    assert list(ExportDownload.objects.values_list("export", "user")) == [(export.pk, worker.pk)] * 2


def test_whoever_left_the_team_fetches_nothing(client, worker, few, site):
    export = ask(client, PEOPLE)
    elsewhere = make_site()
    Membership.objects.filter(user=worker).update(site=elsewhere)
    assert fetch(client, export).status_code == 302


def test_another_persons_export_is_not_found(client, worker, few, browser, site):
    export = ask(client, PEOPLE)
    for role in (Role.SOCIAL_WORKER, Role.NIGHT_WATCH, Role.DATA_ADMIN):
        signed_in = browser()
        signed_in.force_login(make_user(role, at=site))
        for path in ("", "allow/", "download/", "destroy/"):
            method = signed_in.get if not path else signed_in.post
            assert method(f"/exports/{export.public_id}/{path}").status_code == 404


def test_what_lies_on_the_disk_and_in_the_table_can_be_read_without_the_key_by_nobody(client, worker, few):
    export = ask(client, f"{PEOPLE}?{urlencode(searched(worker, q='Few1'))}", "x")
    [path] = files.folder().iterdir()
    assert b"PK" not in path.read_bytes()[:64]
    assert b"Few1" not in bytes(export.sealed_selection)
    moved = Export(public_id=make_site().public_id, wrapped_key=export.wrapped_key, stored_as=export.stored_as)
    with pytest.raises(Unreadable):
        files.content_of(moved)


def test_the_asker_can_destroy_it_early(client, worker, few, django_capture_on_commit_callbacks):
    export = ask(client, PEOPLE)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/exports/{export.public_id}/destroy/")
    assert not list(files.folder().iterdir())
    assert fetch(client, export).status_code == 302


@pytest.fixture
def large(monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 2)
    monkeypatch.setattr(services, "PIECE", 2)


def test_a_large_list_is_written_by_a_worker(client, worker, few, large):
    export = ask(client, PEOPLE)
    assert export.state == Export.State.BUILDING
    page = client.get(f"/exports/{export.public_id}/").content.decode()
    assert 'hx-trigger="every 1s"' in page
    services.write(export.pk, worker.pk)
    assert fetch(client, export).content.startswith(b"PK")


def test_a_worker_that_died_is_followed_by_another(client, worker, few, large, monkeypatch):
    export = ask(client, PEOPLE)
    people = list_of("people")
    asked = []

    def dies_at_the_second_piece(user, keys, query):
        asked.append(keys)
        if len(asked) == 2:
            raise SystemExit
        return people.rows(user, keys, query)

    dying = type(people)(**{**people.__dict__, "rows": dies_at_the_second_piece})
    with monkeypatch.context() as patch:
        patch.setattr(services, "list_of", lambda kind: dying)
        with pytest.raises(SystemExit):
            services.write(export.pk, worker.pk)
    export.refresh_from_db()
    assert (export.state, export.attempts, export.rows_done) == (Export.State.BUILDING, 1, 2)
    services.write(export.pk, worker.pk)
    services.write(export.pk, worker.pk)  # twice is once
    export.refresh_from_db()
    assert (export.state, export.attempts, export.rows_done) == (Export.State.READY, 2, 3)


def test_the_third_death_sets_it_aside(client, worker, few, large):
    export = ask(client, PEOPLE)
    Export.objects.filter(pk=export.pk).update(attempts=services.MAX_ATTEMPTS)
    services.write(export.pk, worker.pk)
    export.refresh_from_db()
    assert export.state == Export.State.FAILED


def test_a_broker_that_lost_its_messages_loses_no_export(client, worker, few, large, monkeypatch):
    export = ask(client, PEOPLE)
    Export.objects.filter(pk=export.pk).update(dispatched_at=timezone.now() - timedelta(minutes=1))
    sent = []
    monkeypatch.setattr(services, "_dispatch", lambda *ids: sent.append(ids))
    assert services.dispatch_unattended() == 1
    assert services.dispatch_unattended() == 0
    assert sent == [(export.pk, worker.pk)]


def test_rights_are_looked_up_anew_when_it_is_written(client, worker, few, large, site):
    export = ask(client, PEOPLE)
    Membership.objects.filter(user=worker).delete()
    services.write(export.pk, worker.pk)
    export.refresh_from_db()
    assert (export.count, export.rows_done) == (0, 0)


def test_the_record_names_whom_the_file_names(client, worker, few, entries):
    export = ask(client, PEOPLE)
    fetch(client, export)
    people = sorted(stay.person_id for stay in few)
    kept = [(row.action, row.persons, row.purpose) for row in entries() if row.about == f"exports.export:{export.pk}"]
    assert sorted(kept, reverse=True) == [("export", people, "export"), ("download", people, "export")]


def test_a_team_is_a_list_with_names_too(client, site):
    client.force_login(make_user(Role.COORDINATOR, at=site, name="=Ada"))
    sheet = openpyxl.load_workbook(io.BytesIO(take_out(client, "/team/export/").content)).worksheets[0]
    assert sheet["A3"].value == "=Ada"
    assert sheet["A3"].data_type == "s"


def test_a_list_without_names_goes_out_at_once_by_post_and_with_a_purpose(client, worker):
    address = reverse("sites:export")
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    assert client.post(address, {"purpose": "yearly report"}).content.startswith(b"PK")


def test_a_scope_of_ones_own_is_open_while_it_is_written(worker, few, large, site):
    """As a worker does it: no request, no identity before."""
    with acting_as(worker.pk):
        export = services.ask(list_of("people"), query="", purpose="x", by=worker)
    services.write(export.pk, worker.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('maisonnee.user', true)")
        assert cursor.fetchone()[0] in {"", None}
