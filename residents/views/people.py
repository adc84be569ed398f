"""The list of people."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from residents.filters import PeopleFilter, State
from residents.querysets import PersonQuerySet
from residents.selectors.elsewhere import known_elsewhere
from residents.selectors.people import rows
from residents.tables import PEOPLE
from shelter.accounts.access import requires
from shelter.accounts.policy import Can, InfoClass
from shelter.accounts.step_up import step_up
from shelter.audit import Action, reading
from shelter.exports.views import ask_for
from shelter.http import Request, render_page
from shelter.ui.lists import Page, Sorting
from shelter.ui.searches import asked

COLUMNS = {"name": ["search_name"], "born": ["birth_date"]}
ON_A_PAGE = 25


@require_safe
@requires(Can.SEE_PEOPLE)
def people(request: Request) -> HttpResponse:
    """Who is here, expected, waiting or gone; or everyone a name may mean."""
    filters = PeopleFilter(asked(request), user=request.user)
    sorting, found = _sorted(request, filters)
    page = Page.of(request, found, per_page=ON_A_PAGE)
    reading(request, InfoClass.IDENTITY, page, action=Action.SEARCH if filters.is_searching else Action.LIST)
    context = {
        "filters": filters,
        "states": State,
        "sorting": sorting,
        "page": page,
        "rows": rows(request.user, page),
        "several_sites": len(request.user.access.sites(Can.SEE_PEOPLE)) > 1,
        "elsewhere": known_elsewhere(request.user, filters.name_in_full) if filters.name_in_full else "",
        "may_admit": request.user.access.may(Can.ADMIT),
        "may_export": request.user.access.may(Can.EXPORT_PEOPLE),
    }
    return render_page(request, "residents/people.html", context, part="list")


@require_http_methods(["GET", "POST"])
@requires(Can.EXPORT_PEOPLE)
@step_up
def export_people(request: Request) -> HttpResponse:
    """The same list as a file: only people whom the user may take out of the house."""
    return ask_for(request, PEOPLE)


def _sorted(request: Request, filters: PeopleFilter) -> tuple[Sorting, PersonQuerySet]:
    """By name; or by how well the name fits while somebody is looked for."""
    found = filters.people()
    searching = "search_rank" in found.query.annotations
    columns = {**COLUMNS, "fit": ["search_rank"]} if searching else COLUMNS
    sorting = Sorting.of(request, columns, default="fit" if searching else "name")
    return sorting, sorting.apply(found)
