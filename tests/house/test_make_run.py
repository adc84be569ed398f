"""``make run``: one command, one terminal, one Ctrl-C."""

import json
import shutil
import signal
import subprocess
import sys

import psutil
import pytest

from shelter.embedded.home import PROJECT, Home
from shelter.embedded.postgres import Postgres
from shelter.embedded.valkey import Valkey
from tests.house.processes import asked, environment, free_port, until

SUPERVISOR = [sys.executable, "-m", "shelter.embedded.supervisor"]


@pytest.fixture
def home(tmp_path) -> Home:
    home = Home(tmp_path / "var")
    yield home
    shutil.rmtree(home.postgres, ignore_errors=True)


def start(home: Home, port: int) -> subprocess.Popen:
    env = environment(home.var, PORT=str(port), DEMO="no")
    running = subprocess.Popen(SUPERVISOR, cwd=PROJECT, env=env, stdout=subprocess.PIPE, text=True)
    assert any(f"http://localhost:{port}" in line for line in running.stdout)
    return running


def worker_of(supervisor: subprocess.Popen) -> psutil.Process:
    return next(child for child in psutil.Process(supervisor.pid).children() if "worker" in child.cmdline())


def test_the_house_stands_heals_and_stops_as_one(home):
    port = free_port()
    running = start(home, port)
    try:
        assert until(lambda: asked(port, "/readyz").text == "ok\n")
        token = home.secrets["readyz_token"]
        detail = json.loads(asked(port, "/readyz", Authorization=f"Bearer {token}").text)
        assert set(detail["checks"].values()) == {"ok"}
        assert asked(port, "/account/login/").status == 200

        second = subprocess.run(SUPERVISOR, cwd=PROJECT, env=environment(home.var), capture_output=True, text=True)
        assert second.returncode == 1
        assert "already" in second.stdout

        worker_of(running).kill()
        assert until(lambda: asked(port, "/readyz").status == 503)
        assert until(lambda: asked(port, "/readyz").status == 200)
    finally:
        running.send_signal(signal.SIGINT)
        _rest, _errors = running.communicate(timeout=60)
    assert running.returncode == 0
    assert not Postgres(home).is_running()
    assert not Valkey(home).is_running()
