"""Roles that wait for a second person (A9)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shelter.accounts import services
from shelter.accounts.access import requires
from shelter.accounts.mails import send_invitation
from shelter.accounts.models import Invitation, RoleProposal, User
from shelter.accounts.policy import Can
from shelter.accounts.step_up import step_up
from shelter.db import DomainError
from shelter.http import Request, go_to, render_page
from shelter.ui.lists import Page
from shelter.ui.toasts import done


@require_safe
@requires(Can.MANAGE_TEAM)
def proposals(request: Request) -> HttpResponse:
    rows = RoleProposal.objects.visible_to(request.user).waiting().select_related("site", "proposed_by")
    page = Page.of(request, rows)
    context = {"page": page, "proposals": [(row, *_may_decide(request.user, row)) for row in page]}
    return render_page(request, "accounts/proposals.html", context)


@require_POST
@requires(Can.MANAGE_TEAM)
@step_up
def confirm_role(request: Request, proposal: UUID) -> HttpResponse:
    found = _proposal(request, proposal)
    try:
        made = services.confirm(found, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        if made:
            return show_link(request, *made)
        done(request, _("%(name)s has one more role.") % {"name": found.name})
    return go_to(request, "accounts:proposals")


@require_POST
@requires(Can.MANAGE_TEAM)
@step_up
def turn_down_role(request: Request, proposal: UUID) -> HttpResponse:
    found = _proposal(request, proposal)
    try:
        services.turn_down(found, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        done(request, _("%(name)s does not get this role.") % {"name": found.name})
    return go_to(request, "accounts:proposals")


def waits(request: Request, proposal: RoleProposal) -> HttpResponse:
    """The answer to whoever proposed it."""
    done(request, _("The role of %(name)s waits for a second person.") % {"name": proposal.name})
    return go_to(request, "accounts:proposals")


def show_link(request: Request, invitation: Invitation, token: str) -> HttpResponse:
    """Mailed, and shown this once: no list has it."""
    link = request.build_absolute_uri(reverse("accounts:open_invitation", kwargs={"token": token}))
    send_invitation(invitation, link=link)
    return render_page(request, "accounts/invited.html", {"invitation": invitation, "link": link})


def _proposal(request: Request, proposal: UUID) -> RoleProposal:
    rows = RoleProposal.objects.visible_to(request.user).select_related("site", "proposed_by", "user")
    return get_object_or_404(rows, public_id=proposal)


def _may_decide(user: User, proposal: RoleProposal) -> tuple[bool, bool]:
    """Whether they may confirm it, and whether they may say no."""
    may_give = proposal.role in services.roles_to_grant(user, proposal.site_id)
    return may_give and proposal.proposed_by != user, may_give
