import pytest
from django.conf import settings

from shelter import health
from shelter.accounts.policy import Role
from tests.factories import make_site, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(health, "WORKER_SECONDS", 0.1)


def signed_in(client, user):
    client.force_login(user)
    return client.get("/readyz")


def test_without_worker_and_beat_the_house_is_not_ready_and_anyone_sees_only_that(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"not ok\n")


def test_the_operators_token_shows_what_is_wrong(client, settings):
    settings.READYZ_TOKEN = "token-of-the-operator"
    checks = client.get("/readyz", headers={"Authorization": "Bearer token-of-the-operator"}).json()["checks"]
    assert {name for name, word in checks.items() if word == "ok"} == {"database", "migrations", "broker", "record"}
    assert client.get("/readyz", headers={"Authorization": "Bearer guessed"}).content == b"not ok\n"


def test_no_token_in_the_settings_opens_nothing(client, settings):
    settings.READYZ_TOKEN = ""
    assert client.get("/readyz", headers={"Authorization": "Bearer "}).content == b"not ok\n"


def test_a_platform_administrator_sees_the_detail_and_a_coordinator_does_not(client):
    assert signed_in(client, make_user(Role.PLATFORM_ADMIN)).json()["ready"] is False
    assert signed_in(client, make_user(Role.COORDINATOR, at=make_site())).content == b"not ok\n"


def test_a_silent_broker_and_an_unapplied_migration_are_told(client, monkeypatch):
    monkeypatch.setattr(health.app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: [("sites", "0002")])
    token = {"Authorization": f"Bearer {settings.READYZ_TOKEN}"}
    checks = client.get("/readyz", headers=token).json()["checks"]
    assert checks["broker"] != "ok"
    assert checks["migrations"] == "1 not applied"
