"""Documents of one secrecy class. The section is given by the address."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework import services
from casework.forms import DocumentForm
from casework.models import Document
from casework.papers import SUFFIXES
from casework.sections import Section
from casework.selectors import SectionPage, site_to_open_at
from casework.views.fetching import confided_in, person_in
from shelter.audit import Action
from shelter.db import DomainError
from shelter.http import Request, go_to, render_page
from shelter.ui.forms import refuse
from shelter.ui.toasts import done


@require_http_methods(["GET", "POST"])
def add(request: Request, person: UUID, section: Section) -> HttpResponse:
    found = person_in(request, person, section.write)
    kinds = SectionPage(found, section, request.user).kinds
    form = DocumentForm(request.POST or None, request.FILES or None, kinds=kinds)
    if form.is_valid():
        try:
            site = site_to_open_at(request.user, found, section.write)
            file = services.open_case_file(person=found, site=site, by=request.user)
            services.keep_document(file=file, by=request.user, **form.facts())
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            done(request, _("The document is kept, encrypted."))
            return go_to(request, section.address(found))
    context = {"person": found, "section": section, "form": form}
    return render_page(request, "casework/add_document.html", context, part="form", status=422 if form.errors else 200)


@require_safe
def download(request: Request, document: UUID, section: Section) -> HttpResponse:
    """As an attachment, under a name that says nothing of the person (E4, F4)."""
    found = confided_in(request, Document, document, section.read, action=Action.DOWNLOAD)
    response = HttpResponse(services.read_document(found), content_type=found.content_type)
    name = f"document-{found.public_id.hex[:8]}{SUFFIXES[found.content_type]}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
def remove(request: Request, document: UUID, section: Section) -> HttpResponse:
    found = confided_in(request, Document, document, section.write)
    person = found.case_file.person
    services.remove_document(document=found, by=request.user)
    done(request, _("The document is removed."))
    return go_to(request, section.address(person))
