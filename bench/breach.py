#!/usr/bin/env python
"""The breach drill: whose data one account saw in a year, on a house of 100,000 persons with a year of readings (H5).

    python bench/breach.py [--people 100000] [--entries 1000000]

The house is that of ``bench/pages.py``; 200 accounts read it, a list of fifty persons every other time, a file otherwise. The
figure stands beside one scan of the record, in the same run. The aim is a minute.
"""

import argparse
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import pages

READINGS = """
INSERT INTO audit_entry (at, user_id, site_id, info_class, action, persons, about, page, purpose, request)
SELECT now() - random() * interval '1 year', %(reader)s + n %% 200, n %% 10, 'identity',
    CASE WHEN n %% 2 = 0 THEN 'list' ELSE 'open' END,
    CASE WHEN n %% 2 = 0
        THEN ARRAY(SELECT (p * 37 + n) %% %(people)s FROM generate_series(1, 50) p) ELSE ARRAY[n * 7919 %% %(people)s] END,
    '', '', 'routine', ''
FROM generate_series(1::bigint, %(entries)s) n
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--entries", type=int, default=1_000_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-breach-") as var:
        pages.start_house(Path(var))
        try:
            pages.load(given.people)
            drill(given.people, given.entries)
        finally:
            pages.stop_house()


def drill(people: int, entries: int) -> None:
    import psycopg

    from residents.nights import tonight
    from residents.selectors.readings import seen_by
    from shelter.accounts.models import Membership, User
    from shelter.accounts.policy import Role
    from shelter.identity import acting_as
    from sites.models import Site

    reader = User.objects.create_user("reader@example.org", name="Bench Reader")
    officer = User.objects.create_user("officer@example.org", name="Bench Officer")
    Membership.objects.bulk_create(Membership(user=officer, site=site, role=Role.DPO) for site in Site.objects.all())
    with psycopg.connect(pages.server_url(), autocommit=True, cursor_factory=psycopg.ClientCursor) as administrator:
        administrator.execute(READINGS, {"reader": reader.pk, "people": people, "entries": entries})
        administrator.execute("ANALYZE audit_entry")
        started = time.perf_counter()
        administrator.execute("SELECT count(*) FROM audit_entry WHERE action <> ''")
        scan = time.perf_counter() - started
    started = time.perf_counter()
    with acting_as(officer.pk):
        found = seen_by(reader, tonight() - timedelta(366), tonight() + timedelta(1))
    seconds = time.perf_counter() - started
    sys.stdout.write(f"{len(found)} persons seen by one account of 200, of {people} persons and {entries} entries\n")
    sys.stdout.write(f"{seconds:.2f} s, {seconds / scan:.1f} times one scan of the record ({scan:.2f} s)\n")


if __name__ == "__main__":
    main()
