"""How allauth behaves in this house (``ACCOUNT_ADAPTER``)."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

from shelter.accounts.models import User

DEMO_DOMAIN = "demo.example"  # sign-ins whose passphrase everyone may read


class HouseAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account is made by accepting an invitation."""
        return False

    def pre_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse | None:
        """Demo sign-ins open nothing in a real house, should a copy of the demo ever become one."""
        if user.email.endswith(f"@{DEMO_DOMAIN}") and not settings.DEMO:
            return redirect("account_inactive")
        refused: HttpResponse | None = super().pre_login(request, user, **options)
        return refused

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the reader's language, not in that of the page."""
        reader = context.get("user")
        with translation.override(reader.language if reader else translation.get_language()):
            super().send_mail(template_prefix, email, context)
