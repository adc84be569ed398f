"""Help for tests that start programs of their own."""

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

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


def until(condition: Callable[[], object], seconds: float = 60) -> bool:
    """Wait for ``condition``; whether it came true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.2)
    return False
