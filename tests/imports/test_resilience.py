"""A killed worker, an empty broker, a second message: the import ends as if nothing had happened (G3–G5)."""

import random

import pytest
from django.db import connection

from residents.models import Person
from shelter.accounts.policy import Role
from shelter.imports import headless, services
from shelter.imports.models import ImportJob, Problem, StagedPerson, StagedRecord, StagedRow
from shelter.imports.services import staging, work
from shelter.imports.services.upload import Upload
from shelter.imports.services.work import MAX_ATTEMPTS, NotStopped
from tests.factories import make_site, make_user
from tests.imports.readings import row, title


class Killed(BaseException):
    """What a SIGKILL looks like from inside: nothing after it runs."""


ROWS = 30
SEEDS = range(20)


def rows():
    return [title("Liste"), *(row(last_name=f"Name{number}", arrival="2026-05-01") for number in range(ROWS))]


def start(reader, site):
    upload = Upload(reader.gives(*rows()), b"content")
    return services.start_import(site=site, uploads=[upload], by=None, dispatch=False)


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
            connection.close()  # as the kernel would: the lock and the open transaction go with it
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
    job = start(reader, site)
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
    job = start(reader, make_site())
    ImportJob.objects.filter(pk=job.pk).update(dispatched_at=None)

    services.dispatch_unattended()
    services.dispatch_unattended()  # a moment later: it is under way

    assert sent == [[job.pk, None]]


@pytest.mark.django_db
def test_a_second_message_finds_nothing_to_do(reader):
    job = start(reader, make_site())
    services.work_on(job.pk)
    before = list(StagedRow.objects.values_list("pk", flat=True))

    services.work_on(job.pk)

    assert list(StagedRow.objects.values_list("pk", flat=True)) == before
