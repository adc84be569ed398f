"""The persons I follow; for those who share out the work, everyone who is followed at their sites."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from casework.filters import FollowedFilter, Whose
from casework.tables import FOLLOWED
from residents.querysets import KeyWorkerQuerySet
from shelter.accounts.access import requires
from shelter.accounts.policy import Can, InfoClass
from shelter.accounts.step_up import step_up
from shelter.audit import Action, reading
from shelter.exports.views import ask_for
from shelter.http import Request, render_page
from shelter.ui.lists import Page, Sorting
from shelter.ui.searches import asked

COLUMNS = {"name": ["person__search_name"], "since": ["starts_on"], "worker": ["user__name"]}
ON_A_PAGE = 25


@require_safe
@requires(Can.SEE_PEOPLE, if_assigned=True)
def mine(request: Request) -> HttpResponse:
    filters = FollowedFilter(asked(request), user=request.user)
    sorting = Sorting.of(request, COLUMNS, default="name")
    page = Page.of(request, sorting.apply(_followed(filters)), per_page=ON_A_PAGE)
    reading(request, InfoClass.IDENTITY, [row.person_id for row in page], action=Action.LIST)
    context = {
        "filters": filters,
        "whose": Whose.choices,
        "sorting": sorting,
        "page": page,
        "may_export": request.user.access.may(Can.EXPORT_PEOPLE),
    }
    return render_page(request, "casework/mine.html", context, part="list")


@require_http_methods(["GET", "POST"])
@requires(Can.EXPORT_PEOPLE)
@step_up
def export_mine(request: Request) -> HttpResponse:
    """The same list as a file: who follows whom since when, and nothing that was confided."""
    return ask_for(request, FOLLOWED)


def _followed(filters: FollowedFilter) -> KeyWorkerQuerySet:
    return filters.apply(filters.followed()).select_related("person", "user", "site", "supervisor")
