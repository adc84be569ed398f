"""Who works at my sites, in which role, from when until when."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shelter.accounts import services
from shelter.accounts.access import requires
from shelter.accounts.forms import GrantForm, TeamFilter
from shelter.accounts.models import Membership, RoleProposal, User
from shelter.accounts.policy import SECRECY_ROLES, Can
from shelter.accounts.step_up import step_up, step_up_to_send
from shelter.accounts.tables import SORTABLE, TEAM
from shelter.accounts.views.proposals import waits
from shelter.db import DomainError
from shelter.exports.views import ask_for
from shelter.http import Request, go_to, render_page
from shelter.ui.forms import refuse
from shelter.ui.lists import Page, Sorting
from shelter.ui.panels import tabs_of
from shelter.ui.searches import asked
from shelter.ui.toasts import done


@require_safe
@requires(Can.SEE_TEAM)
def team(request: Request) -> HttpResponse:
    filters = TeamFilter(asked(request), user=request.user)
    sorting = Sorting.of(request, SORTABLE, default="name")
    rows = filters.apply(Membership.objects.visible_to(request.user).select_related("user", "site"))
    context = {
        "filters": filters,
        "sorting": sorting,
        "page": Page.of(request, sorting.apply(rows)),
        "may_manage": (may_manage := request.user.access.may(Can.MANAGE_TEAM)),
        "waiting": may_manage and RoleProposal.objects.visible_to(request.user).waiting().count(),
        "sites_in_hand": [
            place for place in request.user.access.places if request.user.access.may(Can.MANAGE_TEAM, place.id)
        ],
    }
    return render_page(request, "accounts/team.html", context, part="list")


@require_http_methods(["GET", "POST"])
@requires(Can.SEE_TEAM)
@step_up
def export_team(request: Request) -> HttpResponse:
    """The list as filtered, as a file."""
    return ask_for(request, TEAM)


@require_http_methods(["GET", "POST"])
@requires(Can.SEE_TEAM)
@step_up_to_send
def member(request: Request, member: UUID) -> HttpResponse:
    """A colleague's roles at my sites, and a form to give one more where I may."""
    colleague = get_object_or_404(User.objects.visible_to(request.user), public_id=member)
    may_manage = request.user.access.may(Can.MANAGE_TEAM) and colleague != request.user
    form = GrantForm(request.POST or None, by=request.user) if may_manage else None
    if form and form.is_valid():
        try:
            if form.cleaned_data["role"] in SECRECY_ROLES:
                return waits(request, services.propose(user=colleague, by=request.user, **form.cleaned_data))
            services.grant(user=colleague, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            done(request, _("%(name)s has one more role.") % {"name": colleague})
            return go_to(request, "accounts:member", member=member)
    memberships = Membership.objects.visible_to(request.user).filter(user=colleague).select_related("site")
    context = {
        "colleague": colleague,
        "memberships": [(row, may_manage and _may_end(request.user, row)) for row in memberships.latest_first()],
        "form": form,
        "may_manage": may_manage,
        "tabs": tabs_of("member", request, colleague),
    }
    return render_page(request, "accounts/member.html", context, status=422 if form and form.errors else 200)


@require_POST
@requires(Can.MANAGE_TEAM)
@step_up
def end_role(request: Request, membership: UUID) -> HttpResponse:
    found = _membership(request, membership)
    takes_one = found.role not in SECRECY_ROLES
    undo = reverse("accounts:resume_role", kwargs={"membership": membership}) if takes_one else ""
    try:
        services.end_membership(found, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        done(request, _("%(name)s no longer has this role.") % {"name": found.user}, undo=undo if found.pk else "")
    return go_to(request, "accounts:team")


@require_POST
@requires(Can.MANAGE_TEAM)
@step_up
def resume_role(request: Request, membership: UUID) -> HttpResponse:
    found = _membership(request, membership)
    try:
        services.resume_membership(found, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        done(request, _("%(name)s has this role again.") % {"name": found.user})
    return go_to(request, "accounts:team")


@require_POST
@requires(Can.MANAGE_TEAM)
@step_up
def reopen(request: Request, member: UUID) -> HttpResponse:
    colleague = get_object_or_404(User.objects.visible_to(request.user, Can.MANAGE_TEAM), public_id=member)
    try:
        services.reopen(colleague, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        done(request, _("%(name)s may sign in again.") % {"name": colleague})
    return go_to(request, "accounts:member", member=member)


def _membership(request: Request, membership: UUID) -> Membership:
    rows = Membership.objects.visible_to(request.user, Can.MANAGE_TEAM).select_related("user", "site")
    return get_object_or_404(rows, public_id=membership)


def _may_end(user: User, membership: Membership) -> bool:
    return not membership.is_over and membership.role in services.roles_to_grant(user, membership.site_id)
