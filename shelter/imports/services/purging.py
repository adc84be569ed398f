"""Destroying what must not stay: files and raw cells, thirty days after commit or abandonment (F4)."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shelter.accounts.models import User
from shelter.db import DomainError
from shelter.imports import files
from shelter.imports.models import ImportJob
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


def purge() -> None:
    """Destroy the files, the raw cells and the keys that open them, backups' copies included; and what uploads that came
    to nothing left on the disk. Acts for nobody.

    Of a committed import the understood values stay, where their place is still to come; of any other nothing does.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT job, names FROM imports_to_purge()")
        for job_id, names in cursor.fetchall():
            for name in names:
                files.destroy(name)
            cursor.execute("SELECT imports_destroy(%s)", [job_id])
    files.sweep()
