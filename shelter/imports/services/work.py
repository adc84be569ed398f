"""Handing jobs to workers, and surviving their death.

``ImportJob.due`` is written in the transaction that needs the work; ``dispatch_unattended`` (beat) hands it to the
broker again for as long as it is due. A worker holds an advisory lock of its connection: two messages for one job do it
once, and a killed worker lets go at once. Each attempt is counted before it starts; the third death sets the job aside.
The work is done with the rights of who asked for it, as they are when it runs, one scope for each transaction.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from celery import current_app
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

from shelter.accounts.models import User
from shelter.accounts.policy import Can
from shelter.db import DomainError
from shelter.identity import acting, acting_as
from shelter.imports.models import ImportJob

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 3
TASK = "shelter.imports.tasks.work"  # by name: tasks stand above services
DISPATCH_AGAIN = timedelta(seconds=20)
LOCK_CLASS = 0x4D494D50  # keeps our advisory locks apart from others'


class NotStopped(DomainError):
    message = _("This import is not stopped.")


def dispatch_on_commit(job: ImportJob) -> None:
    """Hand the job to a worker once what it needs is in the database."""
    actor = acting()  # the scope is closed by then
    transaction.on_commit(lambda: _dispatch([(job.pk, actor)]))


def dispatch_unattended() -> int:
    """Hand over what is due and was not handed over lately: a broker that lost its messages loses nothing."""
    jobs = list(ImportJob.objects.unattended(DISPATCH_AGAIN).order_by("pk").values_list("pk", "asked_by"))
    _dispatch(jobs)
    return len(jobs)


def _dispatch(jobs: Iterable[tuple[int, int | None]]) -> None:
    for job_id, actor in jobs:
        try:
            current_app.send_task(TASK, [job_id, actor])
        except (OSError, OperationalError):
            logger.warning("No broker for import %s: beat will hand it over", job_id)
            return
        ImportJob.objects.filter(pk=job_id).update(dispatched_at=timezone.now())


def work_on(job_id: int, actor: int | None = None) -> None:
    """Do what is due for a job, once, whoever asks how often, with the rights of ``actor``, who asked for it."""
    from shelter.imports.services.committing import commit_job
    from shelter.imports.services.staging import read_job

    with _held(job_id) as held:
        job = ImportJob.objects.exclude(due="").filter(pk=job_id).first() if held else None
        if job is None:
            return
        if job.attempts >= MAX_ATTEMPTS:
            _stop(job, job.failure or "died")
            return
        if actor is not None and not _may_import(job, actor):
            _stop(job, "not_allowed")
            return
        begin = {"started_at": timezone.now(), "finished_at": None, "rows_done": 0, "attempts": F("attempts") + 1}
        ImportJob.objects.filter(pk=job_id).update(**begin)
        job.refresh_from_db()
        try:
            {ImportJob.Work.READ: read_job, ImportJob.Work.COMMIT: commit_job}[ImportJob.Work(job.due)](job, actor)
        except Exception:
            logger.exception("Import %s failed at attempt %s", job_id, job.attempts)
            ImportJob.objects.filter(pk=job_id).update(failure="failed")
            if job.attempts >= MAX_ATTEMPTS:
                _stop(job, "failed")


def _may_import(job: ImportJob, actor: int) -> bool:
    """Whether who asked still may, now that the work is done (A25)."""
    with acting_as(actor):
        user = User.objects.filter(pk=actor).first()
        return user is not None and user.access.may(Can.IMPORT, job.site_id)


def retry(job: ImportJob) -> None:
    """A person asks for another three attempts."""
    won = ImportJob.objects.filter(pk=job.pk, state=ImportJob.State.STOPPED).update(
        attempts=0,
        failure="",
        due=F("stopped_work"),
        asked_by=acting(),
        state=ImportJob.State.WAITING,
        dispatched_at=None,
    )
    if not won:
        raise NotStopped
    dispatch_on_commit(job)


def report_progress(job: ImportJob, done: int, total: int) -> None:
    """For whoever looks at the page: after a reload, in a second tab, with another worker."""
    ImportJob.objects.filter(pk=job.pk).update(rows_done=done, rows_total=total)


def finish(job: ImportJob, state: ImportJob.State, **values: object) -> None:
    """Nothing is due any more."""
    ImportJob.objects.filter(pk=job.pk).update(
        state=state, due="", attempts=0, failure="", finished_at=timezone.now(), **values
    )
    job.refresh_from_db()


def _stop(job: ImportJob, failure: str) -> None:
    ImportJob.objects.filter(pk=job.pk).update(
        state=ImportJob.State.STOPPED, stopped_work=F("due"), due="", failure=failure, finished_at=timezone.now()
    )


@contextmanager
def _held(job_id: int) -> Iterator[bool]:
    """Whether this connection has the job now; nobody else has it until the block or the connection ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, job_id % 2**31])
        held = cursor.fetchone()[0]
    try:
        yield held
    finally:
        if held and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, job_id % 2**31])
