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
    (field guide §5.2). The rival mark stays, uncounted, for people to settle.
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
        cursor.execute(OPEN_SHEETS, batch)
        cursor.execute(YIELD_TO_LATER_ARRIVALS, batch)
        cursor.execute(WRITE_MARKS, batch)
        changed: int = cursor.rowcount
        cursor.execute(COUNT_WHO_IS_LEFT, batch)
    return changed


BATCH = """
    WITH batch AS (
        SELECT s.id AS stay_id, s.person_id, s.site_id, s.arrived_on, m.night, m.mark
        FROM unnest(%(stays)s::bigint[], %(nights)s::date[], %(marks)s::text[]) AS m (stay_id, night, mark)
        JOIN residents_stay s ON s.id = m.stay_id
    )
"""
OPEN_SHEETS = f"""{BATCH}
    INSERT INTO residents_nightsheet (site_id, night) SELECT DISTINCT site_id, night FROM batch
    ON CONFLICT (site_id, night) DO NOTHING
"""  # noqa: S608  # nosec B608 -- constants only
YIELD_TO_LATER_ARRIVALS = f"""{BATCH}
    UPDATE residents_presence p SET counted = false
    FROM batch b, residents_stay s
    WHERE p.person_id = b.person_id AND p.night = b.night AND p.mark = 'P' AND p.counted AND s.id = p.stay_id
        AND b.mark = 'P' AND b.stay_id <> p.stay_id
        AND (
            (b.arrived_on, b.stay_id) > (s.arrived_on, s.id)
            OR EXISTS (SELECT 1 FROM batch o WHERE o.stay_id = p.stay_id AND o.night = p.night)
        )
"""  # noqa: S608  # nosec B608 -- constants only
# A rival counts instead when it also says present, began later, and is not itself rewritten by this batch.
WRITE_MARKS = f"""{BATCH}, rivals AS (
        SELECT person_id, night, arrived_on, stay_id FROM batch WHERE mark = 'P'
        UNION ALL
        SELECT p.person_id, p.night, s.arrived_on, s.id
        FROM residents_presence p JOIN residents_stay s ON s.id = p.stay_id
        JOIN batch b ON b.person_id = p.person_id AND b.night = p.night
        WHERE p.mark = 'P' AND NOT EXISTS (SELECT 1 FROM batch o WHERE o.stay_id = p.stay_id AND o.night = p.night)
    ), last_in AS (
        SELECT DISTINCT ON (person_id, night) person_id, night, stay_id
        FROM rivals ORDER BY person_id, night, arrived_on DESC, stay_id DESC
    )
    INSERT INTO residents_presence AS p (stay_id, person_id, site_id, night, mark, counted)
    SELECT b.stay_id, b.person_id, b.site_id, b.night, b.mark, b.mark <> 'P' OR l.stay_id = b.stay_id
    FROM batch b LEFT JOIN last_in l USING (person_id, night)
    ON CONFLICT (stay_id, night) DO UPDATE SET mark = excluded.mark, counted = excluded.counted
    WHERE (p.mark, p.counted) IS DISTINCT FROM (excluded.mark, excluded.counted)
"""  # noqa: S608  # nosec B608 -- constants only
# The one who counted is no longer marked present: the rival counts after all.
COUNT_WHO_IS_LEFT = f"""{BATCH}
    UPDATE residents_presence p SET counted = true
    FROM batch b, residents_stay s
    WHERE p.person_id = b.person_id AND p.night = b.night AND p.mark = 'P' AND NOT p.counted AND s.id = p.stay_id
        AND NOT EXISTS (
            SELECT 1 FROM residents_presence o JOIN residents_stay t ON t.id = o.stay_id
            WHERE o.person_id = p.person_id AND o.night = p.night AND o.mark = 'P' AND o.id <> p.id
                AND (o.counted OR (t.arrived_on, t.id) > (s.arrived_on, s.id))
        )
"""  # noqa: S608  # nosec B608 -- constants only
