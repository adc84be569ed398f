"""Sealed files at rest: under random names, outside the web root, for the house alone to read (F4)."""

import time
from pathlib import Path

from django.db import connection
from psycopg import sql

UNDER_WAY = 60 * 60  # seconds: no upload lasts longer


def keep(path: Path, sealed: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(sealed)


def sweep(folder: Path, orphans: str) -> None:
    """Remove what uploads that were rolled back left. Acts for nobody.

    ``orphans``: the database function that says which of these names no row has.
    """
    began_before = time.time() - UNDER_WAY
    old = [path.name for path in folder.glob("*") if path.stat().st_mtime < began_before]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT {}(%s)").format(sql.Identifier(orphans)), [old])
        for (name,) in cursor.fetchall():
            (folder / name).unlink(missing_ok=True)
