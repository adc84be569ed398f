"""What a passphrase must not be, beside Django's own list (B2)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shelter.accounts.models import User

LONGEST = 128


class NotTooLong:
    """Beyond this, hashing is a way to keep the server busy."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return _("At most %(limit)s characters.") % {"limit": LONGEST}
