"""The house's addresses, filled with the objects of a place."""

from django.urls import reverse

from casework.kinds import KINDS, Kind
from shelter.accounts.addresses import SIGNED_IN, Address, addresses
from shelter.accounts.policy import Can
from tests.security.world import CONFIDED, OBJECTS, Place

PLAIN_ARGUMENTS = {
    "uidb36": "a",
    "key": "a-b",
    "pk": "1",
    "session": "00000000-0000-0000-0000-000000000000",
}

# The only pages that ask for no role: whoever is signed in opens them. Beside each, why it shows nobody else's data.
NO_ROLE = {
    "dashboard": "tonight's counts for who may see them, a way on for the others",
    "exports:list": "what one asked for oneself, and what waits for one's own word",
    "exports:export_list": "what one asked for oneself, as a file",
    "exports:export": "one of these; any other is 404",
    "exports:allow": "one of these; any other is 404",
    "exports:download": "one of these; any other is 404",
    "exports:give_up": "what one asked for oneself; any other is 404",
    "ui:search": "what one typed oneself, sealed for oneself; the list that it leads to asks for its own role",
    "accounts:profile": "one's own name, language and roles",
    "accounts:draft": "what one typed oneself",
    "accounts:sessions": "one's own browsers",
    "accounts:end_session": "one of one's own browsers; any other is 404",
    "accounts:end_other_sessions": "one's own browsers",
    "accounts:time_left": "one's own session",
    "account_change_password": "one's own",
    "account_set_password": "one's own",
    "mfa_activate_totp": "one's own second factors",
    "mfa_add_webauthn": "one's own second factors",
    "mfa_deactivate_totp": "one's own second factors",
    "mfa_generate_recovery_codes": "one's own second factors",
    "mfa_index": "one's own second factors",
    "mfa_reauthenticate": "one's own second factors",
    "mfa_reauthenticate_webauthn": "one's own second factors",
    "mfa_remove_webauthn": "one of one's own passkeys; any other is 404",
    "mfa_view_recovery_codes": "one's own second factors",
    "microsoft_connect": "one's own account",
}
EVERY_ADDRESS = addresses()
OF_THE_TABLE = [address for address in EVERY_ADDRESS if isinstance(address.action, Can)]
OF_NO_ROLE = [address for address in EVERY_ADDRESS if address.action == SIGNED_IN]


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
