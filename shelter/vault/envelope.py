"""A data key and what it seals: AES-256-GCM, bound to the place that the value belongs to."""

import os
from typing import NamedTuple, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
NONCE_BYTES = 12
KEY_BYTES = 32


class Unreadable(Exception):
    """A sealed value that this key does not open here: another key's, moved from another place, or damaged."""


class Place(NamedTuple):
    """Where a sealed value lives. A token moved to another table, column, row or subject is refused.

    ``subject`` is the person whom the value is about, where there is one.
    """

    table: str
    column: str
    row: str
    subject: str = ""

    def encode(self) -> bytes:
        return "\x1f".join(part for part in self if part).encode()


class DataKey:
    """A key in the clear, in memory only."""

    def __init__(self, secret: bytes) -> None:
        self.secret = secret
        self._cipher = AESGCM(secret)

    @classmethod
    def generate(cls) -> Self:
        return cls(os.urandom(KEY_BYTES))

    def seal(self, value: bytes, place: Place) -> bytes:
        """A token: format version, nonce, ciphertext with its tag."""
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + self._cipher.encrypt(nonce, value, place.encode())

    def open_sealed(self, token: bytes, place: Place) -> bytes:
        """The value of a token. Raises ``Unreadable``."""
        if token[:1] != VERSION:
            raise Unreadable
        nonce, sealed = token[1 : 1 + NONCE_BYTES], token[1 + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, sealed, place.encode())
        except InvalidTag as error:
            raise Unreadable from error
