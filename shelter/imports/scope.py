"""An import knows the whole organisation, though whoever asked for it sees a few of its sites only (A9d).

It must recognise people of other sites, and give back what it moved there; what its pages show is narrowed again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from shelter.imports.models import ImportJob

_job: ContextVar[int | None] = ContextVar("importing", default=None)


@contextmanager
def importing(job: ImportJob) -> Iterator[None]:
    """Inside, the database adds persons of the job's organisation, if the acting user may import at the job's site."""
    with transaction.atomic():
        outer = _job.get()
        token = _job.set(job.pk)
        _tell_the_database(job.pk)
        try:
            yield
        finally:
            _job.reset(token)
        _tell_the_database(outer)  # after an error the savepoint does it


def _tell_the_database(job_id: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('maisonnee.import', %s, true)", [str(job_id or "")])
