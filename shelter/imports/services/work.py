"""Handing jobs to workers, and surviving their death.

``ImportJob.due`` is written in the transaction that needs the work; ``dispatch_unattended`` (beat) hands it to the
broker again for as long as it is due and no worker has it. A worker takes a job for the length of a lease, which each of
its transactions prolongs (docs/decisions/0053): two messages for one job do it once, and what a killed worker had is free
again when its lease has run out. Each attempt is counted before it starts; the third death sets the job aside. The work is
done with the rights of who asked for it, as they are when it runs, one scope for each transaction.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta
from uuid import uuid4

from celery import current_app
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

from shelter.db import DomainError
from shelter.identity import acting, acting_as
from shelter.imports.models import ImportJob

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 3
TASK = "shelter.imports.tasks.work"  # by name: tasks stand above services
DISPATCH_AGAIN = timedelta(seconds=20)
LEASE = timedelta(
    seconds=90
)  # longer than a worker is ever silent: reading reports its progress, a transaction holds the row


class Lost(Exception):
    """This worker was silent for longer than its lease, and another one has the job."""


class NotStopped(DomainError):
    message = _("This import is not stopped.")


def dispatch_on_commit(job: ImportJob) -> None:
    """Hand the job to a worker once what it needs is in the database."""
    actor = acting()  # the scope is closed by then
    transaction.on_commit(lambda: _dispatch([(job.pk, actor)]))


def dispatch_unattended() -> int:
    """Hand over what is due and was not handed over lately: a broker that lost its messages loses nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT job, actor FROM imports_hand_over(%s)", [timezone.now() - DISPATCH_AGAIN])
        jobs = cursor.fetchall()
    _dispatch(jobs)
    return len(jobs)


def _dispatch(jobs: Iterable[tuple[int, int | None]]) -> None:
    for job_id, actor in jobs:
        try:
            current_app.send_task(TASK, [job_id, actor])
        except (OSError, OperationalError):
            logger.warning("No broker for import %s: beat will hand it over", job_id)
            return


def work_on(job_id: int, actor: int | None = None) -> None:
    """Do what is due for a job, once, whoever asks how often, with the rights of ``actor``, who asked for it."""
    from shelter.imports.services.committing import commit_job
    from shelter.imports.services.staging import read_job

    job = _take(job_id, actor)
    if job is None:
        return
    try:
        {ImportJob.Work.READ: read_job, ImportJob.Work.COMMIT: commit_job}[ImportJob.Work(job.due)](job, actor)
    except Lost:
        logger.warning("Import %s went on with another worker", job_id)
    except Exception:
        logger.exception("Import %s failed at attempt %s", job_id, job.attempts)
        with acting_as(actor):
            renew(job, failure="failed", held_until=None)
            if job.attempts >= MAX_ATTEMPTS:
                _stop(job, "failed")


def _take(job_id: int, actor: int | None) -> ImportJob | None:
    """The job, for the length of a lease; ``None`` when nothing is due, another worker has it or ``actor`` may not."""
    with acting_as(actor):
        with connection.cursor() as cursor:
            cursor.execute("SELECT imports_stop_unless_allowed(%s)", [job_id])
        free = ImportJob.objects.to_work_on().filter(pk=job_id)
        job = free.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
        if job is None:
            return None
        if job.attempts >= MAX_ATTEMPTS:
            _stop(job, job.failure or "died")
            return None
        job.holder, job.held_until, job.attempts = uuid4(), timezone.now() + LEASE, job.attempts + 1
        job.started_at, job.finished_at, job.rows_done = timezone.now(), None, 0
        job.save(update_fields=["holder", "held_until", "attempts", "started_at", "finished_at", "rows_done"])
        return job


def renew(job: ImportJob, **values: object) -> None:
    """The first statement of each transaction of the work: while that lasts, the others find the row locked.

    Raises ``Lost`` when the lease ran out and somebody else has taken the job.
    """
    mine = ImportJob.objects.filter(pk=job.pk, holder=job.holder)
    if not mine.update(**{"held_until": timezone.now() + LEASE} | values):
        raise Lost


def retry(job: ImportJob) -> None:
    """A person asks for another three attempts."""
    won = ImportJob.objects.filter(pk=job.pk, state=ImportJob.State.STOPPED).update(
        attempts=0,
        failure="",
        due=F("stopped_work"),
        asked_by=acting(),
        state=ImportJob.State.WAITING,
        dispatched_at=timezone.now(),
    )
    if not won:
        raise NotStopped
    dispatch_on_commit(job)


def report_progress(job: ImportJob, actor: int | None, done: int, total: int) -> None:
    """For whoever looks at the page: after a reload, in a second tab, with another worker."""
    with acting_as(actor):
        renew(job, rows_done=done, rows_total=total)


def finish(job: ImportJob, state: ImportJob.State, **values: object) -> None:
    """Nothing is due any more."""
    ImportJob.objects.filter(pk=job.pk).update(
        state=state, due="", attempts=0, failure="", held_until=None, finished_at=timezone.now(), **values
    )
    job.refresh_from_db()


def _stop(job: ImportJob, failure: str) -> None:
    ImportJob.objects.filter(pk=job.pk).update(
        state=ImportJob.State.STOPPED, stopped_work=F("due"), due="", failure=failure, finished_at=timezone.now()
    )
