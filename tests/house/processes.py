"""Help for tests that start programs of their own."""

import http.client
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

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


@contextmanager
def pooler(folder: Path, database: str) -> Iterator[dict[str, object]]:
    """PgBouncer on loopback, in transaction mode, before the tests' server: where to connect as the application."""
    app, port = settings.APP_DATABASE, free_port()
    address = {"host": "127.0.0.1", "port": port, "user": app["USER"], "password": app["PASSWORD"], "dbname": database}
    (folder / "users").write_text(f'"{app["USER"]}" "{app["PASSWORD"]}"\n')
    (folder / "pooler.ini").write_text(
        f"""
        [databases]
        {database} = host={app["HOST"]} dbname={database}
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = {port}
        unix_socket_dir =
        auth_type = scram-sha-256
        auth_file = {folder}/users
        pool_mode = transaction
        default_pool_size = 6
        """
    )
    if os.geteuid() == 0:  # it will not run as root
        shutil.chown(folder, "nobody")
        for path in (*folder.parents[:3], *folder.iterdir()):
            path.chmod(path.stat().st_mode | 0o055)
    command = ["pgbouncer", *(["--user", "nobody"] if os.geteuid() == 0 else []), str(folder / "pooler.ini")]
    with (folder / "pooler.log").open("w") as log:
        running = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        assert until(lambda: listens(port), seconds=10), (folder / "pooler.log").read_text()
        yield address
    finally:
        running.terminate()
        running.wait()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(condition: Callable[[], object], seconds: float = 180) -> bool:
    """Wait for ``condition``; whether it came true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.2)
    return False
