"""What all steps share: the job, where it stands, and the page that belongs to that."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shelter.accounts.policy import InfoClass
from shelter.audit import Action, Purpose, reading
from shelter.http import Request
from shelter.imports import wording
from shelter.imports.models import ImportJob
from shelter.imports.presenting import Reader

State = ImportJob.State
STEPS = (pgettext_lazy("spreadsheet", "File"), _("Columns"), _("Review"), _("Result"))
PAGES = {
    State.REVIEW: "imports:review",
    **dict.fromkeys((State.TO_COMMIT, State.COMMITTING, State.COMMITTED, State.UNDONE), "imports:result"),
}


def job_of(request: Request, public_id: UUID) -> ImportJob:
    """The import, if the user imports at its site; else 404."""
    return get_object_or_404(ImportJob.objects.visible_to(request.user).select_related("site"), public_id=public_id)


def page_of(job: ImportJob) -> str:
    """The URL name of the step where the job stands."""
    return PAGES.get(State(job.state), "imports:file")


def read(request: Request, reader: Reader, *, action: Action, persons: Iterable[int] = ()) -> None:
    """Record what the page shows of the import: a row for each class; ``persons`` of the house beside its own."""
    for info_class in InfoClass:
        if info_class in reader.opened:
            reading(
                request,
                info_class,
                persons,
                action=action,
                about=reader.job,
                site=reader.job.site_id,
                purpose=Purpose.IMPORT,
            )


def context_of(job: ImportJob, step: int, **more: Any) -> dict[str, Any]:
    return {
        "job": job,
        "steps": STEPS,
        "step": step,
        "is_open": job.state == State.REVIEW,
        "failure": wording.FAILURES.get(job.failure, "") if job.state == State.STOPPED else "",
        **more,
    }
