"""What a passphrase must not be, beside Django's own list (B2)."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from shelter.accounts.models import User

LONGEST = 128
TOO_FEW_GUESSES = 10**9  # as zxcvbn counts them
MEASURED = 72  # characters: more of them cost zxcvbn time, and are past guessing


class NotTooLong:
    """Beyond this, hashing is a way to keep the server busy."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return _("At most %(limit)s characters.") % {"limit": LONGEST}


class NotSoonGuessed:
    """Nor one that whoever holds lists of leaked passphrases, names and keyboards would try early.

    Django's list holds what people choose with fewer characters than we ask for; zxcvbn's are searched piece by piece, so
    that ``iloveyou1234`` is found in them too. No rule of composition: three words that do not belong together pass.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        own = [*user.name.split(), *re.split(r"\W", user.email)] if user else []
        found = zxcvbn(password[:MEASURED], user_inputs=own)
        if found["guesses"] < TOO_FEW_GUESSES and any(map(_is_listed, found["sequence"])):
            raise ValidationError(
                _("This is among the first that would be tried. Take several words that do not belong together."),
                code="password_soon_guessed",
            )

    def get_help_text(self) -> str:
        return _("Not one that was leaked or is easily guessed: several words that do not belong together.")


def _is_listed(piece: dict[str, Any]) -> bool:
    """Whether this piece stands in a list, on a keyboard's row or in the alphabet, and is not only repeated."""
    pieces = piece.get("base_matches") or [piece]
    return any(each["pattern"] in {"dictionary", "spatial", "sequence"} for each in pieces)
