"""The record: who looked at which person's file, and what was done about access. Append-only, sealed, never content.

Views call ``reading``; services, signals and tasks call ``record``. Writes to data are recorded by pghistory's triggers.
"""

from shelter.audit.actions import Action, Purpose
from shelter.audit.ledger import reading, record

__all__ = ["Action", "Purpose", "reading", "record"]
