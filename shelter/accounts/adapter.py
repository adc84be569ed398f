"""How allauth behaves in this house (``ACCOUNT_ADAPTER``)."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from shelter.accounts.models import User
from shelter.accounts.second_factor import has_factor
from shelter.accounts.sessions import may_come_in
from shelter.accounts.step_up import stepped_up

DEMO_DOMAIN = "demo.example"  # sign-ins whose passphrase everyone may read


class HouseAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account is made by accepting an invitation."""
        return False

    def pre_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse | None:
        """Demo sign-ins open nothing in a real house, should a copy of the demo ever become one.

        Without a role now, before a shift or after the last day, there is nothing to sign in for but an invitation.
        """
        if user.email.endswith(f"@{DEMO_DOMAIN}") and not settings.DEMO:
            return redirect("account_inactive")
        if User.objects.get_queryset().filter(~Q(may_come_in("pk")), pk=user.pk, is_active=True).exists():
            return redirect(f"{reverse('account_inactive')}?why=no-role")
        refused: HttpResponse | None = super().pre_login(request, user, **options)
        return refused

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the reader's language, not in that of the page."""
        reader = context.get("user")
        with translation.override(reader.language if reader else translation.get_language()):
            super().send_mail(template_prefix, email, context)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        """By second factor only, the passkey first: a passphrase alone confirms nothing (B9)."""
        types = set(Authenticator.objects.filter(user=user.pk).values_list("type", flat=True))
        methods = []
        if Authenticator.Type.WEBAUTHN in types:
            methods.append(("mfa_reauthenticate:webauthn", "mfa_reauthenticate_webauthn"))
        if types - {Authenticator.Type.WEBAUTHN}:
            methods.append(("mfa_reauthenticate", "mfa_reauthenticate"))
        return [{"id": key, "description": key, "url": reverse(url_name)} for key, url_name in methods]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """The house's own rule, for what allauth asks about changes of factors; connecting Microsoft asked at its start."""
        request = context.request
        return app != "allauth.socialaccount" and has_factor(request.user) and not stepped_up(request)
