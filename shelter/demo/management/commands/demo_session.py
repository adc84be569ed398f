from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.management import BaseCommand, CommandError, CommandParser
from django.http import HttpRequest

from shelter.accounts.models import User


class Command(BaseCommand):
    help = "Print a signed-in session cookie of a demo user as NAME=VALUE, for checks from outside. Demo mode only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("A session for the asking exists in demo mode only (DEMO=yes).")
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {email}. `manage.py demo_accounts` lists those who do.")
        request = HttpRequest()
        request.session = SessionStore()
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        request.session.save()
        self.stdout.write(f"{settings.SESSION_COOKIE_NAME}={request.session.session_key}")
