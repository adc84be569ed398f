#!/usr/bin/env python
"""What row-level security costs our pages: the same house, with its policies and without, in turns, in one run.

    python bench/rows.py [--people 20000] [--rounds 10] [--turns 6]

The house is that of ``bench/pages.py``. Policies are switched off by the administrator of the server between two turns.
"""

import argparse
import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import pages

LOCKED = "SELECT oid::regclass::text FROM pg_class WHERE relforcerowsecurity"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--turns", type=int, default=6)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-rows-") as var:
        pages.start_house(Path(var))
        try:
            pages.load(given.people)
            show(times(given.rounds, given.turns))
        finally:
            pages.stop_house()


def times(rounds: int, turns: int) -> dict[str, dict[str, list[float]]]:
    """Milliseconds by page, with policies (``ENABLE``) and without (``DISABLE``)."""
    import psycopg

    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    addresses, cookie = pages.pages_to_time()
    with psycopg.connect(pages.server_url(), autocommit=True) as administrator, pages.server() as spent:
        tables = [name for (name,) in administrator.execute(LOCKED)]
        for _turn in range(turns):
            for state in ("ENABLE", "DISABLE"):
                for table in tables:
                    administrator.execute(f"ALTER TABLE {table} {state} ROW LEVEL SECURITY")
                for page, measured in pages.time_pages(addresses, cookie, rounds, spent).items():
                    found[page][state] += measured
    return found


def show(found: dict[str, dict[str, list[float]]]) -> None:
    sys.stdout.write(f"{'':20}{'with':>12}{'without':>12}{'ratio':>9}\n")
    for page, measured in found.items():
        on, off = (statistics.median(measured[state]) for state in ("ENABLE", "DISABLE"))
        sys.stdout.write(f"{page:20}{on:9.1f} ms{off:9.1f} ms{on / off:8.2f} x\n")


if __name__ == "__main__":
    main()
