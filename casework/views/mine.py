"""The persons I follow; for those who share out the work, everyone who is followed at their sites."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from casework.filters import FollowedFilter, Whose
from casework.tables import FOLLOWED
from residents.querysets import KeyWorkerQuerySet
from shelter.accounts.access import requires
from shelter.accounts.policy import Can, InfoClass
from shelter.audit import Action, Purpose, reading
from shelter.http import Request, go_to, render_page
from shelter.ui.export import PurposeForm, export_xlsx
from shelter.ui.lists import Page, Sorting

COLUMNS = {"name": ["person__search_name"], "since": ["starts_on"], "worker": ["user__name"]}
ON_A_PAGE = 25


@require_safe
@requires(Can.SEE_PEOPLE, if_assigned=True)
def mine(request: Request) -> HttpResponse:
    filters = FollowedFilter(request.GET, user=request.user)
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


@require_POST
@requires(Can.EXPORT_PEOPLE)
def export_mine(request: Request) -> HttpResponse:
    """The same list as a workbook: who follows whom since when, and nothing that was confided."""
    form = PurposeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what the list is for, and export again."))
        return go_to(request, f"{reverse('casework:mine')}?{request.GET.urlencode()}")
    filters = FollowedFilter(request.GET, user=request.user)
    sites = request.user.access.sites(Can.EXPORT_PEOPLE)
    rows = list(Sorting.of(request, COLUMNS, default="name").apply(_followed(filters).filter(site__in=sites)))
    reading(request, InfoClass.IDENTITY, [row.person_id for row in rows], action=Action.EXPORT, purpose=Purpose.EXPORT)
    return export_xlsx(
        rows,
        FOLLOWED,
        title=_("Follow-up"),
        who=str(request.user),
        purpose=form.cleaned_data["purpose"],
        name=_("follow-up"),
    )


def _followed(filters: FollowedFilter) -> KeyWorkerQuerySet:
    return filters.apply(filters.followed()).select_related("person", "user", "site", "supervisor")
