import secrets

import pytest
from django.core.exceptions import ImproperlyConfigured

from shelter.vault import DataKey, Place, Unreadable, new_data_key, unwrap
from shelter.vault.models import DigestKey
from shelter.vault.ring import KeyRing

HERE = Place("imports", "raw", "1")


def key(name):
    return f"{name}:{secrets.token_urlsafe(32)}"


def test_a_value_opens_where_it_was_sealed():
    data_key = DataKey.generate()

    assert data_key.open_sealed(data_key.seal(b"value", HERE), HERE) == b"value"


@pytest.mark.parametrize(
    "elsewhere", [Place("other", "raw", "1"), Place("imports", "other", "1"), Place("imports", "raw", "2")]
)
def test_a_value_moved_elsewhere_is_refused(elsewhere):
    data_key = DataKey.generate()

    with pytest.raises(Unreadable):
        data_key.open_sealed(data_key.seal(b"value", HERE), elsewhere)


def test_another_key_opens_nothing():
    with pytest.raises(Unreadable):
        DataKey.generate().open_sealed(DataKey.generate().seal(b"value", HERE), HERE)


def test_a_data_key_comes_back_from_its_wrapping():
    data_key, wrapped = new_data_key()

    assert data_key.secret not in wrapped
    assert unwrap(wrapped).secret == data_key.secret


def test_an_older_key_of_the_ring_still_opens(settings):
    old, new = key("2025"), key("2026")
    settings.VAULT_KEYS = old
    data_key, wrapped = new_data_key()

    settings.VAULT_KEYS = f"{new},{old}"
    assert unwrap(wrapped).secret == data_key.secret
    settings.VAULT_KEYS = new
    with pytest.raises(Unreadable, match="2025"):
        unwrap(wrapped)


TWICE = f"a:{'A' * 43},a:{'B' * 43}"


@pytest.mark.parametrize("text", ["", "2026:", "2026:short", "nameless", TWICE])
def test_an_unusable_key_stops_the_start_and_is_named(text):
    with pytest.raises(ImproperlyConfigured, match="vault key"):
        KeyRing.parse(text)


@pytest.mark.django_db
def test_a_digest_key_stays_the_same():
    assert DigestKey.objects.secret_for("tests") == DigestKey.objects.secret_for("tests")
