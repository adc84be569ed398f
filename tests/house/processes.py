"""Help for tests that start programs of their own."""

import http.client
import os
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

OURS = (
    "DATABASE_",
    "BROKER_URL",
    "SECRET_KEY",
    "READYZ_TOKEN",
    "VAULT_KEYS",
    "DJANGO_",
    "PYTEST_",
    "HTTPS",
    "ALLOWED_HOSTS",
    "MAIL_",
)


def environment(var: Path, **more: str) -> dict[str, str]:
    """Our environment without what the tests' own servers put into it."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**clean, "VAR_DIR": str(var), **more}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    text: str


def asked(port: int, path: str, **headers: str) -> Answer:
    """What the house on this port answers. Status 0: nothing, yet."""
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read().decode())
    except (OSError, http.client.HTTPException):
        return Answer(0, {}, "")


def until(condition: Callable[[], object], seconds: float = 180) -> bool:
    """Wait for ``condition``; whether it came true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.2)
    return False
