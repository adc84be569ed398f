"""Rules that the database holds, told to people."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import ClassVar

import psycopg
from django.db import IntegrityError, transaction
from django.db.models import Func, TextField
from django.utils.functional import Promise

WITHOUT_ACCENTS = r"regexp_replace(normalize(lower(%(expressions)s), NFD), '[\u0300-\u036f]', '', 'g')"


class DomainError(Exception):
    """A refusal that a person reads. ``field`` is the form field it belongs to; ``None`` is the form as a whole.

    Subclasses set both; a refusal that must name something passes its own ``message``.
    """

    field: ClassVar[str | None] = None
    message: str | Promise

    def __init__(self, message: str | Promise | None = None) -> None:
        if message is not None:
            self.message = message
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


@contextmanager
def violations_raise(refusals: Mapping[str, type[DomainError]]) -> Iterator[None]:
    """Turn the violation of a named constraint into its domain error. Any other passes through."""
    try:
        with transaction.atomic():  # a savepoint, so the caller's transaction stays usable
            yield
    except IntegrityError as error:
        cause = error.__cause__
        violated = cause.diag.constraint_name if isinstance(cause, psycopg.IntegrityError) else None
        if violated and violated in refusals:
            raise refusals[violated] from error
        raise


def violation_raises(constraint: str, refusal: type[DomainError]) -> AbstractContextManager[None]:
    """``violations_raise`` for one constraint."""
    return violations_raise({constraint: refusal})


def by_name(field: str) -> Func:
    """Sorts as people do, Hôtel beside Hotel: the server's own order goes by codes, and É comes after Z."""
    return Func(field, template=WITHOUT_ACCENTS, output_field=TextField())
