"""The second step: what each column was taken for, and correcting it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shelter.accounts.access import requires
from shelter.accounts.policy import Can
from shelter.audit import Action
from shelter.db import DomainError
from shelter.http import Request, go_to, render_page
from shelter.imports import services, wording
from shelter.imports.classes import class_of
from shelter.imports.forms import TableForm
from shelter.imports.models import ImportJob
from shelter.imports.presenting import Reader
from shelter.imports.views.steps import context_of, job_of, page_of, read

SURE = 70  # percent; below it a column is marked for a look


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Can.IMPORT)
def columns(request: Request, job: UUID) -> HttpResponse:
    found = job_of(request, job)
    if found.is_running:
        return go_to(request, page_of(found), found.public_id)
    reader = Reader(request.user.access, found)
    forms = [
        TableForm(request.POST or None, file=file, table=table, classes=reader.classes)
        for file in found.files.exclude(staged_at=None)
        for table in file.tables
    ]
    if request.method == "POST" and all(form.is_valid() for form in forms):
        return _read_again(request, found, forms)
    samples = {file.pk: reader.samples(file) for file in {form.file for form in forms}}
    read(request, reader, action=Action.LIST)
    tables = [(form, _rows(form, samples[form.file.pk], reader), _grid(form)) for form in forms]
    return render_page(request, "imports/columns.html", context_of(found, 2, tables=tables))


def _read_again(request: Request, job: ImportJob, forms: list[TableForm]) -> HttpResponse:
    mappings: dict[int, dict[str, Any]] = {}
    for form in forms:
        change = form.changes()
        mappings.setdefault(form.file.pk, {})
        if change:
            mappings[form.file.pk][str(form.table["index"])] = change
    try:
        changed = services.remap(job, mappings)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return go_to(request, page_of(job), job.public_id)
    if changed:
        messages.success(request, _("The columns are read again as you said."))
        return go_to(request, "imports:file", job.public_id)
    return go_to(request, "imports:review", job.public_id)


def _rows(form: TableForm, samples: dict[str, list[str]], reader: Reader) -> list[dict[str, Any]]:
    rows = []
    for letter, column in form.table["columns"].items():
        if letter in form.fields:
            is_open = class_of(form.table["kind"] or "", column["field"]) in reader.classes
            rows.append(
                {
                    "field": form[letter],
                    "letter": letter,
                    "heading": column["heading"],
                    "samples": samples.get(f"{form.table['index']}:{letter}", []),
                    "is_hidden": not is_open,
                    "confidence": column["confidence"],
                    "is_doubtful": column["confidence"] < SURE and column["field"] != "ignore",
                }
            )
    return rows


def _grid(form: TableForm) -> list[str]:
    """The columns of a grid in words: nights, days, needs. The first and the last will do."""
    names = [column["field"] for column in form.table["columns"].values() if ":" in column["field"]]
    return [wording.field(name) for name in ([names[0], names[-1]] if len(names) > 1 else names)]
