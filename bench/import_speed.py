#!/usr/bin/env python
"""How fast a whole import is, beside django-import-export's defaults on the same rows in the same run.

    python bench/import_speed.py [ROWS]

Ours: the workbook is read behind the guard, understood, matched, staged, planned and committed: persons, stays, beds,
provenance and the ledger for undoing. The peer: the same workbook through tablib into persons alone, with its default
settings and without the preview it would need first. Prints rows a second, the ratio and the peak of memory.
"""

import random
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from import_corpus import new_site, start_house, stop_house

HEADINGS = (
    "Nom",
    "Prénom",
    "Date de naissance",
    "Nationalité",
    "Chambre",
    "Lit",
    "Date d'entrée",
    "Téléphone",
    "Remarque",
)
COUNTRIES = ("Cameroun", "Guinée", "Mali", "Afghanistan", "Syrie", "Somalie", "Erythrée")
SYLLABLES = ("ba", "do", "fe", "gu", "ka", "li", "mo", "nu", "ra", "se", "ti", "vo", "wa", "ye", "zo")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    with tempfile.TemporaryDirectory(prefix="import-speed-") as var:
        start_house(Path(var))
        try:
            path = Path(var) / "residents.xlsx"
            write_workbook(path, count)
            ours, memory = measure_ours(path)
            peer = measure_peer(path)
        finally:
            stop_house()
    say = sys.stdout.write
    say(f"{count} rows, read to committed: {count / ours:,.0f} rows/s ({ours:.1f} s), peak {memory:,.0f} MiB\n")
    say(f"django-import-export, defaults: {count / peer:,.0f} rows/s ({peer:.1f} s)\n")
    say(f"ratio: {peer / ours:.1f}\n")


def write_workbook(path: Path, count: int) -> None:
    from openpyxl import Workbook

    chance = random.Random(7)  # noqa: S311 -- fictional people
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Liste")
    sheet.append(HEADINGS)
    for number in range(count):
        name = "".join(chance.choices(SYLLABLES, k=4)).capitalize()
        born = f"{chance.randint(1, 28):02}/{chance.randint(1, 12):02}/{chance.randint(1960, 2005)}"
        room, bed = 100 + number // 4, "ABCD"[number % 4]
        came = f"{chance.randint(1, 28):02}/{chance.randint(1, 10):02}/2026"
        phone = f"0470 {number // 10000:02} {number // 100 % 100:02} {number % 100:02}"
        first = "".join(chance.choices(SYLLABLES, k=3)).capitalize()
        sheet.append((name.upper(), first, born, chance.choice(COUNTRIES), room, bed, came, phone, "vient le lundi"))
    book.save(path)


def measure_ours(path: Path) -> tuple[float, float]:
    from shelter.imports import headless

    start = time.perf_counter()
    job = headless.import_files([path], site=new_site("ours"), commit=True)
    seconds = time.perf_counter() - start
    if job.state != job.State.COMMITTED:
        raise SystemExit(f"The import ended as {job.state}.")
    sys.stdout.write(f"made: {job.counts['written']}\n")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return seconds, max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def measure_peer(path: Path) -> float:
    import tablib
    from import_export import fields, resources

    from residents.models import Person

    site = new_site("peer")

    class PersonResource(resources.ModelResource):
        last_name = fields.Field("last_name", "Nom")
        first_name = fields.Field("first_name", "Prénom")
        phone = fields.Field("phone", "Téléphone")

        class Meta:
            model = Person
            fields = ("last_name", "first_name", "phone")
            import_id_fields = ("last_name", "first_name", "phone")

        def before_save_instance(self, instance, row, **kwargs):
            instance.organisation, instance.registered_at = site.organisation, site

        def after_import(self, dataset, result, **kwargs):
            """Its default moves the sequence of the keys, which the application's role may not; it costs nothing."""

    start = time.perf_counter()
    data = tablib.Dataset().load(path.read_bytes(), format="xlsx")
    result = PersonResource().import_data(data, raise_errors=True)
    seconds = time.perf_counter() - start
    if result.totals["new"] != len(data):
        raise SystemExit(f"The peer imported {result.totals}.")
    return seconds


if __name__ == "__main__":
    main()
