"""Answers about places that span rooms, beds and closures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection


@dataclass(frozen=True, slots=True)
class BedCount:
    """The beds of a site on one night. Capacity is counted from them, never typed."""

    in_service: int = 0
    closed: int = 0

    @property
    def capacity(self) -> int:
        """Beds that someone may sleep in."""
        return self.in_service - self.closed


# Each bed comes (+1) and goes (-1), each closure too: a running sum gives every night at the price of one. It starts with
# SELECT because the history's middleware takes anything else for a write, and names the request to the database first.
CHANGES = """
SELECT site_id, night, sum(beds), sum(closed)
FROM (
    WITH bed AS (
        SELECT room.site_id, bed.id, daterange(bed.in_service_from, bed.retired_on) * daterange(%(first)s, %(until)s) AS nights
        FROM sites_bed bed JOIN sites_room room ON room.id = bed.room_id
        WHERE room.site_id = ANY(%(sites)s)
    )
    SELECT site_id, lower(nights) AS night, 1 AS beds, 0 AS closed FROM bed WHERE NOT isempty(nights)
    UNION ALL
    SELECT site_id, upper(nights), -1, 0 FROM bed WHERE upper(nights) < %(until)s
    UNION ALL
    SELECT bed.site_id, side.night, 0, side.closed
    FROM bed JOIN sites_bedclosure closure ON closure.bed_id = bed.id AND closure.nights && bed.nights,
        LATERAL (VALUES (lower(bed.nights * closure.nights), 1), (upper(bed.nights * closure.nights), -1)) side (night, closed)
) change
WHERE night < %(until)s GROUP BY site_id, night ORDER BY night
"""


def bed_counts(sites: Iterable[int], first: date, until: date) -> dict[int, list[BedCount]]:
    """For each of ``sites``, its beds on every night of ``[first, until)``. A site without beds is not in the answer."""
    length = (until - first).days
    with connection.cursor() as cursor:
        cursor.execute(CHANGES, {"sites": list(sites), "first": first, "until": until})
        changes = cursor.fetchall()
    running: dict[int, list[BedCount]] = {}
    for site, night, beds, closed in changes:
        counts = running.setdefault(site, [])
        last = counts[-1] if counts else BedCount()
        counts.extend([last] * ((night - first).days - len(counts)))
        counts.append(BedCount(last.in_service + beds, last.closed + closed))
    return {site: counts + [counts[-1]] * (length - len(counts)) for site, counts in running.items()}


def nights_between(first: date, until: date) -> list[date]:
    """The nights of ``[first, until)``."""
    return [first + timedelta(days) for days in range((until - first).days)]
