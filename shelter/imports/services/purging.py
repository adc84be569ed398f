"""Destroying what must not stay: files and raw cells, thirty days after commit or abandonment (F4)."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shelter.accounts.models import User
from shelter.db import DomainError
from shelter.imports import files
from shelter.imports.models import ImportFile, ImportJob
from shelter.imports.models.jobs import KEPT_DAYS

State = ImportJob.State
OPEN_STATES = (State.REVIEW, State.STOPPED, State.REFUSED, State.UNDONE)


class NotOpen(DomainError):
    message = _("This import is under way or already done, so it cannot be thrown away.")


def abandon(job: ImportJob, *, by: User | None) -> None:
    """Nobody will let it in: its rows and files go with the purge."""
    won = ImportJob.objects.filter(pk=job.pk, state__in=OPEN_STATES).update(
        state=State.ABANDONED,
        finished_at=timezone.now(),
        abandoned_by=by,
        purge_on=timezone.localdate() + timedelta(days=KEPT_DAYS),
    )
    if not won:
        raise NotOpen


@transaction.atomic
def purge_job(job: ImportJob) -> None:
    """Destroy the files, the raw cells and the key that opens them, backups' copies included.

    Of a committed import the understood values stay, where their place is still to come; of any other nothing does.
    """
    for file in job.files.all():
        files.destroy(file)
    ImportFile.objects.filter(job=job).update(samples=None, fixes=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT imports_purge(%s)", [job.pk])
    keys: dict[str, None] = {"raw_key": None}
    if job.state != State.COMMITTED:
        keys["kept_key"] = None
    ImportJob.objects.filter(pk=job.pk).update(purged_at=timezone.now(), **keys)
