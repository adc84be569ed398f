"""Encryption of values and files at rest: key ring, then data key, then value.

The key ring lives outside the database (``VAULT_KEYS``). It wraps data keys, which the database keeps wrapped: one for
each import job, later one for each person. A data key seals values; destroying the wrapped key destroys the values
everywhere, backups included.
"""

from shelter.vault.envelope import DataKey, Place, Unreadable
from shelter.vault.ring import new_data_key, open_sealed, seal_for_a_while, unwrap

__all__ = ["DataKey", "Place", "Unreadable", "new_data_key", "open_sealed", "seal_for_a_while", "unwrap"]
