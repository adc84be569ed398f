"""What is asked of exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from shelter.exports.lists import approvers

if TYPE_CHECKING:
    from shelter.accounts.models import User
    from shelter.exports.models import Export  # noqa: F401


class ExportQuerySet(QuerySet["Export"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and those that one may allow."""
        return self.filter(Q(asked_by=user) | _allowed_by(user))

    def of(self, user: User) -> Self:
        return self.filter(asked_by=user)

    def in_state(self, state: str) -> Self:
        """As people see it: a file whose day has passed is destroyed, be it so already or at the next tick."""
        from shelter.exports.models import Export

        over = Q(state=Export.State.EXPIRED) | Q(expires_at__lte=Now()) & ~Q(state=Export.State.REFUSED)
        return self.filter(over if state == Export.State.EXPIRED else Q(state=state) & ~over)

    def waiting_for(self, user: User) -> Self:
        """What somebody else has asked for, and this user may allow or refuse."""
        from shelter.exports.models import Export

        return self.filter(_allowed_by(user), state=Export.State.WAITING)


def _allowed_by(user: User) -> Q:
    """Exports of others whose approver this user is at every site that they draw on."""
    allowed = Q(pk__in=())
    for can in approvers():
        rows = Q(approver=can.value)
        if not user.access.everywhere(can):
            rows &= Q(site_ids__contained_by=list(user.access.sites(can))) & ~Q(site_ids=[])
        allowed |= rows
    return allowed & ~Q(asked_by=user)
