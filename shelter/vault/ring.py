"""The key ring: keys outside the database that wrap the data keys inside it."""

import base64
import binascii
from functools import lru_cache
from typing import Self

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from shelter.vault.envelope import KEY_BYTES, DataKey, Place, Unreadable

FORM = "VAULT_KEYS must look like 2026:KEY,2025:KEY, the one in use first; each KEY is 32 random bytes in base64url."


class KeyRing:
    """Named keys. The first wraps what is new, each opens what it has wrapped."""

    def __init__(self, keys: dict[str, DataKey]) -> None:
        self.keys = keys
        self.current = next(iter(keys))

    @classmethod
    def parse(cls, text: str) -> Self:
        """``name:key,name:key`` → the ring. Raises ``ImproperlyConfigured`` and says which key is unusable."""
        keys = {}
        for item in text.split(","):
            name, _, secret = item.strip().partition(":")
            try:
                raw = base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4))
            except binascii.Error:
                raw = b""
            if not name or name in keys or len(raw) != KEY_BYTES:
                raise ImproperlyConfigured(f"The vault key {name or '(without a name)'!r} cannot be used. {FORM}")
            keys[name] = DataKey(raw)
        return cls(keys)

    def wrap(self, key: DataKey) -> bytes:
        return self.seal(key.secret, _place(self.current))

    def unwrap(self, wrapped: bytes) -> DataKey:
        """Raises ``Unreadable``."""
        name = bytes(wrapped).partition(b":")[0].decode(errors="replace")
        return DataKey(self.open_sealed(wrapped, _place(name)))

    def seal(self, value: bytes, place: Place) -> bytes:
        """``name of the ring key``, a colon, the sealed value."""
        return f"{self.current}:".encode() + self.keys[self.current].seal(value, place)

    def open_sealed(self, sealed: bytes, place: Place) -> bytes:
        """Raises ``Unreadable``, naming the ring key that is missing."""
        name, _, token = bytes(sealed).partition(b":")
        holder = self.keys.get(name.decode(errors="replace"))
        if holder is None:
            raise Unreadable(f"VAULT_KEYS lacks the key {name.decode(errors='replace')!r}.")
        return holder.open_sealed(token, place)


def _place(name: str) -> Place:
    return Place("vault", "data_key", name)


def key_ring() -> KeyRing:
    """The ring of this process."""
    return _parsed(settings.VAULT_KEYS)


@lru_cache(maxsize=4)
def _parsed(text: str) -> KeyRing:
    return KeyRing.parse(text)


def new_data_key() -> tuple[DataKey, bytes]:
    """A fresh data key, and the same wrapped for the database: for a ``WrappedKeyField``."""
    key = DataKey.generate()
    return key, key_ring().wrap(key)


def unwrap(wrapped: bytes) -> DataKey:
    """The data key of a wrapped one. Raises ``Unreadable``."""
    return key_ring().unwrap(wrapped)


def seal_for_a_while(value: bytes, place: Place) -> bytes:
    """For what is stored nowhere and lives for hours: sealed by the ring's own key, so that no data key has to be read."""
    return key_ring().seal(value, place)


def open_sealed(sealed: bytes, place: Place) -> bytes:
    """What ``seal_for_a_while`` sealed. Raises ``Unreadable``."""
    return key_ring().open_sealed(sealed, place)
