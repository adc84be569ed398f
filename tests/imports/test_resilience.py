"""A killed worker, an empty broker, a second message: the import ends as if nothing had happened (G3–G5)."""

import random
from contextlib import closing
from datetime import timedelta
from threading import Thread
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from residents.models import Person
from shelter.accounts.policy import Role
from shelter.imports import files, headless, services, tasks
from shelter.imports.models import ImportJob, Problem, StagedPerson, StagedRecord, StagedRow
from shelter.imports.services import staging, work
from shelter.imports.services.upload import Upload
from shelter.imports.services.work import MAX_ATTEMPTS, NotStopped
from tests.conftest import as_application
from tests.factories import make_site, make_user
from tests.imports.readings import row, title


class Killed(BaseException):
    """What a SIGKILL looks like from inside: nothing after it runs."""


ROWS = 30
SEEDS = range(20)


def rows():
    return [title("Liste"), *(row(last_name=f"Name{number}", arrival="2026-05-01") for number in range(ROWS))]


def start(reader, site, by=None):
    upload = Upload(reader.gives(*rows()), b"content")
    return services.start_import(site=site, uploads=[upload], by=by, dispatch=False)


def outcome(job):
    job.refresh_from_db()
    return (
        job.state,
        job.staged_rows.counted(),
        list(job.staged_rows.order_by("position").values_list("position", "number", "status", "kind")),
        StagedRecord.objects.filter(job=job).count(),
        StagedPerson.objects.filter(job=job).count(),
        Problem.objects.filter(row__job=job).count(),
        sorted(Person.objects.filter(registered_at=job.site).values_list("last_name", flat=True)),
    )


@pytest.mark.django_db(transaction=True)
def test_killed_at_twenty_random_moments_it_ends_as_an_undisturbed_one(reader, monkeypatch):
    monkeypatch.setattr(staging, "CHUNK", 7)
    monkeypatch.setattr(work, "MAX_ATTEMPTS", 100)
    monkeypatch.setattr(work, "LEASE", timedelta(0))  # each time somebody comes when it has run out
    undisturbed = start(reader, make_site())
    services.work_on(undisturbed.pk)
    headless.let_in(undisturbed, by=None)

    disturbed = start(reader, make_site())
    for seed in SEEDS:
        kill_after(random.Random(seed).randrange(1, 60), disturbed)
    services.work_on(disturbed.pk)
    disturbed.refresh_from_db()
    if disturbed.state == ImportJob.State.REVIEW:
        services.request_commit(disturbed, by=None, dispatch=False)
    for seed in SEEDS:
        kill_after(random.Random(100 + seed).randrange(1, 60), disturbed)
    services.work_on(disturbed.pk)

    assert outcome(disturbed) == outcome(undisturbed)


def kill_after(queries, job):
    """Work on the job until its n-th query, and die there."""
    left = queries

    def count(execute, sql, params, many, context):
        nonlocal left
        left -= 1
        if left == 0:
            raise Killed
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        try:
            services.work_on(job.pk)
        except Killed:
            connection.close()  # as the kernel would: the open transaction goes with it
    connection.close()


@pytest.mark.django_db
def test_after_three_deaths_it_is_set_aside_until_somebody_tries_again(reader, monkeypatch):
    job = start(reader, make_site())
    with monkeypatch.context() as broken:
        broken.setattr(staging, "stage_file", lambda *_: 1 / 0)
        for _ in range(MAX_ATTEMPTS):
            services.work_on(job.pk)
    job.refresh_from_db()
    assert (job.state, job.failure, job.due) == (ImportJob.State.STOPPED, "failed", "")

    services.retry(job)
    services.work_on(job.pk)

    job.refresh_from_db()
    assert job.state == ImportJob.State.REVIEW
    with pytest.raises(NotStopped):
        services.retry(job)


@pytest.mark.django_db
def test_whose_role_ended_meanwhile_lets_nothing_in(reader):
    site = make_site()
    asker = make_user(Role.DATA_ADMIN, at=site)
    job = start(reader, site, asker)
    services.work_on(job.pk, asker.pk)
    job.refresh_from_db()
    services.request_commit(job, by=asker, dispatch=False)
    asker.memberships.update(starts_on="2026-01-01", ends_on="2026-01-02")

    services.work_on(job.pk, asker.pk)

    job.refresh_from_db()
    assert (job.state, job.failure) == (ImportJob.State.STOPPED, "not_allowed")
    assert not Person.objects.filter(registered_at=site).exists()


