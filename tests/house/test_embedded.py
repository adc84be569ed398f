"""The embedded servers are there while somebody needs them, and not longer."""

import os
import shutil
import signal
import subprocess
import sys

import pytest

from shelter.embedded.home import PROJECT, ROOT_HOME, Home
from shelter.embedded.postgres import Postgres
from shelter.embedded.valkey import Valkey
from tests.house.processes import environment

HOLD = "import sys; from shelter.embedded import ensure; ensure(); print('up', flush=True); sys.stdin.read()"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    """In a folder that is closed to others, as many a clone is: root then keeps PostgreSQL's files elsewhere."""
    closed = tmp_path_factory.mktemp("closed")
    closed.chmod(0o700)
    home = Home(closed / "var")
    home.prepare()
    yield home
    Valkey(home).stop()
    Postgres(home).stop()
    shutil.rmtree(home.postgres)


def runs(home: Home) -> tuple[bool, bool]:
    return Postgres(home).is_running(), Valkey(home).is_running()


def hold(home: Home) -> subprocess.Popen:
    """A process that uses the servers until its input ends."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        cwd=PROJECT,
        env=environment(home.var),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout.readline() == b"up\n"
    return holder


def leave(holder: subprocess.Popen) -> None:
    holder.communicate(timeout=60)


def test_the_last_user_stops_the_servers(home):
    first, second = hold(home), hold(home)
    leave(first)
    assert runs(home) == (True, True)
    leave(second)
    assert runs(home) == (False, False)


def test_a_killed_user_leaves_nothing_to_clean_up(home):
    holder = hold(home)
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    assert runs(home) == (True, True)
    leave(hold(home))
    assert runs(home) == (False, False)


def test_a_command_works_alone_and_as_the_role_that_serves(home):
    question = "from django.db import connection as c; u = c.cursor(); u.execute('SELECT user'); print(u.fetchone())"
    asked = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", question],
        cwd=PROJECT,
        env=environment(home.var),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "maisonnee_app" in asked.stdout
    assert runs(home) == (False, False)


def test_nobody_enters_without_a_password(home):
    holder = hold(home)
    url = Postgres(home).url("postgres")
    wrong = url.replace(home.secrets["postgres"], "guessed")
    client = subprocess.run([Postgres(home).binaries / "psql", wrong, "-c", ""], capture_output=True, text=True)
    leave(holder)
    assert "password authentication failed" in client.stderr


def test_root_keeps_the_database_where_its_own_user_can_reach_it(home):
    assert (ROOT_HOME in home.postgres.parents) is (os.geteuid() == 0)  # only root becomes somebody else
