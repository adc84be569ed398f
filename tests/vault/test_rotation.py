"""Every wrapped key comes under the ring's new key while people work, and nothing needs the old one any more (D3)."""

import io
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.test import Client
from django.utils import timezone

from casework.kinds import Kind
from residents.models import PersonKey
from shelter.accounts.models import Draft
from shelter.accounts.policy import Role
from shelter.audit import Action
from shelter.vault import rotation
from shelter.vault.fields import WrappedKeyField
from shelter.vault.models import DigestKey
from shelter.vault.ring import KeyRing, key_ring
from tests.factories import (
    make_export,
    make_import,
    make_key_worker,
    make_note,
    make_person,
    make_site,
    make_user,
)

CLIENTS = 20
TOLD = "Told in confidence"


@pytest.fixture(autouse=True)
def old_ring(settings):
    settings.VAULT_KEYS = ring("old")
    return settings.VAULT_KEYS


def ring(name):
    return f"{name}:{secrets.token_urlsafe(32)}"


@pytest.fixture
def change_ring(settings, old_ring):
    """The house starts again with a new key before the old one."""

    def change():
        settings.VAULT_KEYS = f"{ring('new')},{old_ring}"

    return change


def said(act):
    out = io.StringIO()
    call_command("keys", act, stdout=out)
    return out.getvalue()


def ring_keys():
    with connection.cursor() as cursor:
        return {use.ring_key for use in rotation.uses(cursor)}


def make_keys(count, site):
    for _ in range(count):
        PersonKey.objects.sealing_key_of(make_person(at=site).pk)


@pytest.mark.django_db
def test_every_kind_of_key_is_wrapped_anew_and_opens_what_it_opened(change_ring, settings):
    site = make_site()
    note = make_note(make_person(at=site), Kind.INSTRUCTION, at=site, text=TOLD)
    job, export = make_import(site), make_export(site, by=make_user(Role.COORDINATOR, at=site))
    digests = DigestKey.objects.secret_for("tests")
    kept = job.raw_data_key.secret, job.kept_data_key.secret, export.data_key.secret

    change_ring()
    assert "still needed" in said("list")
    said("rotate")

    with connection.cursor() as cursor:
        assert {use.place for use in rotation.uses(cursor)} == {
            f"{model._meta.db_table}.{column}" for model, column in rotation.key_columns()
        }
    assert ring_keys() == {"new"}
    assert "old: 0 keys, may be taken out" in said("list")
    settings.VAULT_KEYS = settings.VAULT_KEYS.partition(",")[0]
    job, export = (type(row).objects.get(pk=row.pk) for row in (job, export))
    assert (job.raw_data_key.secret, job.kept_data_key.secret, export.data_key.secret) == kept
    assert DigestKey.objects.secret_for("tests") == digests
    assert note.text(note.case_file.data_key()) == TOLD


@pytest.mark.django_db
def test_no_column_holds_wrapped_keys_that_rotation_does_not_know():
    site = make_site()
    make_note(make_person(at=site), Kind.INSTRUCTION, at=site)
    make_import(site), make_export(site, by=make_user(Role.COORDINATOR, at=site))
    DigestKey.objects.secret_for("tests")
    begins = f"{key_ring().current}:".encode()
    wrapped = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.BinaryField)
        for value in model._base_manager.values_list(field.name, flat=True)
        if value and bytes(value).startswith(begins)
    }
    assert wrapped == set(rotation.key_columns())


def test_a_column_named_as_a_key_is_of_the_type_that_rotation_looks_for():
    named = [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.BinaryField) and ("wrapped" in field.name or field.name.endswith("key"))
    ]
    assert named
    assert named == rotation.key_columns()


def test_no_history_keeps_a_key(monkeypatch):
    assert rotation.check_histories() == []
    history = next(model for model in apps.get_models() if hasattr(model, "pgh_tracked_model"))
    field = WrappedKeyField(name="kept")
    monkeypatch.setattr(rotation, "key_columns", lambda: [(history.pgh_tracked_model, "kept")])
    monkeypatch.setattr(history._meta, "local_fields", [*history._meta.local_fields, field])
    (error,) = rotation.check_histories()
    assert history._meta.label in error.msg


