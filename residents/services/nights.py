"""Night sheets and the marks on them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from residents.models import NightSheet, Presence, Stay
from residents.services.history import recorded
from residents.services.people import lock_persons
from shelter.accounts.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What was seen of one stay on one night. ``mark`` is a ``Presence.Mark``."""

    stay_id: int
    night: date
    mark: str


@transaction.atomic
def open_night_sheets(sheets: Iterable[tuple[int, date]], *, by: User | None) -> None:
    """Say of these nights, given as (site id, night), that they were counted, even if nobody slept there."""
    with recorded(by):
        NightSheet.objects.bulk_create(
            (NightSheet(site_id=site_id, night=night) for site_id, night in set(sheets)), ignore_conflicts=True
        )


def record_presence(*, stay: Stay, night: date, mark: str, by: User | None) -> Presence:
    """Write what was seen of one stay on one night, over what was written before."""
    record_presences([Mark(stay_id=stay.pk, night=night, mark=mark)], by=by)
    return Presence.objects.get(stay=stay, night=night)


@transaction.atomic
def record_presences(marks: Sequence[Mark], *, by: User | None) -> int:
    """Write many marks at once and open their sheets; a mark that is already so is left alone. Returns how many changed.

    One person counts once a night in the organisation: of two sites that saw them, the stay that began later counts
    (field guide §5.2). The rival mark stays, uncounted, for people to settle: see ``migrations/marks.sql``.
    """
    if not marks:
        return 0
    rows = {(mark.stay_id, mark.night): mark.mark for mark in marks}
    batch: dict[str, list[Any]] = {
        "stays": [stay_id for stay_id, _ in rows],
        "nights": [night for _, night in rows],
        "marks": [str(mark) for mark in rows.values()],
    }
    lock_persons(Stay.objects.filter(pk__in=set(batch["stays"])).values_list("person", flat=True))
    with recorded(by), connection.cursor() as cursor:
        cursor.execute("SELECT residents_record_marks(%(stays)s, %(nights)s, %(marks)s)", batch)
        changed: int = cursor.fetchone()[0]
    return changed
