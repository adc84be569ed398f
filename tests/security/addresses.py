"""The house's addresses, filled with the objects of a place."""

from django.urls import reverse

from casework.kinds import KINDS, Kind
from shelter.accounts.addresses import Address
from tests.security.world import CONFIDED, OBJECTS, Place

PLAIN_ARGUMENTS = {
    "uidb36": "a",
    "key": "a-b",
    "pk": "1",
    "session": "00000000-0000-0000-0000-000000000000",
}


def names_an_object(address: Address) -> bool:
    return any(argument in OBJECTS or argument in CONFIDED for argument in address.arguments)


def kinds_of(address: Address) -> tuple[Kind, ...]:
    """Of which kinds the address may name a note or a document; none if it names neither."""
    if not any(argument in CONFIDED for argument in address.arguments):
        return ()
    return KINDS[address.action.needs[0].info_class]


def path_at(address: Address, place: Place, kind: Kind | None = None) -> str:
    """With the objects of ``place``; of what is confided, one of ``kind`` or of the first kind."""

    def value(argument: str) -> object:
        if argument in CONFIDED:
            return CONFIDED[argument](place, kind or kinds_of(address)[0])
        return OBJECTS[argument](place) if argument in OBJECTS else PLAIN_ARGUMENTS[argument]

    return reverse(address.name, kwargs={argument: value(argument) for argument in address.arguments})
