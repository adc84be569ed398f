"""The list of people."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from residents.filters import PeopleFilter, State
from residents.querysets import PersonQuerySet
from residents.selectors.people import rows
from residents.tables import PEOPLE
from shelter.accounts.access import requires
from shelter.accounts.policy import Can, InfoClass
from shelter.audit import Action, Purpose, reading
from shelter.http import Request, go_to, render_page
from shelter.ui.export import PurposeForm, export_xlsx
from shelter.ui.lists import Page, Sorting

COLUMNS = {"name": ["search_name"], "born": ["birth_date"]}
ON_A_PAGE = 25


@require_safe
@requires(Can.SEE_PEOPLE)
def people(request: Request) -> HttpResponse:
    """Who is here, expected, waiting or gone; or everyone a name may mean."""
    filters = PeopleFilter(request.GET, user=request.user)
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
        "may_admit": request.user.access.may(Can.ADMIT),
        "may_export": request.user.access.may(Can.EXPORT_PEOPLE),
    }
    return render_page(request, "residents/people.html", context, part="list")


@require_POST
@requires(Can.EXPORT_PEOPLE)
def export_people(request: Request) -> HttpResponse:
    """The same list as a workbook, once its purpose is said: only people whom the user may take out of the house."""
    form = PurposeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what the list is for, and export again."))
        return go_to(request, f"{reverse('residents:people')}?{request.GET.urlencode()}")
    filters = PeopleFilter(request.GET, user=request.user)
    _sorting, found = _sorted(request, filters)
    allowed = list(found.visible_to(request.user, Can.EXPORT_PEOPLE))
    reading(request, InfoClass.IDENTITY, allowed, action=Action.EXPORT, purpose=Purpose.EXPORT)
    return export_xlsx(
        rows(request.user, allowed),
        PEOPLE,
        title=_("People"),
        who=str(request.user),
        purpose=form.cleaned_data["purpose"],
        name=_("people"),
    )


def _sorted(request: Request, filters: PeopleFilter) -> tuple[Sorting, PersonQuerySet]:
    """By name; or by how well the name fits while somebody is looked for."""
    found = filters.people()
    searching = "search_rank" in found.query.annotations
    columns = {**COLUMNS, "fit": ["search_rank"]} if searching else COLUMNS
    sorting = Sorting.of(request, columns, default="fit" if searching else "name")
    return sorting, sorting.apply(found)
