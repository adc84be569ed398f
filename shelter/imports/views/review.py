"""The third step: every row with its status, and what people decide about it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shelter.accounts.access import requires
from shelter.accounts.policy import Can
from shelter.audit import Action
from shelter.db import DomainError
from shelter.http import Request, go_to, render_page
from shelter.imports import services
from shelter.imports.forms import CellForm, RowFilter
from shelter.imports.models import Likeness
from shelter.imports.presenting import Reader, comparisons
from shelter.imports.sheets import column_number
from shelter.imports.views.steps import context_of, job_of, page_of, read
from shelter.ui.lists import Page

STATUSES = (
    ("new", gettext_lazy("New"), "person-plus"),
    ("matched", gettext_lazy("Recognised"), "link-45deg"),
    ("ambiguous", gettext_lazy("To decide"), "question-circle"),
    ("error", gettext_lazy("Errors"), "exclamation-triangle"),
    ("set_aside", gettext_lazy("Set aside"), "pause"),
    ("not_data", gettext_lazy("No data"), "card-heading"),
)


@require_safe
@requires(Can.IMPORT)
def review(request: Request, job: UUID) -> HttpResponse:
    found = job_of(request, job)
    if page_of(found) == "imports:file":
        return go_to(request, "imports:file", found.public_id)
    filters = RowFilter(request.GET, job=found)
    rows = filters.apply(found.staged_rows.select_related("file").order_by("file", "position").defer("raw"))
    page = Page.of(request, rows)
    questions = found.questions()
    reader = Reader(request.user.access, found)
    shown = reader.rows(page.rows)
    read(request, reader, action=Action.LIST)
    context = context_of(
        found,
        3,
        filters=filters,
        page=page,
        rows=shown,
        chips=[(name, label, icon, found.counts[name]) for name, label, icon in STATUSES if found.counts.get(name)],
        chosen=request.GET.get("status", ""),
        blocking=found.staged_rows.blocking().count(),
        ready=found.staged_rows.ready().count(),
        questions=questions.count(),
        will=found.counts.get("will", {}),
    )
    return render_page(request, "imports/review.html", context, part="list")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Can.IMPORT)
def row(request: Request, job: UUID, row: int) -> HttpResponse:
    """One row with its cells as they were written. POST: another text for one of them."""
    found = job_of(request, job)
    staged = get_object_or_404(found.staged_rows.select_related("file", "job__site"), pk=row)
    form = CellForm(request.POST or None)
    reader = Reader(request.user.access, found)
    shown = reader.row(staged)
    read(request, reader, action=Action.OPEN)
    if form.is_valid():
        if form.cleaned_data["column"] not in {cell.column for cell in shown.cells if cell.is_readable}:
            form.add_error(None, _("This cell is not open to you."))
        else:
            try:
                services.correct_cell(staged, column_number(form.cleaned_data["column"]), form.cleaned_data["text"])
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Corrected. The file is read again with this value."))
                return go_to(request, "imports:file", found.public_id)
    context = context_of(found, 3, shown=shown, form=form)
    return render_page(request, "imports/row.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Can.IMPORT)
def decide_row(request: Request, job: UUID, row: int) -> HttpResponse:
    """Set one row aside, let it in as it stands, or take either back."""
    found = job_of(request, job)
    staged = get_object_or_404(found.staged_rows.all(), pk=row)
    act, rows = request.POST.get("act", ""), [staged.pk]
    try:
        if act in ("aside", "back"):
            services.set_aside(found, rows, aside=act == "aside")
        if act in ("accept", "back"):
            services.accept(found, rows, accepted=act == "accept")
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return go_to(request, _review_address(request, found.public_id))


@require_POST
@requires(Can.IMPORT)
def set_rows_aside(request: Request, job: UUID) -> HttpResponse:
    """Leave all rows that still block out of the import."""
    found = job_of(request, job)
    try:
        count = services.set_aside(found, list(found.staged_rows.blocking().values_list("pk", flat=True)))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        text = ngettext("%(count)d row set aside.", "%(count)d rows set aside.", count)
        messages.success(request, text % {"count": count})
    return go_to(request, "imports:review", found.public_id)


@require_safe
@requires(Can.IMPORT)
def people(request: Request, job: UUID) -> HttpResponse:
    """Persons who may be one, side by side."""
    found = job_of(request, job)
    page = Page.of(request, found.questions(answered=True), per_page=10)
    reader = Reader(request.user.access, found)
    shown = comparisons(page.rows, reader)
    named = [one.likeness.person_id for one in shown if one.likeness.person_id and not one.is_elsewhere]
    read(request, reader, action=Action.LIST, persons=named)
    return render_page(request, "imports/people.html", context_of(found, 3, page=page, comparisons=shown))


@require_POST
@requires(Can.IMPORT)
def answer(request: Request, job: UUID, likeness: int) -> HttpResponse:
    found = job_of(request, job)
    asked = get_object_or_404(found.questions(answered=True), pk=likeness)
    given = request.POST.get("answer", "")
    try:
        if given in Likeness.Answer.values:
            services.answer_likeness(asked, given, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return go_to(request, "imports:people", found.public_id)


def _review_address(request: Request, public_id: UUID) -> str:
    query = request.POST.get("back", "")
    address = reverse("imports:review", args=[public_id])
    return f"{address}?{query}" if query else address
