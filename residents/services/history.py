"""Who and why, beside what the triggers record."""

import pghistory

from shelter.accounts.models import User


def recorded(by: User | None, reason: str = "") -> pghistory.context:
    """Everything written inside carries the user (None: a command of the house) and the reason, if one is given.

    One request has one record: a later reason in the same request replaces the earlier.
    """
    why = {"reason": reason} if reason else {}
    return pghistory.context(user=by.pk if by else None, **why)
