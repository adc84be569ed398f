"""The names of the house are the first words that anyone would try (B2)."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from shelter.accounts.models import User

SHORTEST_NAME = 4  # "Hub" hides in too many good words


class NoNameOfTheHouse:
    def validate(self, password: str, user: User | None = None) -> None:
        if any(name.casefold() in password.casefold() for name in self._names()):
            raise ValidationError(self.get_help_text(), code="password_names_the_house")

    def get_help_text(self) -> str:
        return _("Without the name of an organisation or a site.")

    def _names(self) -> Iterator[str]:
        """All of them, although whoever chooses a passphrase is signed out, and sees no site."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT sites_names()")
            return (name for (name,) in cursor.fetchall() if len(name) >= SHORTEST_NAME)
