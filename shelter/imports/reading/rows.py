"""Says which rows of a table are no data: titles inside it, headings once more, totals, legends, notes, templates."""

import re

from residents.names import fold

from .columns import Layout
from .grid import Grid, is_filled
from .legends import Legend, is_legend_title
from .types import Value
from .values.codes import text_of
from .values.dates import month_in
from .values.persons import looks_like_name
from .values.places import read_floor
from .vocabulary import vocabulary

LONG_NOTE = 60
NAME_FIELDS = ("name", "last_name", "first_name", "person")


def is_total(texts: list[str]) -> str:
    """``total`` or ``subtotal`` when one of a row's first texts says so."""
    words = vocabulary()
    for text in texts[:3]:
        folded = fold(text)
        letters = re.sub(r"\d+", " ", folded).split()
        if len(letters) > 7:
            continue
        for kind in ("subtotal", "total"):
            phrase = words.begins(kind, text)
            if phrase and (len(phrase) > 2 or folded == phrase or len(letters) > 1):
                return kind
    return ""


def is_section_title(text: str) -> bool:
    """A floor, a month, a week, a number and a name of a part: what stands between the rows of a table."""
    if len(text) > LONG_NOTE:
        return False
    words = fold(text).split()
    if not words or len(words) > 10:
        return False
    known = vocabulary()
    if read_floor(text, bare=False):
        return True
    month, year = month_in(text)
    if (month or year) and len(words) <= 4 and all(w in known.months or w.isdigit() for w in words):
        return True
    if known.begins("week", text) and len(words) > 1:
        return True
    if len(words) <= 2 and all(w in known.weekdays and len(w) > 3 for w in words):
        return True
    if (
        re.match(r"\s*(?:\d{1,2}|[ivx]{1,4}|[a-z])\s*[.)]\s+\S", text, re.IGNORECASE)
        and len(words) <= 8
        and text.isupper()
    ):
        return True
    return all(w in known.genders and len(w) > 2 for w in words)


def is_note(text: str) -> bool:
    """A sentence for readers: it begins like one, or is longer than any name."""
    if len(text) > LONG_NOTE and len(text.split()) >= 6:
        return True
    phrase = vocabulary().begins("note_start", text)
    return bool(phrase) and (
        re.match(r"^\W*[\w.]+(?:\s[\w]+)*\s*[:!–-]", text) is not None or len(fold(text).split()) >= 4
    )


def _is_empty_bed(text: str) -> bool:
    """What stands in the place of a name: nobody has this bed."""
    return any(vocabulary().means(category, text) for category in ("free", "out_of_order"))


