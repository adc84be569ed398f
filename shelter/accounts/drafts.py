"""What somebody is typing, kept sealed until it is sent: a session may end, a browser may fail (B10, G1).

One draft for each user and page. Its page is a path, which holds identifiers only.
"""

import json

from shelter.accounts.models import Draft, User
from shelter.vault import DataKey, Place, Unreadable
from shelter.vault.models import DigestKey

PURPOSE = "drafts"


def keep(user: User, page: str, fields: dict[str, str]) -> None:
    """In place of what was kept for this page; nothing typed forgets it. What is older than a week goes too."""
    user.drafts.stale().delete()
    if any(fields.values()):
        sealed = _key().seal(json.dumps(fields).encode(), _place(user, page))
        Draft.objects.update_or_create({"sealed": sealed}, user=user, page=page)
    else:
        user.drafts.filter(page=page).delete()


def kept(user: User, page: str) -> dict[str, str]:
    """The fields by name; none if nothing is kept, or nothing that this key opens."""
    draft = user.drafts.filter(page=page).first()
    try:
        return json.loads(_key().open_sealed(bytes(draft.sealed), _place(user, page))) if draft else {}
    except Unreadable:
        return {}


def _key() -> DataKey:
    return DataKey(DigestKey.objects.secret_for(PURPOSE))


def _place(user: User, page: str) -> Place:
    return Place("accounts_draft", "sealed", f"{user.pk}:{page}")
