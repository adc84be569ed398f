"""The chain over the record and the histories, as commands and tasks ask for it. The work is done in the database."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shelter.audit.models import Seal

FINDINGS: dict[str, str | Promise] = {
    "gap": _("a seal is missing from the chain"),
    "chain": _("the seal is not the one that was made: it, its segments or those before were changed"),
    "changed": _("rows were changed"),
    "missing": _("rows are missing"),
    "inserted": _("rows were inserted among sealed ones"),
    "unreadable": _("a table or a column that was sealed is gone, so nothing can be said of these rows"),
    "cut": _("the published head is not in the chain: its end was cut off or written anew"),
}


@dataclass(frozen=True)
class Head:
    """The last seal, as it is published: ``NUMBER:HASH``."""

    number: int
    hash: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ``ValueError`` for what is no head."""
        number, _colon, digest = text.partition(":")
        return cls(int(number), bytes.fromhex(digest))


@dataclass(frozen=True)
class Finding:
    seal: int | None
    journal: str
    what: str

    def __str__(self) -> str:
        where = " ".join(part for part in (f"seal {self.seal}" if self.seal else "", self.journal) if part)
        return f"{where}: {FINDINGS[self.what]}"


def seal() -> int | None:
    """Close over all that was committed since the last seal. Returns the new one's number, if there was anything."""
    return _ask("SELECT audit_seal()")


def retire() -> int:
    """Remove entries older than two years, by whole sealed segments. Returns how many."""
    return _ask("SELECT audit_retire()") or 0


def verify(head: Head | None = None) -> Iterator[Finding]:
    """Everything that is not as it was sealed."""
    with connection.cursor() as cursor:
        arguments = (head.number, head.hash) if head else (None, None)
        cursor.execute("SELECT seal, journal, finding FROM audit_verify(%s, %s)", arguments)
        yield from (Finding(*row) for row in cursor.fetchall())


def head() -> str:
    """What to publish; empty while nothing is sealed."""
    last = Seal.objects.first()
    return str(last) if last else ""


def _ask(statement: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        answer: int | None = cursor.fetchone()[0]
        return answer
