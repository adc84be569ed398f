"""What a parser gives."""

from typing import NamedTuple

from shelter.imports.reading.types import FieldValue


class Parsed(NamedTuple):
    """A value, or a problem, or neither (nothing was stated).

    ``value`` is ``None`` with ``stated`` when the cell says "unknown". ``problem`` is a reason code. ``flags`` go to the
    record. ``note`` is what else the cell says, for the record's note.
    """

    value: FieldValue = None
    problem: str = ""
    flags: tuple[str, ...] = ()
    note: str = ""
    stated: bool = False


NOTHING = Parsed()
