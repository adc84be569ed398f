"""The policy table, as the code asks it, for those who answer for it."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shelter.accounts import wording
from shelter.accounts.access import requires
from shelter.accounts.forms import PolicyFilter
from shelter.accounts.policy import SECRECY_ROLES, Can
from shelter.accounts.tables import POLICY_EXPORT
from shelter.http import Request, render_page
from shelter.ui.export import answer_export


@require_safe
@requires(Can.SEE_POLICY)
def policy(request: Request) -> HttpResponse:
    filters = PolicyFilter(request.GET)
    context = {
        "filters": filters,
        "rows": wording.rows(filters.chosen_role),
        "one": filters.chosen_role,
        "givers": [row for row in wording.rows() if row.may_give],
        "by_two": sorted(str(role.label) for role in SECRECY_ROLES),
        "halves": wording.HALVES,
        "modes": wording.MODES.items(),
    }
    return render_page(request, "accounts/policy.html", context, part="list")


@require_POST
@requires(Can.SEE_POLICY)
def export_policy(request: Request) -> HttpResponse:
    """The table as a file: roles and classes, and nobody's name, so it goes out at once."""
    rows = wording.rows(PolicyFilter(request.GET).chosen_role)
    back = reverse("accounts:policy")
    return answer_export(request, rows, POLICY_EXPORT, title=_("Rules of access"), name="rules-of-access", back=back)
