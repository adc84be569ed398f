"""Every change to who may work where: invitations, memberships, one's own profile (security requirements A9, B1)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shelter.accounts import sessions
from shelter.accounts.models import Invitation, Membership, RoleProposal, User
from shelter.accounts.policy import MAY_GRANT, SECRECY_ROLES, Role
from shelter.audit import Action, record
from shelter.db import DomainError, violation_raises

if TYPE_CHECKING:
    from sites.models import Site


UNUSED = timedelta(days=60)


class RoleNotYours(DomainError):
    field, message = "role", _("This role is not yours to give at this site.")


class NotToOneself(DomainError):
    message = _("Nobody changes their own roles. A colleague who may has to do it.")


class AlreadyMember(DomainError):
    field, message = "role", _("This person already has this role at this site.")


class SecondPersonNeeded(DomainError):
    field, message = "role", _("This role opens what is confided: somebody else has to confirm it.")


class AlreadyProposed(DomainError):
    field, message = "role", _("This role is proposed already, and waits for a second person.")


class AlreadyDecided(DomainError):
    message = _("Somebody else has decided about it meanwhile.")


class InvitationClosed(DomainError):
    message = _("This invitation no longer opens anything. Ask for a new one.")


def roles_to_grant(by: User, site_id: int | None) -> frozenset[Role]:
    """The roles that ``by`` may give at a site today: never one above or beside their own (A9)."""
    held = by.access.roles.get(None, frozenset()) | by.access.roles.get(site_id, frozenset())
    return frozenset().union(*(MAY_GRANT.get(role, frozenset()) for role in held))


@transaction.atomic
def invite(
    *,
    email: str,
    name: str,
    role: str,
    site: Site,
    by: User,
    shift_from: time | None = None,
    shift_until: time | None = None,
) -> tuple[Invitation, str]:
    """An invitation and its token, which is kept nowhere: tell it at once or never.

    Earlier invitations of the same person to the same role close. Whether the address has an account already makes no
    difference here (B6).
    """
    _check(email=email, role=role, site_id=site.pk, by=by)
    if role in SECRECY_ROLES:
        raise SecondPersonNeeded
    return _new_invitation(
        email=email, name=name, role=role, site=site, by=by, shift_from=shift_from, shift_until=shift_until
    )


@transaction.atomic
def invite_administrator(*, email: str, name: str) -> tuple[Invitation, str]:
    """The way in for whoever holds the server: see ``manage.py create_administrator``."""
    return _new_invitation(email=email, name=name, role=Role.PLATFORM_ADMIN, site=None, by=None)


def _new_invitation(
    *,
    email: str,
    name: str,
    role: str,
    site: Site | None,
    by: User | None,
    approved_by: User | None = None,
    **hours: time | None,
) -> tuple[Invitation, str]:
    email, token = email.lower(), Invitation.new_token()
    same = Invitation.objects.open().filter(email=email, role=role, site=site)
    same.update(revoked_at=timezone.now())
    invitation = Invitation.objects.create(
        email=email,
        name=name,
        role=role,
        site=site,
        invited_by=by,
        approved_by=approved_by,
        token_digest=Invitation.digest(token),
        **hours,
    )
    record(Action.INVITE, user=by, about=invitation, site=site)
    return invitation, token


@transaction.atomic
def revoke(invitation: Invitation) -> None:
    """The link opens nothing any more. Revoking twice, or after acceptance, changes nothing."""
    if Invitation.objects.open().filter(pk=invitation.pk).update(revoked_at=timezone.now()):
        record(Action.REVOKE, about=invitation, site=invitation.site_id)


@contextmanager
def holding(digest: str) -> Iterator[Invitation | None]:
    """The open invitation of this token. Inside, the database shows what it opens, to whoever holds it."""
    with transaction.atomic():
        _tell_the_database(digest)
        yield Invitation.objects.open().filter(token_digest=digest).select_related("site").first()
        _tell_the_database("")


def _tell_the_database(digest: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('maisonnee.invitation', %s, true)", [digest])


@transaction.atomic
def accept(invitation: Invitation, *, name: str, language: str, password: str | None) -> User:
    """A new account with the role of the invitation. Without passphrase, it opens by what the caller binds to it.

    Raises ``InvitationClosed`` when the link was used meanwhile.
    """
    user = User.objects.create_user(invitation.email, password, name=name, language=language)
    _use(invitation, user)
    return user


@transaction.atomic
def accept_as(invitation: Invitation, *, user: User) -> User:
    """The role of the invitation for someone who has an account already, signed in with the invited address."""
    if user.email.casefold() != invitation.email.casefold():
        raise InvitationClosed
    _use(invitation, user)
    return user


def _use(invitation: Invitation, user: User) -> None:
    """The database gives the role, to the first who asks. Who invited and approved must still be people who may."""
    answerable = [by for by in (invitation.invited_by, invitation.approved_by) if by]
    if any(Role(invitation.role) not in roles_to_grant(by, invitation.site_id) for by in answerable):
        raise InvitationClosed
    if invitation.role in SECRECY_ROLES and len(answerable) < 2:
        raise InvitationClosed
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_accept(%s, %s)", [invitation.token_digest, user.pk])
        if not cursor.fetchone()[0]:
            raise InvitationClosed
    record(Action.GRANT, user=user, about=invitation, site=invitation.site_id)


@transaction.atomic
def grant(
    *,
    user: User,
    role: str,
    site: Site,
    by: User,
    starts_on: date | None = None,
    ends_on: date | None = None,
    shift_from: time | None = None,
    shift_until: time | None = None,
) -> Membership:
    """A role over ``[starts_on, ends_on)``, in the hours of a shift if it has one; if not told otherwise from today,
    until further notice.
    """
    _check(email=user.email, role=role, site_id=site.pk, by=by)
    if role in SECRECY_ROLES:
        raise SecondPersonNeeded
    return _new_membership(
        by=by,
        user=user,
        role=role,
        site=site,
        starts_on=starts_on,
        ends_on=ends_on,
        shift_from=shift_from,
        shift_until=shift_until,
    )


def _new_membership(
    *, user: User, role: str, site: Site, by: User, starts_on: date | None, ends_on: date | None, **hours: time | None
) -> Membership:
    if user.memberships.not_over().filter(site=site, role=role).exists():
        raise AlreadyMember
    with violation_raises("membership_once_at_a_time", AlreadyMember):
        given = Membership.objects.create(
            user=user, role=role, site=site, starts_on=starts_on or timezone.localdate(), ends_on=ends_on, **hours
        )
    record(Action.GRANT, user=by, about=given, site=site)
    return given


@transaction.atomic
def propose(
    *,
    role: str,
    site: Site,
    by: User,
    user: User | None = None,
    email: str = "",
    name: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    **hours: time | None,
) -> RoleProposal:
    """A role of ``SECRECY_ROLES`` for a colleague, or for whoever is to be invited at ``email``, once a second confirms."""
    email, name = (user.email, user.name) if user else (email.lower(), name)
    _check(email=email, role=role, site_id=site.pk, by=by)
    if user and user.memberships.not_over().filter(site=site, role=role).exists():
        raise AlreadyMember
    with violation_raises("proposal_open_once", AlreadyProposed):
        return RoleProposal.objects.create(
            user=user,
            email=email,
            name=name,
            role=role,
            site=site,
            starts_on=starts_on,
            ends_on=ends_on,
            proposed_by=by,
            **hours,
        )


@transaction.atomic
def confirm(proposal: RoleProposal, *, by: User) -> tuple[Invitation, str] | None:
    """The second person agrees: a colleague has the role, somebody new gets an invitation, returned with its token."""
    if by == proposal.proposed_by:
        raise SecondPersonNeeded
    _check(email=proposal.email, role=proposal.role, site_id=proposal.site_id, by=by)
    _check(email=proposal.email, role=proposal.role, site_id=proposal.site_id, by=proposal.proposed_by)
    _decide(proposal, by=by, confirmed=True)
    role, site = proposal.role, proposal.site
    if proposal.user:
        _new_membership(
            by=by,
            user=proposal.user,
            role=role,
            site=site,
            starts_on=proposal.starts_on,
            ends_on=proposal.ends_on,
            shift_from=proposal.shift_from,
            shift_until=proposal.shift_until,
        )
        return None
    return _new_invitation(
        email=proposal.email,
        name=proposal.name,
        role=role,
        site=site,
        by=proposal.proposed_by,
        approved_by=by,
        shift_from=proposal.shift_from,
        shift_until=proposal.shift_until,
    )


@transaction.atomic
def turn_down(proposal: RoleProposal, *, by: User) -> None:
    """The second person does not agree, or the first takes it back."""
    _check(email=proposal.email, role=proposal.role, site_id=proposal.site_id, by=by)
    _decide(proposal, by=by, confirmed=False)


def _decide(proposal: RoleProposal, *, by: User, confirmed: bool) -> None:
    """One row updated means that nobody decided before."""
    open_ = RoleProposal.objects.waiting().filter(pk=proposal.pk)
    if not open_.update(decided_by=by, decided_at=timezone.now(), is_confirmed=confirmed):
        raise AlreadyDecided


@transaction.atomic
def end_membership(membership: Membership, *, by: User) -> None:
    """From now on it opens nothing. One that began today, or has not begun, goes whole (its history stays)."""
    _check(email=membership.user.email, role=membership.role, site_id=membership.site_id, by=by)
    record(Action.REVOKE, user=by, about=membership, site=membership.site_id)
    today = timezone.localdate()
    if membership.starts_on >= today:
        membership.delete()
    else:
        membership.ends_on = today
        membership.save(update_fields=["ends_on"])
    _leave(membership.user, membership)


def _leave(user: User, membership: Membership) -> None:
    """Without any role left, the person is signed out; invitations to what they left open nothing (A14)."""
    Invitation.objects.open().to(user.email).filter(site=membership.site_id).update(revoked_at=timezone.now())
    sessions.end_all(User.objects.get_queryset().filter(~Q(sessions.may_come_in("pk")), pk=user.pk))


def suspend_unused() -> None:
    """Accounts that nobody has used for sixty days open nothing, until a coordination opens them again (A14)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_suspend_unused(%s)", [timezone.now() - UNUSED])


@transaction.atomic
def reopen(user: User, *, by: User) -> None:
    """The account opens again; it was suspended, or closed."""
    if user == by:
        raise NotToOneself
    user.is_active, user.opened_at = True, timezone.now()
    user.save(update_fields=["is_active", "opened_at"])


@transaction.atomic
def resume_membership(membership: Membership, *, by: User) -> None:
    """Take back an end: the role holds again until further notice. A role given anew meanwhile stays the only one."""
    _check(email=membership.user.email, role=membership.role, site_id=membership.site_id, by=by)
    if membership.role in SECRECY_ROLES:
        raise SecondPersonNeeded
    membership.ends_on = None
    with violation_raises("membership_once_at_a_time", AlreadyMember):
        membership.save(update_fields=["ends_on"])
    record(Action.GRANT, user=by, about=membership, site=membership.site_id)


def _check(*, email: str, role: str, site_id: int | None, by: User) -> None:
    if email.casefold() == by.email.casefold():
        raise NotToOneself
    if Role(role) not in roles_to_grant(by, site_id):
        raise RoleNotYours


def change_profile(user: User, *, name: str, language: str) -> User:
    user.name, user.language = name, language
    user.save(update_fields=["name", "language"])
    return user
