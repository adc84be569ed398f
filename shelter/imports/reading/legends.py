"""What a sheet says of its own colours, marks and codes: ``jaune = à confirmer``, ``H = hôpital``, ``M`` | ``7h - 15h``."""

import re
from dataclasses import dataclass, field

from residents.names import fold

from .colours import colour_name
from .grid import Grid
from .headings import hours_heading
from .types import Value
from .values.codes import text_of
from .vocabulary import plain, vocabulary

PAIR = re.compile(r"^\s*(.{0,40}?)\s*(?:=|:|→|->)\s*(\S.*)$", re.DOTALL)
# The first of these that a meaning mentions is what it means.
MEANINGS = ("out_of_order", "reserved", "doubt", "left", "absent", "off", "present", "free")
DEFAULT_COLOURS = {"red": "left", "yellow": "doubt"}
LONGEST = 120


@dataclass(slots=True)
class Legend:
    """Meanings by colour name, by mark and by shift code. ``rows`` are the rows that explain."""

    colours: dict[str, str] = field(default_factory=lambda: dict(DEFAULT_COLOURS))
    marks: dict[str, str] = field(default_factory=dict)
    shifts: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    strike: str = "left"
    rows: set[int] = field(default_factory=set)

    def of_mark(self, value: Value) -> str:
        """``present``, ``absent``, ``left``, ``doubt`` or empty, by this sheet's legend, else by common use."""
        text = text_of(value)
        key = plain(text)
        if "?" in text:
            return "doubt"
        if key in self.marks:
            return self.marks[key]
        if vocabulary().begins("doubt", text):
            return "doubt"
        if vocabulary().begins("left", text):
            return "left"
        if found := vocabulary().marks.get(key):
            return found
        first = key.split(" ")[0] if key else ""
        return vocabulary().marks.get(first, "absent" if vocabulary().begins("absent", text) else "")


def meaning_of(text: str) -> str:
    """Which of the known meanings a legend's words have; empty when none."""
    return next((meaning for meaning in MEANINGS if vocabulary().mentions(meaning, text)), "")


def read_legend(grid: Grid, rows: range, known: Legend, *, beside_table: bool) -> None:
    """Learn what ``rows`` explain. ``beside_table``: they belong to a table's area, so only plain legends count."""
    for row in rows:
        cells = grid.cells(row)
        if not cells or len(cells) > 4 or sum(len(text_of(value)) for _, value in cells) > 3 * LONGEST:
            continue
        if _learn(grid, row, cells, known, strict=beside_table):
            known.rows.add(row)


def _learn(grid: Grid, row: int, cells: list[tuple[int, Value]], known: Legend, *, strict: bool) -> bool:
    found = False
    for column, value in cells:
        text = text_of(value)
        if not isinstance(value, str) or len(text) > 2 * LONGEST:
            continue
        for part in re.split(r"[;\n|]|,(?=[^,=]*=)", text):
            pair = PAIR.match(part)
            if pair and _explain(grid, row, column, pair[1], pair[2], known):
                found = True
    if found or len(cells) > 3:
        return found
    return _two_cells(cells, known, strict=strict) or _coloured(grid, row, cells, known, strict=strict)


def _explain(grid: Grid, row: int, column: int, key: str, meaning: str, known: Legend) -> bool:
    """One ``key = meaning``; an empty key stands for the colour of the cell or of the one before it."""
    words = vocabulary()
    meant = meaning_of(meaning)
    hours = hours_heading(meaning)
    if not key.strip():
        colour = _colour_near(grid, row, column)
        if colour and meant:
            known.colours[colour] = meant
        return bool(colour) or text_of(grid.value(row, column)).startswith("=")
    learnt = False
    for single in re.split(r"\s+(?:ou|of|or|et|en|and)\s+|[,/]\s*|\s+", key.strip()) if len(key) <= 24 else [key]:
        name = words.colours.get(plain(single)) or words.colours.get(plain(key))
        if name == "strike":
            known.strike = meant or known.strike
            learnt = True
        elif name:
            if meant:
                known.colours[name] = meant
            learnt = True
        elif len(single) <= 4 and (hours or meant == "off"):
            known.shifts[plain(single)] = hours
            known.marks.setdefault(plain(single), "absent" if meant == "off" else "present")
            learnt = True
        elif len(single) <= 4 and meant in ("present", "absent", "doubt", "left"):
            known.marks[plain(single)] = meant
            learnt = True
    return learnt or (words.means("free", key) and len(meaning) < 40)


def _two_cells(cells: list[tuple[int, Value]], known: Legend, *, strict: bool) -> bool:
    """A code in one cell and its hours or meaning in the next."""
    if len(cells) not in (2, 3):
        return False
    code, meaning = text_of(cells[0][1]), " ".join(text_of(value) for _, value in cells[1:])
    if not 0 < len(code) <= 4 or code.isdigit():
        return False
    hours, meant = hours_heading(meaning), meaning_of(meaning)
    if hours or meant == "off":
        known.shifts[plain(code)] = hours
        return True
    if meant in ("present", "absent", "doubt", "left") and not strict:
        known.marks[plain(code)] = meant
        return True
    return False


def _coloured(grid: Grid, row: int, cells: list[tuple[int, Value]], known: Legend, *, strict: bool) -> bool:
    """A filled empty cell followed by words, or filled words, that mean something."""
    column, value = cells[0]
    text = text_of(value)
    meant = meaning_of(text)
    if len(cells) > 1 or not meant or len(text) > LONGEST:
        return False
    style = grid.style(row, column - 1)
    if style and style.fill and not grid.text(row, column - 1):
        known.colours[colour_name(style.fill)] = meant
        return True
    own = grid.style(row, column)
    if own and own.fill and not strict:
        known.colours[colour_name(own.fill)] = meant
        return True
    return False


def _colour_near(grid: Grid, row: int, column: int) -> str:
    for near in (column, column - 1, column - 2):
        style = grid.style(row, near)
        if style and style.fill:
            return colour_name(style.fill)
    return ""


def is_legend_title(text: str) -> bool:
    return bool(vocabulary().begins("legend", text)) and len(fold(text).split()) <= 4
