"""What is asked of imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from shelter.accounts.policy import Can

if TYPE_CHECKING:
    from shelter.accounts.models import User
    from shelter.imports.models import ImportJob, StagedRow  # noqa: F401


READY = ("new", "matched")


class ImportJobQuerySet(QuerySet["ImportJob"]):
    def visible_to(self, user: User, can: Can = Can.IMPORT) -> Self:
        return self.filter(site__in=user.access.sites(can))

    def to_work_on(self) -> Self:
        """Work that is due and that no worker has, or whose worker has been silent for longer than its lease."""
        return self.exclude(due="").filter(Q(held_until=None) | Q(held_until__lt=timezone.now()))


class StagedRowQuerySet(QuerySet["StagedRow"]):
    def blocking(self) -> Self:
        """Rows that somebody must still correct, decide or set aside."""
        return self.filter(status__in=["error", "ambiguous"], is_set_aside=False)

    def ready(self) -> Self:
        """Rows that would be let in now."""
        return self.filter(is_set_aside=False, status__in=READY)

    def counted(self) -> dict[str, int]:
        """How many rows have each status; those set aside count apart."""
        found = self.order_by().values_list("status", "is_set_aside").annotate(Count("pk"))
        counts: dict[str, int] = {}
        for status, is_set_aside, count in found:
            key = "set_aside" if is_set_aside else status
            counts[key] = counts.get(key, 0) + count
        return counts
