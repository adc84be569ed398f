"""Inviting colleagues, and the page that an invitation opens."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shelter.accounts import services
from shelter.accounts.access import open_to, requires
from shelter.accounts.door import stand_at_the_door
from shelter.accounts.forms import AcceptForm, InvitationForm
from shelter.accounts.microsoft import INVITATION, to_microsoft
from shelter.accounts.models import Invitation, User
from shelter.accounts.policy import SECRECY_ROLES, Can
from shelter.accounts.step_up import step_up
from shelter.accounts.views.proposals import show_link, waits
from shelter.db import DomainError
from shelter.http import Request, go_to, render_page
from shelter.ui.forms import refuse
from shelter.ui.lists import Page
from shelter.ui.toasts import done


@require_safe
@requires(Can.MANAGE_TEAM)
def invitations(request: Request) -> HttpResponse:
    rows = Invitation.objects.visible_to(request.user).select_related("site", "invited_by")
    return render_page(request, "accounts/invitations.html", {"page": Page.of(request, rows)})


@require_http_methods(["GET", "POST"])
@requires(Can.MANAGE_TEAM)
@step_up
def invite(request: Request) -> HttpResponse:
    """The link is mailed, and shown this once to whoever invites: no list has it."""
    form = InvitationForm(request.POST or None, by=request.user)
    if form.is_valid():
        try:
            if form.cleaned_data["role"] in SECRECY_ROLES:
                return waits(request, services.propose(by=request.user, **form.cleaned_data))
            invitation, token = services.invite(by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            return show_link(request, invitation, token)
    return render_page(request, "accounts/invite.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@requires(Can.MANAGE_TEAM)
@step_up
def revoke(request: Request, invitation: UUID) -> HttpResponse:
    found = get_object_or_404(Invitation.objects.visible_to(request.user), public_id=invitation)
    services.revoke(found)
    done(request, _("The invitation of %(name)s no longer opens anything.") % {"name": found.name})
    return go_to(request, "accounts:invitations")


@require_safe
@open_to("everyone")
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail. Its token moves into the session at once: an address is kept by browsers and proxies."""
    request.session[INVITATION] = Invitation.digest(token)
    return go_to(request, "accounts:accept")


@require_http_methods(["GET", "POST"])
@open_to("everyone")
@sensitive_post_parameters()
def accept(request: HttpRequest) -> HttpResponse:
    """What the link opens. Who has an account signs in with it; who has none makes one here."""
    with services.holding(request.session.get(INVITATION, "")) as invitation:
        if invitation is None:
            return _closed(request)
        has_account = (
            User.objects.filter(  # nosemgrep: unscoped-manager -- nobody is signed in: yes or no, for this address
                email__iexact=invitation.email
            ).exists()
        )
        if has_account:
            return _accept_with_account(request, invitation)
        return _accept_anew(request, invitation)


@require_POST
@open_to("everyone")
def accept_with_microsoft(request: HttpRequest) -> HttpResponse:
    """To Microsoft; whoever comes back has the account that the invitation makes (``microsoft.py``)."""
    with services.holding(request.session.get(INVITATION, "")) as invitation:
        if invitation is None:
            return _closed(request)
    return to_microsoft(request)


def _accept_anew(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = AcceptForm(request.POST or None, invitation=invitation, language=get_language() or "fr")
    if form.is_valid():
        try:
            user = services.accept(invitation, **form.cleaned_data)
        except services.InvitationClosed:
            return _closed(request)
        stand_at_the_door(user.pk)
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        del request.session[INVITATION]
        done(request, _("Welcome, %(name)s.") % {"name": user})
        return go_to(request, "accounts:profile")
    context = {"form": form, "invitation": invitation}
    return render_page(request, "accounts/accept.html", context, status=422 if form.errors else 200)


def _accept_with_account(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """The address has an account: its owner, once signed in, takes the role with one click."""
    user = request.user
    is_theirs = user.is_authenticated and user.email.casefold() == invitation.email.casefold()
    if request.method == "POST" and user.is_authenticated and is_theirs:
        try:
            services.accept_as(invitation, user=user)
        except services.InvitationClosed:
            return _closed(request)
        done(request, _("You have one more role."))
        return go_to(request, "accounts:profile")
    return render_page(request, "accounts/accept_again.html", {"invitation": invitation, "is_theirs": is_theirs})


def _closed(request: HttpRequest) -> HttpResponse:
    return render_page(request, "accounts/invitation_closed.html", {}, status=410)
