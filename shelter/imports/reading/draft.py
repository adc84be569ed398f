"""A record while its row is being read."""

from dataclasses import dataclass, field

from .grid import column_letters
from .types import FieldValue, Kind, Reason, Record, Source
from .values.parsed import Parsed


@dataclass(slots=True)
class Draft:
    """Collects the fields, flags, sources and reasons of one record."""

    row: int
    fields: dict[str, FieldValue] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    cells: dict[str, Source] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)
    ambiguous: list[Reason] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def put(self, name: str, parsed: Parsed, source: Source) -> None:
        """Take over what a cell was parsed to: its value, or its problem, its flags and its words aside."""
        if parsed.problem:
            self.refuse(parsed.problem, name, source)
        elif parsed.value is not None or parsed.stated:
            if name in self.fields and self.fields[name] is not None:
                return
            self.fields[name] = parsed.value
            self.cells[name] = source
        if parsed.flags:
            self.flag(*parsed.flags)
        if parsed.note:
            self.note(parsed.note)

    def refuse(self, code: str, name: str, source: Source, **params: str) -> None:
        """Note an error of one cell. The record stands without the field."""
        shown = "" if source.raw is None else str(source.raw)
        self.reasons.append(Reason(code, name, column_letters_of(source), {"value": shown, **params}))
        self.cells.setdefault(name, source)

    def flag(self, *flags: str) -> None:
        self.flags += [flag for flag in flags if flag not in self.flags]

    def note(self, text: str) -> None:
        text = text.strip()
        if text and text not in self.notes:
            self.notes.append(text)

    def finish(self, kind: Kind, column: int) -> Record:
        """The record. Notes from several columns and comments are joined."""
        if self.notes and kind != "room":
            own = self.fields.get("note")
            texts = [str(own)] if own else []
            self.fields["note"] = " · ".join(texts + [note for note in self.notes if note not in texts])
        return Record(kind, self.fields, self.flags, self.cells, column=column_letters(column))


def column_letters_of(source: Source) -> str:
    return source.column
