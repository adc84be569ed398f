"""The policy table in words that a data-protection officer can read aloud."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shelter.accounts.policy import MAY_GRANT, Grant, InfoClass, Mode, Role, grants


@dataclass(frozen=True)
class Word:
    """A mode: what a cell says, and what it means."""

    short: str | Promise
    meaning: str | Promise


MODES: Mapping[Mode, Word] = {
    Mode.WRITE: Word(pgettext_lazy("policy", "writes"), _("Reads it, adds to it and corrects it.")),
    Mode.READ: Word(pgettext_lazy("policy", "reads"), _("Reads it and changes nothing.")),
    Mode.SAFETY: Word(
        pgettext_lazy("policy", "instruction"), _("Sees the safety instruction to follow, never its cause.")
    ),
    Mode.NOTICE: Word(
        pgettext_lazy("policy", "notice"), _("Sees that a follow-up exists, who is responsible and the next date.")
    ),
    Mode.FIRST_NAME: Word(pgettext_lazy("policy", "first name"), _("Sees the first name and an initial.")),
    Mode.COUNTS: Word(pgettext_lazy("policy", "counts"), _("Sees numbers, and nobody behind them.")),
    Mode.OWN: Word(pgettext_lazy("policy", "own"), _("Sees what concerns themselves.")),
    Mode.BREAK_GLASS: Word(
        pgettext_lazy("policy", "emergency"), _("Closed. Opens in an emergency only, with a written reason.")
    ),
    Mode.STATE: Word(pgettext_lazy("policy", "bed state"), _("Sees whether a bed is in use, and never by whom.")),
}
LIMITS: Mapping[str, str | Promise] = {
    "tonight": _("tonight only"),
    "today": _("today only"),
    "intake": _("at intake"),
    "arrivals": _("of today's arrivals"),
    "7 days": _("for seven days"),
    "draft": _("as a draft"),
    "site": _("of the site"),
    "team": _("of the team"),
    "approve": _("and approves"),
    "by consent": _("if the person agrees"),
    "consent": _("if the person agrees"),
    "if evidence": _("what serves as evidence"),
    "minimal": _("the least needed"),
    "mediation": _("mediation only"),
    "outcome": _("what follows from a visit"),
    "instruction": _("the safety instruction"),
    "supervised": _("under supervision"),
    "own slots": _("of their own appointments"),
    "referred": _("of persons referred to them"),
    "sev. 3-4": _("severity 3 and 4"),
    "technical": _("the technical part"),
    "staff": _("about staff"),
    "data": _("about data"),
    "hours": _("of hours"),
}


# The table in two halves, as a screen is wide.
_PERSONS = list(InfoClass)[: list(InfoClass).index(InfoClass.ROTA)]
HALVES: Sequence[tuple[Promise, list[InfoClass]]] = (
    (_("About the people who are housed"), _PERSONS),
    (_("About the team and the house"), [kind for kind in InfoClass if kind not in _PERSONS]),
)


@dataclass(frozen=True)
class GrantInWords:
    grant: Grant

    @property
    def mode(self) -> str:
        """A name for style sheets."""
        return self.grant.mode.name.lower()

    @property
    def short(self) -> str:
        return str(MODES[self.grant.mode].short)

    @property
    def meaning(self) -> str:
        return str(MODES[self.grant.mode].meaning)

    @property
    def limit(self) -> str:
        return str(LIMITS[self.grant.limit]) if self.grant.limit else ""

    @property
    def assigned(self) -> str:
        return str(_("for the persons they follow")) if self.grant.assigned_only else ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.short, self.limit, self.assigned) if part)


@dataclass(frozen=True)
class Cell:
    info_class: InfoClass
    grants: tuple[GrantInWords, ...]

    def __str__(self) -> str:
        return ", ".join(map(str, self.grants)) or "–"


@dataclass(frozen=True)
class Row:
    """What one role may, class by class, and the roles it may give to others."""

    role: Role

    @property
    def cells(self) -> list[Cell]:
        table = grants()
        return [Cell(kind, tuple(GrantInWords(grant) for grant in table[self.role, kind])) for kind in InfoClass]

    @property
    def may_give(self) -> list[str]:
        return sorted(str(role.label) for role in MAY_GRANT.get(self.role, ()))


def rows(role: str = "") -> list[Row]:
    """The whole table, or the row of one role."""
    return [Row(one) for one in Role if role in ("", one)]
