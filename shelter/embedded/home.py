"""Where the embedded servers keep their data, sockets and secrets."""

import hashlib
import json
import os
import pwd
import secrets
import stat
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
ROOT_HOME = Path("/var/lib/maisonnee")
SOCKET_PATH_LIMIT = 100  # sockaddr_un holds 107 bytes, the servers append names such as ".s.PGSQL.5432.lock"


@dataclass(frozen=True)
class Home:
    """One copy of the house on this machine. Two copies with their own ``VAR_DIR`` never meet."""

    var: Path

    @classmethod
    def from_environment(cls) -> "Home":
        return cls(Path(os.environ.get("VAR_DIR") or PROJECT / "var").resolve())

    @cached_property
    def key(self) -> str:
        return hashlib.sha256(os.fsencode(self.var)).hexdigest()[:12]

    def prepare(self) -> None:
        self.var.mkdir(parents=True, exist_ok=True)
        self.run.mkdir(exist_ok=True)

    @property
    def run(self) -> Path:
        return self.var / "run"

    @cached_property
    def postgres_user(self) -> pwd.struct_passwd | None:
        """Who PostgreSQL runs as when we are root, for it refuses to be root. ``None``: ourselves."""
        if os.geteuid() != 0:
            return None
        known = {user.pw_name: user for user in pwd.getpwall()}
        return known.get("postgres") or known["nobody"]

    @cached_property
    def postgres(self) -> Path:
        """Folder of PostgreSQL's files: in ``var``, or in /var/lib where its user could not reach ``var``."""
        if self.postgres_user is None or open_to_others(self.var):
            return self.var / "postgres"
        return ROOT_HOME / self.key

    @cached_property
    def postgres_sockets(self) -> Path:
        wanted = self.postgres / "run"
        return wanted if len(str(wanted)) < SOCKET_PATH_LIMIT - 20 else self._short_folder() / "postgres"

    @cached_property
    def valkey(self) -> Path:
        return self.var / "valkey"

    @cached_property
    def valkey_socket(self) -> Path:
        wanted = self.run / "valkey.sock"
        return wanted if len(str(wanted)) < SOCKET_PATH_LIMIT else self._short_folder() / "valkey.sock"

    @cached_property
    def secrets(self) -> dict[str, str]:
        """Generated once per copy. Adding a name here gives it to copies that exist already."""
        path = self.var / "secrets.json"
        known = json.loads(path.read_text()) if path.exists() else {}
        sizes = dict.fromkeys(["secret_key", "readyz_token", "postgres", "owner", "app", "backup", "maintenance"], 48)
        sizes["vault"] = 32  # a key of AES-256
        missing = {name: secrets.token_urlsafe(size) for name, size in sizes.items() if name not in known}
        if missing:
            known |= missing
            draft = path.with_suffix(".new")
            draft.touch(mode=0o600)
            draft.write_text(json.dumps(known, indent=1))
            draft.replace(path)
        return known

    def _short_folder(self) -> Path:
        folder = Path(tempfile.gettempdir()) / f"maisonnee-{os.geteuid()}-{self.key}"
        folder.mkdir(mode=0o711, exist_ok=True)
        if folder.stat().st_uid != os.geteuid():
            raise PermissionError(f"{folder} belongs to somebody else; set TMPDIR to a folder of yours.")
        return folder


def open_to_others(path: Path) -> bool:
    """Whether any user may walk down to ``path``."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in [path, *path.parents])
