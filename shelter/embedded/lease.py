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


def take() -> None:
    """Start what the environment does not name, and name it there."""
    database, broker = not os.environ.get("DATABASE_URL"), not os.environ.get("BROKER_URL")
    home = Home.from_environment()
    with _door(home):
        _hold(home)
        if database:
            postgres = Postgres(home)
            postgres.start()
            os.environ |= {
                "DATABASE_URL": postgres.url("app"),
                "DATABASE_OWNER_URL": postgres.url("owner"),
                "DATABASE_MAINTENANCE_URL": postgres.url("maintenance"),
            }
        if broker:
            valkey = Valkey(home)
            valkey.start()
            os.environ["BROKER_URL"] = valkey.url
    if database:
        be_local()


def be_local() -> None:
    """Name, where nobody did, what an operator names for a real house. Also beside external servers."""
    home = Home.from_environment()
    with _door(home):
        secrets = home.secrets
    local = {
        "SECRET_KEY": secrets["secret_key"],
        "READYZ_TOKEN": secrets["readyz_token"],
        "VAULT_KEYS": f"local:{secrets['vault']}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "HTTPS": "no",
        "MAIL_URL": "console:",
    }
    os.environ |= {name: value for name, value in local.items() if not os.environ.get(name)}


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


def _hold(home: Home) -> None:
    global _held, _holder
    if _held is None:
        _held, _holder = (home.run / "users.lock").open("w"), os.getpid()
        fcntl.flock(_held, fcntl.LOCK_SH)
        atexit.register(release)


@contextmanager
def _door(home: Home) -> Iterator[None]:
    """One at a time starts or stops."""
    home.prepare()
    with (home.run / "door.lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield
