"""One secrecy class of a person's file: its notes, written and corrected. The section is given by the address."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casework import services
from casework.forms import NoteForm
from casework.kinds import Kind
from casework.models import Note
from casework.sections import Section
from casework.selectors import SectionPage, entries, site_to_open_at
from casework.services.refusals import ChangedMeanwhile
from casework.views.fetching import confided_in, person_in
from residents.selectors.emergencies import purpose_of
from shelter.audit import reading
from shelter.db import DomainError
from shelter.http import Request, go_to, render_page
from shelter.ui.forms import refuse
from shelter.ui.lists import Page
from shelter.ui.panels import tabs_of
from shelter.ui.toasts import done

ON_A_PAGE = 20


@require_safe
def section(request: Request, person: UUID, section: Section) -> HttpResponse:
    found = person_in(request, person, section.read)
    reading(request, section.info_class, [found], purpose=purpose_of(request.user, found, section.read))
    shown = SectionPage(found, section, request.user)
    page = Page.of(request, shown.notes, per_page=ON_A_PAGE)
    context = {
        "person": found,
        "section": section,
        "shown": shown,
        "page": page,
        "entries": entries(page),
        "tabs": tabs_of("person", request, found),
    }
    return render_page(request, "casework/section.html", context, part="notes")


@require_http_methods(["GET", "POST"])
def write(request: Request, person: UUID, section: Section) -> HttpResponse:
    found = person_in(request, person, section.write)
    form = NoteForm(request.POST or None, kinds=SectionPage(found, section, request.user).kinds)
    if form.is_valid():
        try:
            site = site_to_open_at(request.user, found, section.write)
            file = services.open_case_file(person=found, site=site, by=request.user)
            services.write_note(file=file, by=request.user, **form.facts())
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            done(request, _("The note is saved."))
            return go_to(request, section.address(found))
    context = {"person": found, "section": section, "form": form}
    return render_page(request, "casework/note.html", context, part="form", status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def correct(request: Request, note: UUID, section: Section) -> HttpResponse:
    """Two who correct the same note are told: whoever saves last sees the other's text beside their own first (G1)."""
    found = confided_in(request, Note, note, section.write)
    person = found.case_file.person
    form, theirs = _correction(request, found), None
    if form.is_valid():
        try:
            services.correct_note(note=found, by=request.user, **form.correction())
        except ChangedMeanwhile as refusal:
            found.refresh_from_db()
            theirs = entries([found])[0]
            form.data = form.data | {"version": found.version}
            refuse(form, refusal)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            done(request, _("The note is corrected. The earlier text is kept."))
            return go_to(request, section.address(person))
    context = {"person": person, "section": section, "form": form, "note": found, "theirs": theirs}
    return render_page(request, "casework/note.html", context, part="form", status=422 if form.errors else 200)


def _correction(request: Request, note: Note) -> NoteForm:
    kinds = [Kind(note.kind)]
    if request.method == "POST":
        return NoteForm(request.POST.dict(), kinds=kinds)
    return NoteForm(
        kinds=kinds,
        initial={
            "kind": note.kind,
            "happened_on": note.happened_on,
            "language": note.language,
            "is_evidence": note.is_evidence,
            "text": entries([note])[0].text,
            "version": note.version,
        },
    )


@require_safe
def versions(request: Request, note: UUID, section: Section) -> HttpResponse:
    """A note as it was, the latest text first. For those who write: a text may be corrected for what it told too much."""
    found = confided_in(request, Note, note, section.write)
    kept = found.events.exclude(pgh_label="delete").select_related("author", "corrected_by").order_by("-version")
    earlier = entries(found.as_it_was(event) for event in kept)
    context = {"person": found.case_file.person, "section": section, "note": found, "versions": earlier}
    return render_page(request, "casework/versions.html", context)
