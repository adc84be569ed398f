"""Keyed digests by which a record is recognised when the same or a later version of its workbook comes again.

``content`` changes with any value; ``identity`` only with what makes it this record: the person, and the day or the
place. Without the key they say nothing, and they stay when the values are gone.
"""

import hmac
import json
from collections.abc import Mapping
from typing import Any

from residents.names import fold
from shelter.vault.models import DigestKey

IDENTITY = {
    "resident": ("birth_date",),
    "bed": ("room", "bed"),
    "room": ("room",),
    "presence": ("month",),
    "waiting": ("birth_date", "request_date"),
    "interview": ("interview_date",),
    "appointment": ("appointment_date", "time"),
    "legal": ("sp_number",),
    "shift": ("person", "date", "start"),
    "incident": ("date", "time", "text"),
}
BYTES = 16


class Digests:
    """The digests of one site: two sites never recognise each other's records."""

    def __init__(self, site_id: int) -> None:
        self.prefix = f"{site_id}\x1f"
        self.key = DigestKey.objects.secret_for("imports")

    def content(self, kind: str, fields: Mapping[str, Any]) -> bytes:
        return self._digest(f"content\x1f{kind}", json.dumps(fields, sort_keys=True, default=str))

    def identity(self, kind: str, fields: Mapping[str, Any]) -> bytes:
        name = " ".join(sorted(fold(f"{fields.get('last_name') or ''} {fields.get('first_name') or ''}").split()))
        nights = [*(fields.get("nights_present") or []), *(fields.get("nights_absent") or [])]
        known = {**fields, "month": min(nights)[:7] if nights else ""}
        return self._digest(f"identity\x1f{kind}", name, *(fold(str(known.get(key) or "")) for key in IDENTITY[kind]))

    def sp_number(self, number: str, organisation_id: int) -> bytes:
        """For finding a person of the organisation by their number, whatever the site."""
        return hmac.digest(self.key, f"sp\x1f{organisation_id}\x1f{number}".encode(), "sha256")[:BYTES]

    def _digest(self, *parts: str) -> bytes:
        return hmac.digest(self.key, (self.prefix + "\x1f".join(parts)).encode(), "sha256")[:BYTES]
