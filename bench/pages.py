#!/usr/bin/env python
"""Time our pages on a small and a large house, against an authenticated page with no data, in one run.

    python bench/pages.py [--people 1000 100000] [--rounds 60]

Each size gets a throw-away house: three stays and twenty nights a person, ten sites of eighty beds for the user who asks, the
others around them. One keep-alive client asks for every page in turn, so that all pages see the same machine; medians count.
Times are processor time of the web worker and of the database session behind it: other work on the machine adds little.
"""

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
PORT = int(os.environ.get("PORT", "8069"))
BEDS_AT_SITE, FIRST_FLOOR = 80, 60
OUR_SITES = 10
STAYS_EACH, NIGHTS_EACH = 3, 20
WARM_UP = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        json.dump(measure(given.one, given.rounds), sys.stdout)
        return
    results = {people: in_a_process_of_its_own(people, given.rounds) for people in given.people}
    show(results)


def in_a_process_of_its_own(people: int, rounds: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--one", str(people), "--rounds", str(rounds)]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def measure(people: int, rounds: int) -> dict[str, float]:
    """Median milliseconds by page."""
    with tempfile.TemporaryDirectory(prefix="bench-pages-") as var:
        start_house(Path(var))
        try:
            load(people)
            pages, cookie = pages_to_time()
            with server() as spent:
                times = time_pages(pages, cookie, rounds, spent)
            return {page: statistics.median(measured) for page, measured in times.items()}
        finally:
            stop_house()


def start_house(var: Path) -> None:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_MAINTENANCE_URL", "BROKER_URL"):
        os.environ.pop(name, None)
    os.environ |= {
        "VAR_DIR": str(var),
        "DJANGO_SETTINGS_MODULE": "shelter.settings",
        "DATABASE_AS": "maintenance",  # we load and look around; the server is the application
        "DEMO": "yes",  # a sign-in without a second factor
        "LOG_LEVEL": "WARNING",
    }
    sys.path.insert(0, str(PROJECT))

    from shelter import embedded

    embedded.ensure()
    for command in ("migrate", "collectstatic"):
        subprocess.run([sys.executable, PROJECT / "manage.py", command, "--verbosity=0", "--no-input"], check=True)

    import django

    django.setup()


def stop_house() -> None:
    import shutil

    from django.db import connections

    from shelter.embedded import lease
    from shelter.embedded.home import Home

    connections.close_all()
    folder = Home.from_environment().postgres
    lease.release()
    shutil.rmtree(folder, ignore_errors=True)


def load(people: int) -> None:
    """A house with a past: bed ``b`` has had a stay every four weeks, stay ``n`` is the one of person ``n`` modulo people."""
    import psycopg

    from residents.nights import tonight

    started = time.perf_counter()
    numbers = {
        "people": people,
        "stays": people * STAYS_EACH,
        "beds": max(OUR_SITES, people // 1000) * BEDS_AT_SITE,
        "at_site": BEDS_AT_SITE,
        "first_floor": FIRST_FLOOR,
        "sites": max(OUR_SITES, people // 1000),
    }
    numbers["nights"] = max(30, people * NIGHTS_EACH // numbers["beds"])
    numbers["tonight"] = tonight()
    with psycopg.connect(server_url(), autocommit=True, cursor_factory=psycopg.ClientCursor) as owner:
        owner.execute("SET maintenance_work_mem = '512MB'")
        with loading(owner):
            for statement in PLACES.split(";"):
                owner.execute(statement, numbers)
            load_persons(owner, people)
            for statement in STAYS.split(";"):
                owner.execute(statement, numbers)
        owner.execute("VACUUM ANALYZE")
    sys.stderr.write(f"{people} people loaded in {time.perf_counter() - started:.0f} s\n")


def server_url() -> str:
    """As the server's own administrator: the owner of the tables sees no rows."""
    from shelter.embedded.home import Home
    from shelter.embedded.postgres import Postgres

    return Postgres(Home.from_environment()).url("postgres")


@contextmanager
def loading(owner) -> Iterator[None]:
    """Without triggers, and with constraints and indexes of what is large made afterwards, all at once."""
    tables = [name for (name,) in owner.execute(TABLES)]
    constraints = owner.execute(CONSTRAINTS).fetchall()
    indexes = owner.execute(INDEXES).fetchall()
    for table in tables:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for table, name, _definition in constraints:
        owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _definition in indexes:
        owner.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in indexes:
        owner.execute(definition)
    for table, name, definition in constraints:
        owner.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for table in tables:
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


TABLES = """
SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relname ~ '^(residents|sites)_' AND relname !~ 'event$'
"""
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype IN ('x', 'f', 'u') AND conrelid::regclass::text ~ '^residents_'
"""

INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid::regclass::text IN ('residents_person', 'residents_stay', 'residents_bedassignment', 'residents_presence')
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""

# Bed b stands at site b / 80; a room has four beds; sixty beds on the first floor, the others on the second.
PLACES = """
INSERT INTO sites_organisation (id, name, slug, resident_word)
OVERRIDING SYSTEM VALUE
SELECT o, 'Organisation ' || o, 'organisation-' || o, 'resident' FROM generate_series(0, (%(sites)s - 1) / 10) o;
INSERT INTO sites_site (id, public_id, organisation_id, name, slug, scheme, address_is_confidential, declared_capacity,
    gap_nights)
OVERRIDING SYSTEM VALUE
SELECT s, gen_random_uuid(), s / 10, 'Site ' || s, 'site-' || s, 'URG', false, 84, 3
FROM generate_series(0, %(sites)s - 1) s;
INSERT INTO sites_room (id, public_id, site_id, name, floor)
OVERRIDING SYSTEM VALUE
SELECT r, gen_random_uuid(), r * 4 / %(at_site)s, 'R' || r %% (%(at_site)s / 4),
    CASE WHEN r %% (%(at_site)s / 4) < %(first_floor)s / 4 THEN '1' ELSE '2' END
FROM generate_series(0, %(beds)s / 4 - 1) r;
INSERT INTO sites_bed (id, public_id, room_id, label)
OVERRIDING SYSTEM VALUE
SELECT b, gen_random_uuid(), b / 4, chr(65 + b %% 4) FROM generate_series(0, %(beds)s - 1) b;
INSERT INTO sites_bedclosure (public_id, bed_id, from_on, reason)
SELECT gen_random_uuid(), b, %(tonight)s - 3, 'works' FROM generate_series(0, %(beds)s - 1) b WHERE b %% 40 = 7
"""

# Stay n was in bed n modulo beds, n / beds periods of four weeks ago. Tonight's: a twentieth of the beds free, a few people
# without a bed, a few arrivals and departures, one mark in twenty an absence.
STAYS = """
CREATE TEMPORARY TABLE planned AS
SELECT n AS id, n %% %(beds)s AS bed, n %% %(people)s AS person,
    %(tonight)s - (n / %(beds)s) * 28 - CASE WHEN n %% 97 = 0 AND n < %(beds)s THEN 0 ELSE 14 - n %% %(beds)s %% 7 END AS since,
    n < %(beds)s AS is_open
FROM generate_series(0, %(stays)s - 1) n WHERE NOT (n < %(beds)s AND n %% 20 IN (1, 7));
INSERT INTO residents_stay (id, public_id, person_id, site_id, arrived_on, left_on, exit_reason, destination)
OVERRIDING SYSTEM VALUE
SELECT id, gen_random_uuid(), person, bed / %(at_site)s, since,
    CASE WHEN NOT is_open THEN since + 20 WHEN bed %% 83 = 5 THEN greatest(%(tonight)s, since + 1) END, '', ''
FROM planned;
INSERT INTO residents_bedassignment (public_id, stay_id, bed_id, from_on, until_on)
SELECT gen_random_uuid(), s.id, p.bed, s.arrived_on, s.left_on FROM residents_stay s JOIN planned p USING (id)
WHERE NOT (is_open AND bed %% 50 = 13);
INSERT INTO residents_nightsheet (site_id, night)
SELECT s, %(tonight)s - d FROM generate_series(0, %(sites)s - 1) s, generate_series(1, %(nights)s) d;
INSERT INTO residents_presence (stay_id, person_id, site_id, night, mark, counted)
SELECT s.id, s.person_id, s.site_id, d::date,
    CASE WHEN hashint8(s.id * 400 + extract(doy FROM d)::int) %% 20 = 0 THEN 'AI' ELSE 'P' END, true
FROM residents_stay s,
    generate_series(greatest(s.arrived_on, %(tonight)s - %(nights)s), least(s.left_on, %(tonight)s) - 1, '1 day') d;
INSERT INTO residents_intakerequest (public_id, person_id, site_id, requested_on, priority, state, decided_on)
SELECT gen_random_uuid(), n, (n / 10) %% %(sites)s, %(tonight)s - n %% 60, 1 + n %% 3,
    CASE WHEN n %% 20 = 0 THEN 'waiting' ELSE 'refused' END, CASE WHEN n %% 20 <> 0 THEN %(tonight)s - 5 END
FROM generate_series(0, %(people)s / 2 - 1) n
"""


def load_persons(owner, people: int) -> None:
    """Names of three to five syllables; many share a first name, few a last name, as in life."""
    from residents.names import fold, sounds

    syllables = [c + v for c in ("b", "d", "k", "m", "n", "s", "t", "w", "y", "h") for v in ("a", "e", "i", "ou")]

    def name(number: int, length: int) -> str:
        return "".join(
            syllables[(number * (7 + at) + at * number // 40) % len(syllables)] for at in range(length)
        ).title()

    columns = "id, public_id, organisation_id, registered_at_id, last_name, first_name, search_name, sounds"
    copy = f"COPY residents_person ({columns}) FROM STDIN"
    with owner.cursor() as cursor, cursor.copy(copy) as rows:
        for number in range(people):
            first, last = name(number % 400, 3), name(number % 30_011, 4)
            site = number % (max(OUR_SITES, people // 1000) * BEDS_AT_SITE) // BEDS_AT_SITE
            rows.write_row(
                (number, uuid.uuid4(), site // 10, site, last, first, fold(f"{last} {first}"), sounds(first, last))
            )


def pages_to_time() -> tuple[dict[str, str], str]:
    """The pages, and the cookie of a coordinator of the ten sites."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from residents.models import Person
    from shelter.accounts.models import Membership, User
    from shelter.accounts.policy import Role
    from shelter.ui.searches import SEARCH, sealed
    from sites.models import Site

    user = User.objects.create_user("bench@example.org", name="Bench Person")
    sites = list(Site.objects.order_by("pk")[:OUR_SITES])
    Membership.objects.bulk_create(Membership(user=user, site=site, role=Role.COORDINATOR) for site in sites)
    client = Client()
    client.force_login(user)
    someone = Person.objects.filter(stays__site=sites[0]).order_by("pk").first()
    pages = {
        "bare view": "/bench/bare/",
        "empty page": "/bench/empty/",
        "dashboard": reverse("dashboard"),
        "bed board, 60 beds": reverse("residents:bed_board", args=(sites[0].slug,)),
        "14 nights, 60 beds": reverse("residents:bed_nights", args=(sites[0].slug,)),
        "resident list": reverse("residents:people"),
        "person page": reverse("residents:person", args=(someone.public_id,)),
        "search": f"{reverse('residents:people')}?{SEARCH}={sealed(user, {'q': someone.full_name})}",
    }
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    return pages, f"{cookie.key}={cookie.value}"


@contextmanager
def server() -> Iterator[Callable[[], float]]:
    """One worker of the real web server, with the two pages to measure against; the processor time it has spent, in ms."""
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "python:shelter.gunicorn",
        "--workers",
        "1",
        "--threads",
        "1",
    ]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "bench.pages_settings",
        "DATABASE_AS": "app",
        "PYTHONPATH": str(PROJECT),
        "WEB_BIND": f"127.0.0.1:{PORT}",
    }
    with subprocess.Popen(command, cwd=PROJECT, env=environment) as web:
        try:
            wait_for_port()
            yield lambda: processor_time(web.pid)
        finally:
            web.terminate()


def processor_time(web: int) -> float:
    """Milliseconds that the workers of this web server and the application's database sessions have run (Linux)."""
    import psutil

    from shelter.embedded.home import Home

    database = int((Home.from_environment().postgres / "data" / "postmaster.pid").read_text().split()[0])
    tasks = (
        task.read_text()
        for process in psutil.process_iter(["ppid", "cmdline"])
        if process.info["ppid"] == web
        or (process.info["ppid"] == database and "maisonnee_app" in " ".join(process.info["cmdline"] or ()))
        for task in Path(f"/proc/{process.pid}/task").glob("*/schedstat")
    )
    return sum(int(task.split()[0]) for task in tasks) / 1e6


def wait_for_port() -> None:
    for _attempt in range(100):
        try:
            socket.create_connection(("127.0.0.1", PORT), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit(f"Nothing answers on port {PORT}.")


def time_pages(pages: dict[str, str], cookie: str, rounds: int, spent: Callable[[], float]) -> dict[str, list[float]]:
    """Milliseconds of each round, by page."""
    line = http.client.HTTPConnection("127.0.0.1", PORT)
    times: dict[str, list[float]] = {page: [] for page in pages}
    for turn in range(WARM_UP + rounds):
        for page, address in pages.items():
            start = spent()
            line.request("GET", address, headers={"Cookie": cookie, "Accept-Language": "fr"})
            answer = line.getresponse()
            answer.read()
            if answer.status != 200:
                raise SystemExit(f"{page}: {answer.status}")
            if turn >= WARM_UP:
                times[page].append(spent() - start)
    return times


def show(results: dict[int, dict[str, float]]) -> None:
    """Medians, then their ratio to the empty page; with two sizes, how much the ratio grew."""
    sizes = list(results)
    sys.stdout.write(f"{'':20}" + "".join(f"{size:>12} people" for size in sizes) + "      growth\n")
    for page in results[sizes[0]]:
        ratios = [results[size][page] / results[size]["empty page"] for size in sizes]
        cells = "".join(
            f"{results[size][page]:8.1f} ms {ratio:5.2f} x" for size, ratio in zip(sizes, ratios, strict=True)
        )
        sys.stdout.write(f"{page:20}{cells}{ratios[-1] / ratios[0]:10.2f} x\n")
    bare = ", ".join(f"{results[size]['empty page'] / results[size]['bare view']:.1f} x at {size}" for size in sizes)
    sys.stdout.write(f"The empty page to the bare view: {bare}\n")


if __name__ == "__main__":
    main()