@pytest.mark.django_db
def test_what_the_broker_lost_is_handed_over_again(reader, monkeypatch):
    sent = []
    monkeypatch.setattr(work.current_app, "send_task", lambda _name, args: sent.append(args))
    site = make_site()
    asker = make_user(Role.DATA_ADMIN, at=site)
    job, taken = start(reader, site, asker), start(reader, site, asker)
    ImportJob.objects.update(dispatched_at=None)
    ImportJob.objects.filter(pk=taken.pk).update(held_until=timezone.now() + timedelta(minutes=1))

    with as_application():  # the beat acts for nobody
        services.dispatch_unattended()
        services.dispatch_unattended()  # a moment later: it is under way

    assert sent == [[job.pk, asker.pk]]


@pytest.mark.django_db
def test_a_second_message_finds_nothing_to_do(reader):
    job = start(reader, make_site())
    services.work_on(job.pk)
    before = list(StagedRow.objects.values_list("pk", flat=True))

    services.work_on(job.pk)

    assert list(StagedRow.objects.values_list("pk", flat=True)) == before


@pytest.mark.django_db
def test_another_worker_waits_for_the_lease_and_then_goes_on(reader, monkeypatch):
    """The first is killed while it reads; no connection tells the others (a pooler keeps it)."""
    job = start(reader, make_site())
    with monkeypatch.context() as broken:
        broken.setattr(staging, "stage_file", lambda *_: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            services.work_on(job.pk)

    services.work_on(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (ImportJob.State.READING, 1)

    ImportJob.objects.filter(pk=job.pk).update(held_until=timezone.now() - timedelta(seconds=1))
    services.work_on(job.pk)
    job.refresh_from_db()
    assert job.state == ImportJob.State.REVIEW
    assert job.held_until is None


@pytest.mark.django_db
def test_a_worker_that_was_silent_for_too_long_writes_nothing_more(reader, monkeypatch):
    job = start(reader, make_site())
    slow = staging.stage_file

    def overtaken(*args):
        ImportJob.objects.filter(pk=job.pk).update(holder=uuid4())
        slow(*args)

    monkeypatch.setattr(staging, "stage_file", overtaken)
    services.work_on(job.pk)

    job.refresh_from_db()
    assert (job.state, job.failure, job.due) == (ImportJob.State.READING, "", ImportJob.Work.READ)
    assert not job.staged_rows.exists()


@pytest.mark.django_db(transaction=True)
def test_while_one_worker_writes_the_others_pass_by(reader):
    """Also when its lease is over: the row is locked until the transaction ends."""
    job = start(reader, make_site())
    found = []

    def look():
        with closing(connection):
            found.append(work._take(job.pk, None))

    with transaction.atomic():
        held = work._take(job.pk, None)
        work.renew(held, held_until=timezone.now() - timedelta(seconds=1))
        other = Thread(target=look)
        other.start()
        other.join()

    assert found == [None]


@pytest.mark.django_db
def test_a_worker_acts_as_who_asked_and_as_nobody_sees_no_import(reader):
    site = make_site()
    asker, stranger = make_user(Role.DATA_ADMIN, at=site), make_user(Role.DATA_ADMIN)
    job = start(reader, site, asker)
    with as_application():
        services.work_on(job.pk, None)
        assert ImportJob.objects.count() == 0
        services.work_on(job.pk, stranger.pk)
    job.refresh_from_db()
    assert job.state == ImportJob.State.WAITING

    services.work_on(job.pk, asker.pk)
    job.refresh_from_db()
    assert job.state == ImportJob.State.REVIEW


@pytest.mark.django_db
def test_the_beat_destroys_what_had_its_time_acting_for_nobody(reader):
    job = start(reader, make_site())
    services.work_on(job.pk)
    services.abandon(job, by=None)
    ImportJob.objects.filter(pk=job.pk).update(purge_on=timezone.localdate())

    with as_application():
        tasks.purge()

    job.refresh_from_db()
    assert (job.raw_key, job.kept_key, job.staged_rows.count()) == (None, None, 0)
    assert job.purged_at
    assert job.files.get().stored_as == ""
    assert list(files.folder().iterdir()) == []
