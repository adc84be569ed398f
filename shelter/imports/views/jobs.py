"""The list of imports, the upload, and the first step: what the files are and how far reading is."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shelter.accounts.access import requires
from shelter.accounts.policy import Can
from shelter.db import DomainError
from shelter.http import Request, go_to, render_page
from shelter.imports import services, wording
from shelter.imports.forms import JobFilter, UploadForm
from shelter.imports.models import ImportFile, ImportJob
from shelter.imports.services.upload import MAX_FILES
from shelter.imports.views.steps import context_of, job_of, page_of
from shelter.ui.forms import refuse
from shelter.ui.lists import Page, Sorting

COLUMNS = {"date": ["created_at"], "site": ["site__name"], "state": ["state"]}
RECENT = 5


@require_safe
@requires(Can.IMPORT)
def imports(request: Request) -> HttpResponse:
    filters = JobFilter(request.GET, user=request.user)
    sorting = Sorting.of(request, COLUMNS, default="-date")
    jobs = ImportJob.objects.visible_to(request.user).select_related("site", "uploaded_by").prefetch_related("files")
    page = Page.of(request, sorting.apply(filters.apply(jobs)))
    context = {"filters": filters, "sorting": sorting, "page": page, "rows": [(job, page_of(job)) for job in page.rows]}
    return render_page(request, "imports/list.html", context, part="list")


@require_safe
@requires(Can.IMPORT)
def recent(request: Request) -> HttpResponse:
    """The latest imports of the sites one may import for: the panel on tonight's page, and a page of its own."""
    jobs = ImportJob.objects.visible_to(request.user).select_related("site").prefetch_related("files")
    latest = jobs.order_by("-created_at", "-pk")[:RECENT]
    return render_page(request, "imports/recent.html", {"rows": [(job, page_of(job)) for job in latest]}, part="recent")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Can.IMPORT)
def upload(request: Request) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if form.is_valid():
        count = len(form.cleaned_data["workbooks"])
        try:
            job = services.start_import(
                site=form.cleaned_data["site"], uploads=form.cleaned_data["workbooks"], by=request.user
            )
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, ngettext("File received.", "%(count)d files received.", count) % {"count": count})
            return go_to(request, "imports:file", job.public_id)
    context = {"form": form, "max_files": MAX_FILES}
    return render_page(request, "imports/upload.html", context, part="form", status=422 if form.errors else 200)


@require_safe
@requires(Can.IMPORT)
def current_step(request: Request, job: UUID) -> HttpResponse:
    found = job_of(request, job)
    return go_to(request, page_of(found), found.public_id)


@require_safe
@requires(Can.IMPORT)
def file(request: Request, job: UUID) -> HttpResponse:
    found = job_of(request, job)
    files = [(one, wording.FILE_PROBLEMS.get(one.problem, ""), _kinds(one)) for one in found.files.all()]
    return render_page(request, "imports/file.html", context_of(found, 1, files=files))


@require_safe
@requires(Can.IMPORT)
def progress(request: Request, job: UUID) -> HttpResponse:
    """How far the work is; once it is done, htmx goes to the step where the job stands."""
    found = job_of(request, job)
    if not found.is_running:
        return go_to(request, page_of(found), found.public_id)
    return render_page(request, "imports/progress.html", context_of(found, 1), part="progress")


@require_POST
@requires(Can.IMPORT)
def retry(request: Request, job: UUID) -> HttpResponse:
    found = job_of(request, job)
    return _tried(request, found, lambda: services.retry(found), _("Trying again."))


@require_POST
@requires(Can.IMPORT)
def abandon(request: Request, job: UUID) -> HttpResponse:
    found = job_of(request, job)
    text = _("Import abandoned. The files are destroyed in 30 days.")
    return _tried(request, found, lambda: services.abandon(found, by=request.user), text)


def _tried(request: Request, job: ImportJob, act: Callable[[], None], text: str) -> HttpResponse:
    try:
        act()
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, text)
    job.refresh_from_db()
    return go_to(request, page_of(job), job.public_id)


def _kinds(file: ImportFile) -> list[tuple[str, str, str]]:
    """(sheet, range, kind) of each table that was found."""
    return [(table["sheet"], table["range"], wording.kind(table["kind"])) for table in file.tables]
