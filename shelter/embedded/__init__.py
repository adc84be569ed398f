"""The bundled PostgreSQL and Valkey: a real house on a machine that has neither.

``ensure()`` is all that others call. It starts what the environment does not name (``DATABASE_URL``, ``BROKER_URL``),
names it there, and stops it again when the last process that uses it ends.
"""

from shelter.embedded.lease import ensure, release

__all__ = ["ensure", "release"]
