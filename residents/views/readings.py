"""Who read what: the access log of a person, and the readings that ask for an explanation."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from residents.filters import AccessFilter, ReadingFilter
from residents.models import ReadingAlert
from residents.querysets import ReadingAlertQuerySet
from residents.selectors.readings import AccessLog
from residents.tables import ACCESSES, READINGS
from residents.views.persons import person_for
from shelter.accounts.access import requires
from shelter.accounts.policy import Can, InfoClass
from shelter.audit import Action, Purpose, reading
from shelter.http import Request, go_to, render_page
from shelter.ui.export import PurposeForm, export_xlsx
from shelter.ui.lists import Page, Sorting
from shelter.ui.panels import tabs_of
from shelter.ui.searches import asked

COLUMNS = {"when": ["first_at"], "who": ["user__name"], "kind": ["kind"], "site": ["site__name"], "times": ["times"]}


@require_safe
@requires(Can.SEE_ACCESS_LOG, if_assigned=True)
def access_log(request: Request, person: UUID) -> HttpResponse:
    """Every look at the file, for those who answer for it."""
    found = person_for(request, person, Can.SEE_ACCESS_LOG)
    filters = AccessFilter(request.GET)
    context = {
        "person": found,
        "tabs": tabs_of("person", request, found),
        "filters": filters,
        "page": Page.of(request, filters.log_of(found)),
    }
    return render_page(request, "residents/access_log.html", context, part="list")


@require_safe
@requires(Can.SEE_ACCESS_LOG, if_assigned=True)
def access_copy(request: Request, person: UUID) -> HttpResponse:
    """For the person: who read the file, on paper, in plain words."""
    found = person_for(request, person, Can.SEE_ACCESS_LOG)
    reading(request, InfoClass.IDENTITY, [found], action=Action.PRINT)
    context = {"person": found, "accesses": AccessLog(found)[:], "now": timezone.localtime()}
    return render(request, "residents/access_copy.html", context)


@require_POST
@requires(Can.SEE_ACCESS_LOG, if_assigned=True)
def export_access_log(request: Request, person: UUID) -> HttpResponse:
    found = person_for(request, person, Can.SEE_ACCESS_LOG)
    form = PurposeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what the list is for, and export again."))
        return go_to(request, f"{reverse('residents:access_log', args=[person])}?{request.GET.urlencode()}")
    reading(request, InfoClass.IDENTITY, [found], action=Action.EXPORT, purpose=Purpose.EXPORT)
    return export_xlsx(
        AccessFilter(request.GET).log_of(found)[:],
        ACCESSES,
        title=f"{_('Access log')} {found.reference}",
        who=str(request.user),
        purpose=form.cleaned_data["purpose"],
        name=f"{_('access-log')}-{found.reference}",
    )


@require_safe
@requires(Can.SEE_READINGS)
def readings(request: Request) -> HttpResponse:
    """What was noticed at one's sites. Persons by their number: whoever may open the file does so from there."""
    filters, sorting, found = _noticed(request)
    page = Page.of(request, sorting.apply(found), total=found.count())
    reading(request, InfoClass.READINGS, [row.person_id for row in page if row.person_id], action=Action.LIST)
    context = {
        "filters": filters,
        "sorting": sorting,
        "page": page,
        "may_open": request.user.access.may(Can.SEE_ACCESS_LOG),
    }
    return render_page(request, "residents/readings.html", context, part="list")


@require_POST
@requires(Can.SEE_READINGS)
def export_readings(request: Request) -> HttpResponse:
    form = PurposeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what the list is for, and export again."))
        return go_to(request, f"{reverse('residents:readings')}?{request.GET.urlencode()}")
    _filters, sorting, found = _noticed(request)
    rows = list(sorting.apply(found))
    persons = [row.person_id for row in rows if row.person_id]
    reading(request, InfoClass.READINGS, persons, action=Action.EXPORT, purpose=Purpose.EXPORT)
    return export_xlsx(
        rows,
        READINGS,
        title=_("Report on readings"),
        who=str(request.user),
        purpose=form.cleaned_data["purpose"],
        name=_("readings"),
    )


def _noticed(request: Request) -> tuple[ReadingFilter, Sorting, ReadingAlertQuerySet]:
    filters = ReadingFilter(asked(request))
    noticed = ReadingAlert.objects.visible_to(request.user).select_related("user", "person", "site")
    return filters, Sorting.of(request, COLUMNS, default="-when"), filters.noticed(noticed)
