"""The addresses that a search leads to, for tests that begin there."""

from shelter.ui.searches import SEARCH, sealed


def searched(user, **typed: str) -> dict[str, str]:
    """The query of the address: ``client.get(path, searched(user, q="ali"))``."""
    return {SEARCH: sealed(user, typed)}
