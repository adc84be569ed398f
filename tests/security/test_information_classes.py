"""Every model says what kind of information it holds, and every address what opens it: or the house does not start (A1)."""

import os
import subprocess
import sys

import pytest
from django.apps import apps
from django.conf import settings
from django.core.checks import run_checks
from django.core.management.base import SystemCheckError
from django.db import connection, models
from django.http import HttpResponse
from django.test.utils import isolate_apps
from django.urls import include, path

from residents.models import Person
from shelter.accounts import checks
from shelter.accounts.addresses import addresses_in
from shelter.accounts.models import User
from shelter.accounts.policy import InfoClass
from shelter.start import refuse_unsound_house


def test_the_house_is_sound():
    assert run_checks(tags=["policy"]) == []


def test_every_app_of_the_repository_is_looked_at():
    looked_at = {model._meta.app_label for model in checks.our_models()}

    assert {"accounts", "vault", "sites", "residents", "imports"} <= looked_at
    assert not looked_at & {"auth", "account", "sessions", "pghistory"}


def faults(**members):
    """Of a model with these members."""
    with isolate_apps("residents"):
        meta = type("Meta", (), {"app_label": "residents"})
        model = type("Planted", (models.Model,), {"__module__": __name__, "Meta": meta, **members})
        return [error.id for error in checks.faults_of(model)]


def test_a_model_without_a_class_is_a_fault():
    assert faults() == ["policy.E001"]
    assert faults(info_class="presence") == ["policy.E001"]
    assert faults(info_class=InfoClass.PRESENCE) == []


def test_a_class_by_row_is_a_class():
    assert faults(info_class=models.CharField(choices=InfoClass, max_length=12)) == []


def test_a_field_of_a_mixed_model_without_a_class_is_a_fault():
    held = {"info_class": InfoClass.INCIDENTS, "one": models.TextField(), "other": models.TextField()}

    assert faults(**held, field_classes={"one": InfoClass.HEALTH}) == ["policy.E002"]
    assert faults(**held, field_classes={"one": InfoClass.HEALTH, "other": InfoClass.INCIDENTS}) == []
    assert faults(**held, field_classes=dict.fromkeys(("one", "other", "lost"), InfoClass.HEALTH)) == ["policy.E003"]


@pytest.mark.parametrize("name", ["birth_date", "nationality"])
def test_a_birth_date_or_a_nationality_is_identity_and_not_presence(name):
    field = models.TextField()

    assert faults(info_class=InfoClass.PRESENCE, **{name: field}) == ["policy.E004"]
    assert faults(info_class=InfoClass.PRESENCE, field_classes={name: InfoClass.IDENTITY}, **{name: field}) == []
    assert faults(info_class=InfoClass.IDENTITY, **{name: field}) == []


def test_an_address_without_an_action_is_a_fault():
    def open_door(_request):
        return HttpResponse()

    found = addresses_in([path("", include([path("open/", open_door, name="open_door")]))])

    assert [error.id for error in checks.faults_of_addresses(found)] == ["policy.E005"]


def test_a_house_with_a_fault_does_not_start(monkeypatch):
    monkeypatch.delattr(Person, "info_class")

    with pytest.raises(SystemCheckError, match=r"residents\.Person declares no information class"):
        refuse_unsound_house()


PLANT = "import django; django.setup(); from residents.models import Person; del Person.info_class; "
STARTS = {
    "web": "import shelter.wsgi",
    "worker": "from celery.signals import worker_init; import shelter.celery; worker_init.send(sender=None)",
    "beat": "from celery.signals import beat_init; import shelter.celery; beat_init.send(sender=None)",
    "migrate": "from django.core.management import call_command; call_command('migrate', skip_checks=False, plan=True)",
}


@pytest.mark.parametrize("process", STARTS)
def test_no_process_starts_with_a_fault(process):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "shelter.settings_test"}
    started = subprocess.run(  # fixed words
        [sys.executable, "-c", PLANT + STARTS[process]], env=environment, capture_output=True, text=True, check=False
    )

    assert started.returncode == 1
    assert "residents.Person declares no information class" in started.stderr


def test_the_admin_of_django_is_not_installed():
    """Reference lists live in the code: nothing is left for it to keep (A8)."""
    assert not apps.is_installed("django.contrib.admin")


@pytest.mark.django_db
def test_no_account_has_the_superuser_flag_for_no_table_has_a_place_for_it():
    """Not of the demonstration, of a service or of a command: the database could not hold one (A8)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE column_name IN ('is_superuser', 'is_staff')"
        )
        assert cursor.fetchall() == []
    assert not hasattr(User(), "is_superuser")
    assert User._meta.label == settings.AUTH_USER_MODEL
