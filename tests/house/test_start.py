"""The application does not start as a role that row-level security does not hold (A20)."""

import os
import subprocess
import sys

import pytest

from shelter.embedded.home import PROJECT, Home
from shelter.embedded.postgres import Postgres

PROGRAMS = {
    "web": [sys.executable, "-c", "import shelter.wsgi"],
    "worker": [sys.executable, "-m", "celery", "--quiet", "-A", "shelter", "worker", "--pool", "solo"],
}
FAULTS = {
    "postgres": "postgres is a superuser",
    "maintenance": "maisonnee_maintenance bypasses row-level security",
    "owner": "maisonnee_owner owns tables",
}


@pytest.mark.django_db
@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("role", FAULTS)
def test_it_refuses_and_says_why(program, role):
    from django.db import connection

    address = Postgres(Home.from_environment()).url(role, connection.settings_dict["NAME"])
    env = os.environ | {"DATABASE_URL": address, "DATABASE_AS": "app", "DJANGO_SETTINGS_MODULE": "shelter.settings"}
    done = subprocess.run(
        PROGRAMS[program], env=env, capture_output=True, text=True, timeout=60, cwd=PROJECT, check=False
    )
    assert done.returncode
    assert f"The role {FAULTS[role]}." in done.stderr
