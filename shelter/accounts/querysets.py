"""What is asked of users, their memberships and their invitations."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.db.models import BooleanField, DateTimeField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from shelter.accounts.policy import Can
from shelter.db import by_name

if TYPE_CHECKING:
    from shelter.accounts.models import Draft, Invitation, Membership, RoleProposal, User  # noqa: F401


class UserQuerySet(QuerySet["User"]):
    def visible_to(self, user: User, can: Can = Can.SEE_TEAM) -> Self:
        """Users with a membership, past ones too, at a site where ``user`` may do ``can``."""
        from shelter.accounts.models import Membership

        return self.filter(Exists(Membership.objects.visible_to(user, can).filter(user=OuterRef("pk"))))


class MembershipQuerySet(QuerySet["Membership"]):
    def visible_to(self, user: User, can: Can = Can.SEE_TEAM) -> Self:
        """Memberships at sites where ``user`` may do ``can``."""
        return self.all() if user.access.everywhere(can) else self.filter(site__in=user.access.sites(can))

    def valid(self) -> Self:
        """Memberships that count now: today is one of their days, and a shift runs or ended less than an hour ago.

        The rule is a function of the database, which row-level security asks too.
        """
        moment = Value(timezone.now(), DateTimeField())
        columns = ("starts_on", "ends_on", "shift_from", "shift_until")
        return self.filter(Func(*columns, moment, function="membership_holds", output_field=BooleanField()))

    def over(self) -> Self:
        return self.filter(ends_on__lte=timezone.localdate())

    def of_someone_called(self, words: str) -> Self:
        return self.filter(Q(user__name__icontains=words) | Q(user__email__icontains=words))

    def by_name(self) -> Self:
        return self.order_by(by_name("user__name"), by_name("site__name"), "pk")

    def latest_first(self) -> Self:
        return self.order_by(F("ends_on").desc(nulls_first=True), "-starts_on", "pk")

    def not_over(self) -> Self:
        """Valid today or later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=timezone.localdate()))


class InvitationQuerySet(QuerySet["Invitation"]):
    def visible_to(self, user: User, can: Can = Can.MANAGE_TEAM) -> Self:
        """Invitations to sites where ``user`` may do ``can``."""
        return self.all() if user.access.everywhere(can) else self.filter(site__in=user.access.sites(can))

    def open(self) -> Self:
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())

    def to(self, email: str | OuterRef) -> Self:
        return self.filter(email__iexact=email)


class RoleProposalQuerySet(QuerySet["RoleProposal"]):
    def visible_to(self, user: User, can: Can = Can.MANAGE_TEAM) -> Self:
        """Proposals for sites where ``user`` may do ``can``."""
        return self.all() if user.access.everywhere(can) else self.filter(site__in=user.access.sites(can))

    def waiting(self) -> Self:
        return self.filter(decided_at=None)


class DraftQuerySet(QuerySet["Draft"]):
    def stale(self) -> Self:
        return self.filter(saved_at__lt=timezone.now() - timedelta(days=7))
