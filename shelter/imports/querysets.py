"""What is asked of imports."""

from __future__ import annotations

from datetime import timedelta
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

    def unattended(self, since: timedelta) -> Self:
        """Work that is due and was not handed to the broker lately."""
        return self.exclude(due="").filter(Q(dispatched_at=None) | Q(dispatched_at__lt=timezone.now() - since))

    def to_purge(self) -> Self:
        """Imports whose files and raw cells have had their thirty days."""
        return self.filter(purged_at=None, purge_on__lte=timezone.localdate())


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
