"""The names of the house are the first words that anyone would try (B2)."""

from collections.abc import Iterator
from itertools import chain

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shelter.accounts.models import User
from sites.models import Organisation, Site, SiteAlias

SHORTEST_NAME = 4  # "Hub" hides in too many good words


class NoNameOfTheHouse:
    def validate(self, password: str, user: User | None = None) -> None:
        if any(name.casefold() in password.casefold() for name in self._names()):
            raise ValidationError(self.get_help_text(), code="password_names_the_house")

    def get_help_text(self) -> str:
        return _("Without the name of an organisation or a site.")

    def _names(self) -> Iterator[str]:
        columns = (model.objects.values_list("name", flat=True) for model in (Organisation, Site, SiteAlias))
        return (name for name in chain.from_iterable(columns) if len(name) >= SHORTEST_NAME)