class RowSorter:
    """Tells the rows of one table that are no data, and why."""

    def __init__(self, grid: Grid, layout: Layout, legend: Legend) -> None:
        self.grid, self.layout, self.legend = grid, layout, legend
        self.columns = range(layout.area.left, layout.area.right + 1)
        self.needed = [c for c, column in layout.columns.items() if column.field != "ignore"]
        self.names = [c for c in self.needed if layout.columns[c].field in NAME_FIELDS]
        self.headings = {c: fold(head.text) for c, head in layout.area.heads.items() if head.text}
        self.written = {
            text.strip().casefold() for head in layout.area.heads.values() for text in (head.text, head.group)
        }
        self.groups = {c: fold(head.group) for c, head in layout.area.heads.items() if head.group}

    def reason(self, row: int, cells: list[tuple[int, Value]]) -> str:
        """Why the row is no data; empty when it is. ``cells`` are its filled cells inside the table."""
        if self._repeats_heading(cells):
            return "repeated_header"
        texts = [text_of(value) for _, value in cells if isinstance(value, str)]
        if (kind := is_total(texts)) and self._may_be_total(cells):
            return kind
        if row in self.legend.rows and len(cells) <= 4 and not self._is_plainly_data(cells):
            return "legend"
        if len(cells) == 1:
            if why := self._lone(row, *cells[0]):
                return why
        elif self._is_wide(row) or (
            len(cells) == len(texts) == 2 and all(map(is_section_title, texts)) and not self._is_plainly_data(cells)
        ):
            return "section_title"
        if self._is_template(row, cells):
            return "empty_template_row"
        return ""

    def _repeats_heading(self, cells: list[tuple[int, Value]]) -> bool:
        quick = sum(isinstance(value, str) and value.strip().casefold() in self.written for _, value in cells)
        if quick < 2:
            return False
        same = sum(
            fold(text_of(v)) in (self.headings.get(c), self.groups.get(c))
            for c, v in cells
            if isinstance(v, str) and fold(v)
        )
        return same >= 2 and same >= 0.6 * len(cells)

    def _may_be_total(self, cells: list[tuple[int, Value]]) -> bool:
        """Not when the row also names a person or has a date: ``Nombre`` may be a name, ``occupé`` a bed's state."""
        text_columns = [c for c, v in cells if isinstance(v, str) and any(letter.isalpha() for letter in v)]
        if len(self.names) > 1 and all(is_filled(self._value(cells, c)) for c in self.names[:2]):
            second = text_of(self._value(cells, self.names[1]))
            return not looks_like_name(second)
        dates = sum(hasattr(v, "year") for _, v in cells)
        return dates == 0 and len(text_columns) <= max(4, len(cells) // 2)

    @staticmethod
    def _value(cells: list[tuple[int, Value]], column: int) -> Value:
        return next((value for c, value in cells if c == column), None)

    def _is_plainly_data(self, cells: list[tuple[int, Value]]) -> bool:
        """A row that fills columns of data, a name among them, is data even if it looks like an explanation."""
        filled = [c for c, _ in cells if c in self.needed]
        if any(c in self.names and _is_empty_bed(text_of(v)) for c, v in cells):
            return len(filled) >= 2
        return len(filled) >= 3 and any(c in self.names for c in filled)

    def _lone(self, row: int, column: int, value: Value) -> str:
        """What a row with a single cell is, when it is no data."""
        text = text_of(value)
        if not isinstance(value, str):
            return (
                "empty_template_row"
                if self.layout.columns.get(column, None) is None or column not in self.needed
                else ""
            )
        if is_legend_title(text) or row in self.legend.rows:
            return "legend"
        if self._is_wide(row) or is_section_title(text):
            return "section_title"
        if is_note(text):
            return "free_note"
        if fold(text) and all(word in vocabulary().kinds for word in [fold(text)]):
            return "section_title"
        field = self.layout.columns[column].field if column in self.layout.columns else "ignore"
        if not re.search(r"\w", text) and field != "note":
            return "separator"
        if (
            column not in self.names and field in ("ignore", "room", "bed", "floor", "place")
        ) or column not in self.layout.columns:
            return (
                "section_title"
                if len(text) <= LONG_NOTE and not any(ch.isdigit() for ch in text)
                else "free_note"
                if field == "ignore"
                else ""
            )
        if column in self.names and not looks_like_name(text) and not vocabulary().begins("free", text):
            return "free_note"
        if column in self.names and self._stands_out(row, column):
            return "section_title"
        return ""

    def _stands_out(self, row: int, column: int) -> bool:
        """A lone text that is bold or filled, where the rows of data around it are not."""
        style = self.grid.style(row, column)
        if not style or not (style.bold or style.fill):
            return False
        others = [
            self.grid.style(other, column)
            for other in range(self.layout.area.first, self.layout.area.first + 12)
            if other != row
        ]
        return (
            sum(bool(other and other.bold == style.bold and other.fill == style.fill) for other in others)
            <= len(others) // 3
        )

    def _is_wide(self, row: int) -> bool:
        """A cell merged over most of the table."""
        width = len(self.layout.area.heads)
        return (
            any(
                merge.right - merge.left + 1 >= max(3, 0.5 * width) and merge.left <= self.layout.area.left + 2
                for merge in self.grid.wide.get(row, ())
            )
            and len(self.grid.cells(row)) <= 2
        )

    def _is_template(self, row: int, cells: list[tuple[int, Value]]) -> bool:
        """Only running numbers, formulas, or cells of columns that need no import."""
        formulas = self.grid.sheet.formulas
        return all(
            (row, column) in formulas or column not in self.needed or not re.search(r"\w", text_of(value))
            for column, value in cells
        ) and not any(column in self.names and re.search(r"\w", text_of(value)) for column, value in cells)
