"""People with a second factor, and the codes that their apps show."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from shelter.accounts.models import User
from shelter.accounts.second_factor import HouseMFAAdapter
from tests.factories import PASSWORD


def give_app(user: User) -> str:
    """An app with codes for ``user``, and recovery codes; its secret."""
    secret, adapter = generate_totp_secret(), HouseMFAAdapter()
    Authenticator.objects.create(user=user, type="totp", data={"secret": adapter.encrypt_for(user, secret)})
    seed = adapter.encrypt_for(user, RecoveryCodes.generate_seed())
    Authenticator.objects.create(user=user, type="recovery_codes", data={"seed": seed, "used_mask": 0})
    return secret


def code_now(secret: str, periods_later: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods_later))


def sign_in(client: Client, user: User, secret: str = ""):
    """By the forms: passphrase, then code where ``secret`` is given. The last answer."""
    answer = client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    return client.post("/account/factors/code/", {"code": code_now(secret)}) if secret else answer
