"""Every address of the house and what opens it, as the URL map has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from shelter.accounts.policy import EMERGENCIES, Can, Role

OPEN, SIGNED_IN = "everyone", "signed in"
# Pages of others, which we cannot decorate: who may open each, and why that is right.
NOT_OURS = {
    "account_login": (OPEN, "allauth: the sign-in page itself"),
    "account_signup": (OPEN, "allauth: says that accounts are made by invitation"),
    "account_inactive": (OPEN, "allauth: says that an account is closed"),
    "account_reset_password": (OPEN, "allauth: the same answer for known and unknown addresses"),
    "account_reset_password_done": (OPEN, "allauth: says that a mail is on its way"),
    "account_reset_password_from_key": (OPEN, "allauth: opens with the key from the mail alone"),
    "account_reset_password_from_key_done": (OPEN, "allauth: says that it worked"),
    "account_change_password": (SIGNED_IN, "allauth: one's own"),
    "account_set_password": (SIGNED_IN, "allauth: one's own"),
    "mfa_authenticate": (OPEN, "allauth: the second step of signing in"),
    "mfa_login_webauthn": (OPEN, "allauth: signs in by passkey"),
    "mfa_reauthenticate": (SIGNED_IN, "allauth: asks for one's own second factor again"),
    "mfa_reauthenticate_webauthn": (SIGNED_IN, "allauth: asks for one's own passkey again"),
    "mfa_index": (SIGNED_IN, "allauth: one's own second factors"),
    "mfa_activate_totp": (SIGNED_IN, "allauth: one's own"),
    "mfa_deactivate_totp": (SIGNED_IN, "allauth: one's own"),
    "mfa_add_webauthn": (SIGNED_IN, "allauth: one's own"),
    "mfa_remove_webauthn": (SIGNED_IN, "allauth: one's own; another's is 404"),
    "mfa_view_recovery_codes": (SIGNED_IN, "allauth: one's own"),
    "mfa_generate_recovery_codes": (SIGNED_IN, "allauth: one's own"),
}


@dataclass(frozen=True)
class Address:
    """One row of the URL map. ``action``: what opens it, an action of the table or one of the words above.

    ``if_assigned``: it opens to who may do that for persons assigned to them only, too; ``in_emergency``: to who may break
    the glass for it.
    """

    name: str
    arguments: tuple[str, ...]
    action: Can | str | None
    if_assigned: bool = False
    in_emergency: bool = False

    def __str__(self) -> str:
        return self.name

    def roles(self) -> frozenset[Role]:
        """The roles that its gate lets through; what it names may still be none of theirs."""
        if not isinstance(self.action, Can):
            return frozenset()
        roles = self.action.roles_if_assigned() if self.if_assigned else self.action.roles()
        breaking = (
            each.ask.roles() for each in EMERGENCIES.values() if self.in_emergency and each.opens is self.action
        )
        return roles.union(*breaking)


def addresses() -> list[Address]:
    return sorted(addresses_in(get_resolver().url_patterns), key=str)


def addresses_in(
    patterns: Sequence[URLPattern | URLResolver], space: str = "", before: tuple[str, ...] = ()
) -> Iterator[Address]:
    for pattern in patterns:
        arguments = (*before, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses_in(pattern.url_patterns, inner, arguments)
        else:
            name = f"{space}{pattern.name}"
            action = getattr(pattern.callback, "action", None) or NOT_OURS.get(name, (None,))[0]
            also = {word: getattr(pattern.callback, word, False) for word in ("if_assigned", "in_emergency")}
            yield Address(name, arguments, action, **also)
