"""The bundled PostgreSQL and Valkey: a real house on a machine that has neither.

``ensure()`` starts what the environment does not name (``DATABASE_URL``, ``BROKER_URL``), names it there, and stops it
again when the last process that uses it ends.
"""

import os


def ensure() -> None:
    """Start the servers that the environment does not name, and name them there for this process and its children."""
    if os.environ.get("DATABASE_URL") and os.environ.get("BROKER_URL"):
        return
    from shelter.embedded import lease  # production does not even install the servers

    lease.take()
