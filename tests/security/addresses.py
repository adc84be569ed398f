"""The house's addresses, filled with the objects of a place."""

from django.urls import reverse

from shelter.accounts.addresses import Address
from tests.security.world import OBJECTS, Place

PLAIN_ARGUMENTS = {"uidb36": "a", "key": "a-b", "pk": "1", "session": "00000000-0000-0000-0000-000000000000"}


def names_an_object(address: Address) -> bool:
    return any(argument in OBJECTS for argument in address.arguments)


def path_at(address: Address, place: Place) -> str:
    values = {
        argument: OBJECTS[argument](place) if argument in OBJECTS else PLAIN_ARGUMENTS[argument]
        for argument in address.arguments
    }
    return reverse(address.name, kwargs=values)
