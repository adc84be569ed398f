"""``make run``: the whole house in one terminal, stopped as one by Ctrl-C.

Web server, worker and beat are the very programs of docker-compose.yml. Each runs in a session of its own, so that
Ctrl-C reaches the supervisor only; it then asks them to stop, one main process each, while the servers they stand on
still answer. A job that runs goes back to the broker and is done at the next start.
"""

import ctypes
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import TextIO

from shelter.embedded import ensure
from shelter.embedded.home import PROJECT, Home
from shelter.embedded.lease import be_local, release

PROGRAMS = {
    "web": ["gunicorn", "--config", "python:shelter.gunicorn"],
    "worker": ["celery", "--quiet", "-A", "shelter", "worker", "--concurrency", "2"],
    "beat": ["celery", "--quiet", "-A", "shelter", "beat"],
}
STOP_SECONDS = 20
START_SECONDS = 60
CRASHES, CRASH_SECONDS = 5, 60  # as many deaths in as many seconds: something is wrong, do not go on for ever


class Stop(Exception):
    """Somebody asked us to stop."""


class Unwell(Exception):
    """Why the house cannot stand, as a sentence."""


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask_to_stop)
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        home, port = Home.from_environment(), int(os.environ.get("PORT") or 8000)
        only = alone(home)
        os.environ.setdefault("DEMO", "yes")
        os.environ.setdefault("LOG_LEVEL", "WARNING")
        os.environ |= {
            "WEB_BIND": free_addresses(port),
            "REMAP_SIGTERM": "SIGQUIT",  # the worker stops within seconds and gives its job back
            "PYTHONWARNINGS": "ignore:::celery.platforms",  # on one's own machine a worker may run as root
        }
        ensure()
        be_local()
        manage("prepare")
        children |= {name: launch(name) for name in PROGRAMS}
        wait_for_web(port, children["web"])
        say(f"\nMaisonnée: http://localhost:{port}   (Ctrl-C stops it)\n")
        watch(children)
    except Stop:
        say("\nStopping…")
        return 0
    except Unwell as sentence:
        say(str(sentence))
        return 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C changes nothing, all is stopping already
        stop(children)
        release()
    only.close()
    return 0


def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
    raise Stop


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def alone(home: Home) -> TextIO:
    """A lock that says: this copy of the house is up. Let go by the kernel, whatever way we end."""
    home.prepare()
    lock = (home.run / "supervisor.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Unwell(
            f"A house runs from {home.var} already. For a second one: VAR_DIR=/elsewhere PORT=8001 make run"
        ) from None
    return lock


def free_addresses(port: int) -> str:
    """Where to listen: this machine only, by both names a browser may choose for localhost."""
    addresses = []
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError:
            continue
        addresses.append(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
    if f"127.0.0.1:{port}" not in addresses:
        raise Unwell(f"Port {port} is taken. Choose another: PORT={port + 1} make run")
    return ",".join(addresses)


def manage(command: str) -> None:
    done = subprocess.run([sys.executable, PROJECT / "manage.py", command], check=False, cwd=PROJECT)
    if done.returncode:
        raise Unwell(f"`manage.py {command}` failed, see above.")


def launch(name: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [Path(sys.executable).with_name(PROGRAMS[name][0]), *PROGRAMS[name][1:]],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )


def die_with_parent() -> None:
    """Ask Linux to stop this child when the supervisor dies without a word (``kill -9``)."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def wait_for_web(port: int, web: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and web.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            time.sleep(0.1)
    raise Unwell("The web server did not answer, see above.")


def watch(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Start again what dies, until it dies too often."""
    deaths: list[float] = []
    while True:
        time.sleep(0.5)
        for name, child in children.items():
            if child.poll() is None:
                continue
            deaths = [moment for moment in deaths if time.monotonic() - moment < CRASH_SECONDS] + [time.monotonic()]
            if len(deaths) >= CRASHES:
                raise Unwell(f"{name} keeps ending (last exit code {child.returncode}), see above.")
            say(f"{name} ended with exit code {child.returncode}; starting it again.")
            children[name] = launch(name)


def stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Ask each main process; those that will not hear within reason are ended with all that they started."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for name, child in children.items():
        try:
            child.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"{name} did not stop by itself.")
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


if __name__ == "__main__":
    sys.exit(main())
