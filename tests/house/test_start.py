"""The application does not start as a role that row-level security does not hold (A20), nor without a key (D2)."""

import os
import subprocess
import sys

import pytest

from shelter.embedded.home import PROJECT, Home
from shelter.embedded.postgres import Postgres
from shelter.vault.models import DigestKey

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
    assert f"The role {FAULTS[role]}." in refusal(program, role)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("program", PROGRAMS)
def test_it_refuses_a_ring_without_a_key_that_something_needs(program, settings):
    settings.VAULT_KEYS = f"retired:{'A' * 43}"
    DigestKey.objects.secret_for("tests")
    said = refusal(program, "app", VAULT_KEYS=f"new:{'B' * 43}")
    assert "VAULT_KEYS lacks the key 'retired', which wraps 1 keys in vault_digestkey.wrapped." in said


@pytest.mark.django_db
@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize(
    ("ring", "words"), [("", "VAULT_KEYS"), ("2026:short", "The vault key '2026' cannot be used.")]
)
def test_it_refuses_a_missing_or_unusable_key(program, ring, words):
    assert words in refusal(program, "app", VAULT_KEYS=ring)


def refusal(program, role, **more):
    """What the program says before it ends."""
    from django.db import connection

    address = Postgres(Home.from_environment()).url(role, connection.settings_dict["NAME"])
    told = {"DATABASE_URL": address, "DATABASE_AS": "app", "DJANGO_SETTINGS_MODULE": "shelter.settings"} | more
    done = subprocess.run(
        PROGRAMS[program], env=os.environ | told, capture_output=True, text=True, timeout=60, cwd=PROJECT, check=False
    )
    assert done.returncode
    return done.stderr
