"""The second factor: what allauth does not say by itself (B3, B4).

allauth asks for it at sign-in, and notes each use in the session. A session without such a note reaches the pages of
enrolment and nothing else. In DEMO mode, where everyone may read every passphrase, no second factor is asked.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from shelter.http import go_to
from shelter.vault import DataKey, Place, Unreadable
from shelter.vault.models import DigestKey

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

    from shelter.accounts.models import User

# What opens before the second factor is there: the pages that set it up or use it, and the way out.
ENROLMENT = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_logout",
        "ui:language",
    }
)
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes stand in for one, and are none
PURPOSE = "second factors"


def used_at(request: HttpRequest) -> float | None:
    """When this session last used a second factor, in seconds since 1970."""
    records = get_authentication_records(request, request.user)
    return max((record["at"] for record in records if record["method"] == "mfa"), default=None)


def has_factor(user: AbstractBaseUser | AnonymousUser) -> bool:
    return bool(Authenticator.objects.filter(user=user.pk, type__in=FACTORS).exists())


class SecondFactorMiddleware:
    """Without a second factor in the session only the pages of ``ENROLMENT`` open, and those open to everyone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_arguments: object
    ) -> HttpResponse | None:
        is_open = settings.DEMO or not request.user.is_authenticated or not getattr(view, "login_required", True)
        match = request.resolver_match
        if is_open or (match and match.view_name in ENROLMENT) or used_at(request):
            return None
        return go_to(request, "mfa_reauthenticate" if has_factor(request.user) else "mfa_index")


class HouseMFAAdapter(DefaultMFAAdapter):
    """Seeds are sealed, each for its user; nobody removes their last factor."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code does not fit, or was used already. Wait for the next one."),
        "cannot_delete_authenticator": _("This is your last second factor. Add another one first."),
    }

    def get_totp_issuer(self) -> str:
        return "Maisonnée"

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        return f"{_('Passkey')} {Authenticator.objects.filter(user=user.pk, type=type).count() + 1}"

    def encrypt(self, text: str) -> str:
        """``user:token``. A token moved to another user's row is refused by ``CodeOnce``."""
        return self.encrypt_for(context.request.user, text)

    def encrypt_for(self, user: AbstractBaseUser, text: str) -> str:
        owner = str(user.pk)
        return f"{owner}:{base64.b64encode(_key().seal(text.encode(), _place(owner))).decode()}"

    def decrypt(self, encrypted_text: str) -> str:
        owner, _colon, token = encrypted_text.partition(":")
        return _key().open_sealed(base64.b64decode(token), _place(owner)).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return bool(Authenticator.objects.filter(user=authenticator.user_id, type__in=FACTORS).count() > 1)


def _key() -> DataKey:
    return DataKey(DigestKey.objects.secret_for(PURPOSE))


def _place(owner: str) -> Place:
    return Place("mfa_authenticator", "data", owner)


class CodeOnce:
    """For allauth's forms that take a code: each opens once, whatever becomes of the cache in between (B4).

    allauth keeps used codes in the cache. Here the row itself remembers the last period whose code was used.
    """

    user: User
    authenticator: Authenticator

    def clean_code(self) -> str:
        refusal = HouseMFAAdapter().validation_error("incorrect_code")
        for factor in Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN):
            sealed = factor.data.get("secret") or factor.data["seed"]
            if not sealed.startswith(f"{self.user.pk}:"):
                raise refusal
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # of the form it is mixed into
        except Unreadable as error:
            raise refusal from error
        if self.authenticator.type == Authenticator.Type.TOTP and not use_up(self.authenticator, code):
            raise refusal
        return code


def use_up(factor: Authenticator, code: str) -> bool:
    """One row updated means that this request was the first to use the code, or a later one."""
    secret = HouseMFAAdapter().decrypt(factor.data["secret"])
    periods = yield_hotp_counters_from_time()
    fitting = [n for n in periods if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, n)))]
    if not fitting:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE mfa_authenticator SET data = data || jsonb_build_object('used_period', %(period)s::bigint) "
            "WHERE id = %(id)s AND coalesce((data->>'used_period')::bigint, 0) < %(period)s",
            {"period": max(fitting), "id": factor.pk},
        )
        return bool(cursor.rowcount == 1)
