"""What is asked of users, their memberships and their invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from shelter.accounts.policy import Can
from shelter.db import by_name

if TYPE_CHECKING:
    from shelter.accounts.models import Invitation, Membership, User  # noqa: F401


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
        """Memberships that count today (Brussels date)."""
        today = timezone.localdate()
        return self.filter(Q(starts_on__lte=today), Q(ends_on__isnull=True) | Q(ends_on__gt=today))

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
