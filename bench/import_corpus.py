#!/usr/bin/env python
"""Import a whole set of workbooks into a throw-away house and write what the scorer reads.

    python bench/import_corpus.py SET_DIR OUT_DIR

SET_DIR has ``workbooks/`` and may have ``broken/``; a folder of workbooks alone will do. Every workbook goes into an
organisation of its own, is let in, and is read a second time (``.again.json``). Of two versions (``…_v1``, ``…_v2``) the
later is also read into the store that has the earlier (``.reimport.json``). Nothing of the set is kept.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
VERSION = re.compile(r"_v(\d+)$")
SUFFIXES = {".xlsx", ".xlsm", ".ods", ".csv"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set_dir", type=Path)
    parser.add_argument("out_dir", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="import-corpus-") as var:
        start_house(Path(var))
        try:
            import_set(given.set_dir.resolve(), given.out_dir.resolve())
        finally:
            stop_house()


def start_house(var: Path) -> None:
    """An empty house of its own: servers, schema, Django."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_MAINTENANCE_URL", "BROKER_URL", "VAULT_KEYS"):
        os.environ.pop(name, None)
    os.environ |= {
        "VAR_DIR": str(var),
        "DJANGO_SETTINGS_MODULE": "shelter.settings",
        "DATABASE_AS": "maintenance",
        "LOG_LEVEL": "WARNING",
    }
    sys.path.insert(0, str(PROJECT))

    from shelter import embedded

    embedded.ensure()
    subprocess.run([sys.executable, str(PROJECT / "manage.py"), "migrate", "--verbosity=0"], check=True)

    import django

    django.setup()


def stop_house() -> None:
    from django.db import connections

    from shelter.embedded import lease
    from shelter.embedded.home import Home

    connections.close_all()
    folder = Home.from_environment().postgres
    lease.release()
    shutil.rmtree(folder, ignore_errors=True)


def import_set(set_dir: Path, out: Path) -> None:
    folder = set_dir / "workbooks" if (set_dir / "workbooks").is_dir() else set_dir
    stores = {}
    for path in workbooks(folder):
        stores[path] = new_site(path.stem)
        read(path, stores[path], out / f"{path.name}.json", commit=True)
        read(path, stores[path], out / f"{path.name}.again.json", commit=False)
    for earlier, later in versions(list(stores)):
        read(later, stores[earlier], out / f"{later.name}.reimport.json", commit=False)
    if (set_dir / "broken").is_dir():
        site = new_site("broken")
        for path in workbooks(set_dir / "broken"):
            read(path, site, out / "broken" / f"{path.name}.json", commit=False)


def workbooks(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)


def versions(paths: list[Path]) -> list[tuple[Path, Path]]:
    """Pairs of a workbook and its next version."""
    known = {
        (VERSION.sub("", path.stem), int(found[1])): path for path in paths if (found := VERSION.search(path.stem))
    }
    return [(known[name, number - 1], path) for (name, number), path in known.items() if (name, number - 1) in known]


def new_site(name: str):
    from sites.models import Organisation, Site

    number = Organisation.objects.count() + 1
    organisation = Organisation.objects.create(name=f"{number} {name}"[:120], slug=f"organisation-{number}")
    return Site.objects.create(
        organisation=organisation, name=name[:120], slug=f"site-{number}", scheme=Site.Scheme.EMERGENCY
    )


def read(path: Path, site: object, target: Path, *, commit: bool) -> None:
    from shelter.imports import headless
    from shelter.imports.output import described, write

    start = time.perf_counter()
    job = headless.import_files([path], site=site)
    file = job.files.get()
    write(described(file), target)  # as staged: committing changes who is known
    if commit and job.state == job.State.REVIEW:
        headless.let_in(job, by=None)
    counts = ", ".join(f"{count} {status}" for status, count in headless.rows_by_status(job).items() if count)
    sys.stdout.write(f"{target.name}: {file.problem or counts} ({time.perf_counter() - start:.1f} s)\n")


if __name__ == "__main__":
    main()