@pytest.mark.django_db
def test_a_run_cut_short_is_taken_up_by_the_next(change_ring, monkeypatch):
    make_keys(10, make_site())
    change_ring()
    wraps, wrap = [], KeyRing.wrap

    def fail_at_the_eighth(self, key):
        wraps.append(key)
        if len(wraps) == 8:
            raise KeyboardInterrupt
        return wrap(self, key)

    monkeypatch.setattr(rotation, "BATCH", 3)
    monkeypatch.setattr(KeyRing, "wrap", fail_at_the_eighth)
    with pytest.raises(KeyboardInterrupt):
        said("rotate")
    assert sum(use.keys for use in rotation.old_uses()) == 4  # two batches stay, the third is as it was
    said("rotate")
    assert ring_keys() == {"new"}


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_holds_holds_nobody_up(change_ring, monkeypatch):
    make_keys(5, make_site())
    change_ring()
    monkeypatch.setattr(rotation, "PATIENCE", 2)
    with transaction.atomic():
        PersonKey.objects.select_for_update().first()
        with ThreadPoolExecutor(1) as other, pytest.raises(CommandError, match="1 keys are left"):
            other.submit(in_thread, said, "rotate").result()
    said("rotate")
    assert ring_keys() == {"new"}


def in_thread(work, *arguments):
    with closing(connection):  # each thread has its own
        return work(*arguments)


@pytest.mark.django_db
def test_a_key_that_the_ring_lacks_is_named(settings):
    make_keys(1, make_site())
    settings.VAULT_KEYS = ring("new")
    assert "old: 1 keys, MISSING from VAULT_KEYS" in said("list")
    with pytest.raises(CommandError, match="'old'"):
        said("rotate")


@pytest.mark.django_db
def test_a_copy_of_the_ring_is_tried_on_every_key(settings, old_ring):
    make_keys(3, make_site())
    assert said("check") == "This ring opens all 3 keys.\n"
    settings.VAULT_KEYS = ring("old")  # another key, of the same name
    with pytest.raises(CommandError, match="3 of 3 keys do not open"):
        said("check")


@pytest.mark.django_db
def test_it_is_recorded(change_ring, entries):
    make_keys(2, make_site())
    change_ring()
    said("rotate")
    said("rotate")
    (entry,) = entries(action=Action.KEY)
    assert entry.about == "rotated to new: 2"


@pytest.mark.django_db(transaction=True)
def test_it_runs_while_twenty_people_read_and_write(change_ring, monkeypatch, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    site = make_site()
    people = [make_person(at=site) for _ in range(CLIENTS)]
    workers = [make_user(Role.SOCIAL_WORKER, at=site) for _ in people]
    for person, worker in zip(people, workers, strict=True):
        make_key_worker(person, worker, at=site)
        make_note(person, Kind.SOCIAL, at=site, text=TOLD)
    make_keys(200, site)
    change_ring()
    monkeypatch.setattr(rotation, "BATCH", 5)
    ready, over = threading.Barrier(CLIENTS + 1), threading.Event()

    def work(person, worker):
        client, turns = Client(), 0
        client.force_login(worker)
        page = f"/people/{person.public_id}/social/"
        written = {"kind": "social", "happened_on": timezone.localdate().isoformat()}
        ready.wait(60)
        while turns < 2 or not over.is_set():
            turns += 1
            assert client.post(f"{page}write/", written | {"text": f"{TOLD} {turns}"}).status_code == 302
            typed = {"page": f"{page}{turns}", "fields": '{"text": ["", "half a word"]}'}
            assert client.post("/profile/draft/", typed).status_code == 200
            shown = client.get(page)
            assert shown.status_code == 200
            assert f"{TOLD} {turns}" in shown.content.decode()
        return turns

    with ThreadPoolExecutor(CLIENTS) as threads:
        turns = [
            threads.submit(in_thread, work, person, worker) for person, worker in zip(people, workers, strict=True)
        ]
        ready.wait(60)
        try:
            said("rotate")
        finally:
            over.set()
        assert all(turn.result() for turn in turns)
    assert ring_keys() == {"new"}
    assert Draft.objects.exists()
