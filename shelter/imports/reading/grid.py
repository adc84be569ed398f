"""A sheet with what its merges and styles mean, asked cell by cell."""

import re
from collections import Counter
from functools import lru_cache

from .colours import colour_name
from .types import Merge, Position, Sheet, Style, Value
from .values.codes import text_of

# What office programs show for a formula that failed, where a file keeps it as text (csv, OpenDocument).
FAILED_FORMULA = re.compile(
    r"#(?:REF|N/A|NV|DIV/0|VALUE|VALEUR|WAARDE|NAME|NOM|NAAM|NUM|NULL|VERW|GETAL)[!?]?", re.IGNORECASE
)
INVISIBLE_ONLY = " \t\r\n\u00a0\u200b\u200e\u200f\ufeff"


@lru_cache(maxsize=2048)
def column_letters(number: int) -> str:
    """1 is ``A``, 27 is ``AA``."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def is_filled(value: Value) -> bool:
    """Whether a cell holds anything but spaces."""
    return value is not None and not (isinstance(value, str) and not value.strip(INVISIBLE_ONLY))


def is_failed_formula(value: Value) -> bool:
    return isinstance(value, str) and FAILED_FORMULA.fullmatch(value.strip()) is not None


class Grid:
    """A sheet, with rows and columns counted from 1."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.height = len(sheet.rows)
        self.down: dict[Position, Position] = {}  # a covered cell -> the cell above whose value holds for it
        self.wide: dict[int, list[Merge]] = {}  # row -> merges that begin there and span columns
        for merge in sheet.merges:
            if merge.right > merge.left:
                self.wide.setdefault(merge.top, []).append(merge)
            for row in range(merge.top + 1, min(merge.bottom, self.height) + 1):
                self.down[row, merge.left] = (merge.top, merge.left)
        self._rows: dict[int, list[tuple[int, Value]]] = {}
        self.styled = {row for row, _ in sheet.styles}
        self.valueless = {row for row, _ in sheet.faults}  # rows that hold a formula or an error without a value
        for (row, column), text in sheet.mended.items():
            cells = list(sheet.rows[row - 1]) if row <= self.height else []
            cells += [None] * (column - len(cells))
            cells[column - 1] = text
            if row <= self.height:
                sheet.rows[row - 1] = tuple(cells)

    def cells(self, row: int) -> list[tuple[int, Value]]:
        """The filled cells of a row: (column, value)."""
        found = self._rows.get(row)
        if found is None:
            cells = self.sheet.rows[row - 1] if 0 < row <= self.height else ()
            found = [(column, value) for column, value in enumerate(cells, 1) if is_filled(value)]
            if len(self._rows) < 5000:
                self._rows[row] = found
        return found

    def is_empty(self, row: int) -> bool:
        cells = self.sheet.rows[row - 1] if 0 < row <= self.height else ()
        return row not in self.valueless and not any(is_filled(value) for value in cells)

    def value(self, row: int, column: int) -> Value:
        """The cell's own value."""
        cells = self.sheet.rows[row - 1] if 0 < row <= self.height else ()
        return cells[column - 1] if 0 < column <= len(cells) else None

    def text(self, row: int, column: int) -> str:
        return text_of(self.value(row, column))

    def origin(self, row: int, column: int) -> Position:
        """Where the value of a cell stands: above, when the cell is covered by a merge."""
        return self.down.get((row, column), (row, column))

    def group(self, row: int, column: int) -> tuple[str, Merge | None]:
        """The text over a column in a header row, and the merge it comes from: ``Identité`` over two columns."""
        for merge in self.wide.get(row, ()):
            if merge.left <= column <= merge.right:
                return self.text(row, merge.left), merge
        return self.text(row, column), None

    def style(self, row: int, column: int) -> Style | None:
        return self.sheet.styles.get((row, column))

    def look(self, row: int, columns: list[int]) -> tuple[str, bool]:
        """(colour name, struck) of a row: what most of its filled cells in ``columns`` show."""
        if row not in self.styled:
            return "", False
        fills: Counter[str] = Counter()
        struck = shown = 0
        for column in columns:
            style = self.sheet.styles.get((row, column))
            filled = is_filled(self.value(row, column))
            shown += filled
            if style:
                struck += style.strike and filled
                if style.fill:
                    fills[colour_name(style.fill)] += 1
                elif style.font and filled and colour_name(style.font) == "red":
                    fills["red text"] += 1
        colour, count = fills.most_common(1)[0] if fills else ("", 0)
        return (colour if count * 2 > shown or count >= 3 else ""), shown > 0 and struck * 2 >= shown
