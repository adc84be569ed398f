"""Who uses the embedded servers, so that the last one to leave turns off the light.

Every process that uses them holds a shared lock on one file. The kernel lets go of it whatever way the process ends, so
there is nothing to clean up after a ``kill -9``: the next process finds the servers running, uses them, and stops them.
"""

import atexit
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from shelter.embedded.home import Home
from shelter.embedded.postgres import Postgres
from shelter.embedded.valkey import Valkey

_held: TextIO | None = None
_holder = 0


def ensure() -> None:
    """Start the servers that the environment does not name, and name them there for this process and its children."""
    database, broker = not os.environ.get("DATABASE_URL"), not os.environ.get("BROKER_URL")
    if not (database or broker):
        return
    home = Home.from_environment()
    home.prepare()
    with _door(home):
        _take(home)
        if database:
            Postgres(home).start()
        if broker:
            Valkey(home).start()
    os.environ |= _names(home, database=database, broker=broker)


def release() -> None:
    """Give the servers up; stop them if nobody else uses them. Runs by itself at exit."""
    global _held
    if _held is None or os.getpid() != _holder:  # a forked child shares our lock, it does not own it
        return
    home = Home.from_environment()
    with _door(home):
        try:
            fcntl.flock(_held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        else:
            Valkey(home).stop()
            Postgres(home).stop()
        _held.close()
        _held = None


def _take(home: Home) -> None:
    global _held, _holder
    if _held is None:
        _held, _holder = (home.run / "users.lock").open("w"), os.getpid()
        fcntl.flock(_held, fcntl.LOCK_SH)
        atexit.register(release)


@contextmanager
def _door(home: Home) -> Iterator[None]:
    """One at a time starts or stops."""
    with (home.run / "door.lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


def _names(home: Home, *, database: bool, broker: bool) -> dict[str, str]:
    """What a production house is told by its operator, a local one by us."""
    names: dict[str, str] = {}
    if database:
        postgres = Postgres(home)
        names |= {"DATABASE_URL": postgres.url("app"), "DATABASE_OWNER_URL": postgres.url("owner")}
        local = {
            "SECRET_KEY": home.secrets["secret_key"],
            "READYZ_TOKEN": home.secrets["readyz_token"],
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "HTTPS": "no",
            "MAIL_URL": "console:",
        }
        names |= {name: value for name, value in local.items() if not os.environ.get(name)}
    if broker:
        names["BROKER_URL"] = Valkey(home).url
    return names
