"""Where values would lie if something kept them: all that a thief, a seized disk or a forgotten copy could hold.

``remains(values)`` looks into a dump of the database, every file of the servers' data directory (tables, write-ahead log,
the broker's own file, servers' logs), the house's files, sessions, mails and the log of the application. It finds a value as
UTF-8, in hexadecimal (as dumps write bytes), in base64 (as the broker's messages are), and in sessions unpacked.
"""

import base64
import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from psycopg import sql
from redis import Redis

from shelter.embedded.home import Home
from shelter.embedded.postgres import Postgres
from tests.conftest import as_superuser


def forms(value: str) -> list[bytes]:
    """The ways in which these bytes may stand somewhere. In base64, what does not depend on its neighbours."""
    plain = value.encode()
    shifted = (base64.b64encode(b"\0" * shift + plain)[4 if shift else 0 :].rstrip(b"=")[:-1] for shift in range(3))
    return [plain, plain.hex().encode(), *shifted]


def remains(values: Iterable[str], *, logged: str) -> set[tuple[str, str]]:
    """``(value, place)`` for each value that is still somewhere. ``logged``: what the application has logged."""
    return set(_found_in(list(values), {**kept(logged), "dump": dump(connection.settings_dict["NAME"])})) | set(
        _found_in_files(list(values), [Home.from_environment().var, Path(settings.MEDIA_ROOT)])
    )


def kept(logged: str) -> dict[str, bytes]:
    texts = {
        "sessions": repr([session.get_decoded() for session in Session.objects.all()]),
        "mails": repr([(str(mail.message()), mail.body, mail.subject) for mail in mail.outbox]),
        "logs": logged,
    }
    return {place: text.encode() for place, text in texts.items()}


def dump(database: str, *options: str) -> bytes:
    """What ``pg_dump`` writes of it."""
    postgres = Postgres(Home.from_environment())
    return subprocess.run(
        [postgres.binaries / "pg_dump", *options, postgres.url("postgres", database)], capture_output=True, check=True
    ).stdout


def put_everything_on_disk() -> None:
    """Also what the servers still hold in memory."""
    as_superuser(sql.SQL("CHECKPOINT"))
    with Redis(unix_socket_path=str(Home.from_environment().valkey_socket)) as broker:
        broker.config_set("appendfsync", "always")
        broker.set("remains", "written")
        broker.delete("remains")
        broker.config_set("appendfsync", "everysec")


def _found_in(values: list[str], texts: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    for place, text in texts.items():
        yield from ((value, place) for value in values if any(form in text for form in forms(value)))


def _found_in_files(values: list[str], folders: Iterable[Path]) -> Iterator[tuple[str, str]]:
    put_everything_on_disk()
    # Servers at work tidy up meanwhile: what is gone when its turn comes is nowhere. ``os.walk`` passes by folders that went.
    found = (Path(place, name) for folder in folders for place, _folders, names in os.walk(folder) for name in names)
    for path in found:
        try:
            text = b"" if path.is_symlink() or not path.is_file() else path.read_bytes()
        except FileNotFoundError:
            continue
        yield from _found_in(values, {os.fspath(path): text})
