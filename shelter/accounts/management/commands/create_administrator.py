import os
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.forms import ValidationError
from django.urls import reverse

from shelter.accounts.models import Membership
from shelter.accounts.policy import Role
from shelter.accounts.services import invite_administrator


class Command(BaseCommand):
    help = "Make a platform administrator: prints a link, good once within 72 hours, to choose a passphrase."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--another", action="store_true", help="although the house has an administrator already")
        parser.add_argument("--address", default=house_address(), help="where the house answers; now: %(default)s")

    def handle(self, *args: Any, email: str, name: str, another: bool, address: str, **options: Any) -> None:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email} is not an e-mail address.") from error
        if not another and Membership.objects.valid().filter(role=Role.PLATFORM_ADMIN).exists():
            raise CommandError("The house has a platform administrator already. For one more, add --another.")
        _invitation, token = invite_administrator(email=email, name=name)
        path = reverse("accounts:open_invitation", kwargs={"token": token})
        self.stdout.write(f"Open this link within 72 hours to choose a passphrase:\n{address.rstrip('/')}{path}")


def house_address() -> str:
    """Where browsers reach this house, as far as the settings tell."""
    host = settings.ALLOWED_HOSTS[0]
    return f"https://{host}" if settings.HTTPS else f"http://{host}:{os.environ.get('PORT') or 8000}"
