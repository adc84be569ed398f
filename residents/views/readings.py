"""Who read what: the access log of a person, and the readings that ask for an explanation."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from residents.filters import AccessFilter, SeenFilter
from residents.selectors.readings import AccessLog
from residents.tables import ACCESS_LOG, READ, SEEN, noticed
from residents.views.persons import person_for
from shelter.accounts.access import requires
from shelter.accounts.models import User
from shelter.accounts.policy import Can, InfoClass
from shelter.accounts.step_up import step_up
from shelter.audit import Action, reading
from shelter.exports.views import ask_for
from shelter.http import Request, render_page
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
        "may_list": request.user.access.may(Can.SEE_PEOPLE),
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


@require_http_methods(["GET", "POST"])
@requires(Can.SEE_ACCESS_LOG, if_assigned=True)
@step_up
def export_access_log(request: Request, person: UUID) -> HttpResponse:
    """The log as filtered, as a file."""
    person_for(request, person, Can.SEE_ACCESS_LOG)
    return ask_for(request, ACCESS_LOG, person=str(person))


@require_safe
@requires(Can.SEE_READINGS)
def readings(request: Request) -> HttpResponse:
    """What was noticed at one's sites. Persons by their number: whoever may open the file does so from there."""
    filters, found = noticed(request.user, asked(request))
    sorting = Sorting.of(request, COLUMNS, default="-when")
    page = Page.of(request, sorting.apply(found), total=found.count())
    reading(request, InfoClass.READINGS, [row.person_id for row in page if row.person_id], action=Action.LIST)
    context = {
        "filters": filters,
        "sorting": sorting,
        "page": page,
        "may_open": request.user.access.may(Can.SEE_ACCESS_LOG),
    }
    return render_page(request, "residents/readings.html", context, part="list")


@require_http_methods(["GET", "POST"])
@requires(Can.SEE_READINGS)
@step_up
def export_readings(request: Request) -> HttpResponse:
    """The report as filtered, as a file: persons by their number, colleagues by their name."""
    return ask_for(request, READ)


@require_safe
@requires(Can.SEE_READINGS)
def seen(request: Request, member: UUID) -> HttpResponse:
    """Whose data a colleague's account has seen: the first question after a breach (H5)."""
    colleague = _colleague(request, member)
    filters = SeenFilter(request.GET)
    found = filters.seen_by(colleague)
    page = Page.of(request, found, total=len(found))
    reading(request, InfoClass.READINGS, [row.person_id for row in page], action=Action.LIST)
    context = {
        "colleague": colleague,
        "filters": filters,
        "page": page,
    }
    return render_page(request, "residents/seen.html", context, part="list")


@require_http_methods(["GET", "POST"])
@requires(Can.SEE_READINGS)
@step_up
def export_seen(request: Request, member: UUID) -> HttpResponse:
    """The same as a file: persons by their number."""
    _colleague(request, member)
    return ask_for(request, SEEN, member=str(member))


def _colleague(request: Request, member: UUID) -> User:
    return get_object_or_404(User.objects.visible_to(request.user, Can.SEE_READINGS), public_id=member)
