"""Importing without a screen: for the command line, the demo network and benches.

The same services as the screens, in this process instead of a worker's, and in the scope of who does it; nobody: for who
holds the server, under a role that sees every row. Where a screen would ask a person, the cautious
answer is taken: a doubtful person or a line without identity is set aside, a row with one bad value goes in without it.
"""

from collections.abc import Sequence
from pathlib import Path

from residents.names import fold
from shelter.accounts.models import User
from shelter.db import DomainError
from shelter.identity import acting_as
from shelter.imports import services
from shelter.imports.models import ImportJob, StagedRow
from shelter.imports.services.upload import Upload
from sites.models import Site


class NotCommitted(DomainError):
    """The import stopped before its end."""

    def __init__(self, job: ImportJob) -> None:
        super().__init__(f"The import is {job.state} ({job.failure or 'no reason'}).")


def import_files(paths: Sequence[Path], *, site: Site, by: User | None = None, commit: bool = False) -> ImportJob:
    """Read and stage files as one import; with ``commit`` let in what can be. Raises ``NotCommitted``."""
    uploads = [Upload(path.name, path.read_bytes()) for path in paths]
    actor = by.pk if by else None
    with acting_as(actor):
        job = services.start_import(site=site, uploads=uploads, by=by, dispatch=False)
    services.work_on(job.pk, actor)
    with acting_as(actor):
        job.refresh_from_db()
    if commit and job.state == ImportJob.State.REVIEW:
        let_in(job, by=by)
    return job


def let_in(job: ImportJob, *, by: User | None) -> None:
    """Answer what is open with caution and commit."""
    actor = by.pk if by else None
    with acting_as(actor):
        settle_cautiously(job)
        services.request_commit(job, by=by, dispatch=False)
    services.work_on(job.pk, actor)
    with acting_as(actor):
        job.refresh_from_db()
    if job.state != ImportJob.State.COMMITTED:
        raise NotCommitted(job)


def settle_cautiously(job: ImportJob) -> None:
    """Leave no row that blocks: let in what stands without its bad value, set the rest aside."""
    blocking = job.staged_rows.blocking()
    standing = blocking.exclude(problems__code="no_identity").exclude(reason="maybe_known")
    services.accept(job, list(standing.values_list("pk", flat=True)))
    services.set_aside(job, list(job.staged_rows.blocking().values_list("pk", flat=True)))


def site_named_by(path: Path) -> Site | None:
    """The site whose name or other name stands in the file's name."""
    words = f" {fold(path.stem)} "
    found = [
        (len(name), site)
        for site in Site.objects.prefetch_related("aliases").order_by("pk")
        for name in (fold(site.name), *(fold(alias.name) for alias in site.aliases.all()))
        if name and f" {name} " in words
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def rows_by_status(job: ImportJob) -> dict[str, int]:
    return {status: job.counts.get(status, 0) for status in [*StagedRow.Status.values, "set_aside"]}
