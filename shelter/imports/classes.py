"""Which information class each understood value belongs to (A9b), and who may see it.

A kind of sheet that is a secret as a whole (interviews, legal follow-up, incidents) keeps only the person's identity in
the open. Free remarks may hold anything, so they count as interviews.
"""

from collections.abc import Iterable

from shelter.accounts.access import Access
from shelter.accounts.policy import InfoClass

IDENTITY = frozenset(
    {
        *("last_name", "first_name", "birth_date", "birth_date_precision", "gender", "nationality", "languages"),
        *("name", "request_date", "priority", "outcome"),
    }
)
FIELDS = {
    **dict.fromkeys(IDENTITY, InfoClass.IDENTITY),
    "phone": InfoClass.CONTACT,
    "procedure": InfoClass.LEGAL,
    "sp_number": InfoClass.LEGAL,
    "note": InfoClass.INTERVIEWS,
}
KINDS = {
    "interview": InfoClass.INTERVIEWS,
    "appointment": InfoClass.INTERVIEWS,
    "legal": InfoClass.LEGAL,
    "incident": InfoClass.INCIDENTS,
    "shift": InfoClass.ROTA,
    "bed": InfoClass.PRESENCE,
    "room": InfoClass.PLACES,
    "presence": InfoClass.PRESENCE,
    "resident": InfoClass.PRESENCE,
    "waiting": InfoClass.IDENTITY,
}
SECRECY = frozenset({InfoClass.INTERVIEWS, InfoClass.LEGAL, InfoClass.HEALTH, InfoClass.INCIDENTS, InfoClass.HR_LEAVE})
# Kinds whose place in the house exists today; the others are kept with the staged row.
PLACED = frozenset({"resident", "presence", "bed", "room", "waiting"})


def class_of(kind: str, field: str) -> InfoClass:
    """The class of a field in a sheet of this kind. What nobody recognised counts as a free remark."""
    if kind not in KINDS:
        return InfoClass.INTERVIEWS
    if KINDS[kind] in SECRECY and field not in IDENTITY and field != "phone":
        return KINDS[kind]
    if field == "ignore":
        return InfoClass.INTERVIEWS
    return FIELDS.get(field.partition(":")[0], KINDS[kind])


def is_secret(kind: str, field: str) -> bool:
    return class_of(kind, field) in SECRECY


def readable(access: Access, site_id: int, classes: Iterable[InfoClass] = tuple(InfoClass)) -> frozenset[InfoClass]:
    """The classes whose imported values this user may see at the site."""
    return frozenset(info_class for info_class in classes if access.reads(info_class, site_id))
