"""Sign-ins, refused ones, sign-outs and changes of what one signs in with, as Django and allauth tell them (C3)."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from shelter.accounts.models import User
from shelter.audit.actions import Action
from shelter.audit.ledger import record


@receiver(user_logged_in)
def signed_in(user: User, **_kwargs: object) -> None:
    record(Action.SIGN_IN, user=user, about=user)


@receiver(user_logged_out)
def signed_out(user: User | None, **_kwargs: object) -> None:
    if user:
        record(Action.SIGN_OUT, user=user, about=user)


@receiver(user_login_failed)
def refused(credentials: dict[str, Any], **_kwargs: object) -> None:
    """Names the account that was tried, if there is one: an address that was typed may be anything, so it is not kept."""
    address = credentials.get("email") or credentials.get("username") or ""
    tried = User.objects.filter(email__iexact=address).first()  # the backend has knocked with it
    record(Action.SIGN_IN_REFUSED, user=tried, about=tried or "")


@receiver(
    [authenticator_added, authenticator_removed, authenticator_reset, password_changed, password_reset, password_set]
)
def changed_factor(user: User, **_kwargs: object) -> None:
    record(Action.FACTOR, user=user, about=user)


@receiver(authentication_failed)
def wrong_code(user: User, **_kwargs: object) -> None:
    record(Action.SIGN_IN_REFUSED, user=user, about=user)
