"""Reads .ods in one pass over ``content.xml``: values, styles, merges, comments, hidden parts.

A spreadsheet in this format repeats a million empty rows by a single element; repeats count only as far as values reach.
"""

import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, time
from pathlib import Path
from re import fullmatch
from xml.etree import ElementTree

from .guard import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, refusal
from .types import Merge, Sheet, Style, Value

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
FORMAT = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
CREATOR = ("{http://purl.org/dc/elements/1.1/}creator", "{http://purl.org/dc/elements/1.1/}date")
Rows = list[tuple[Value, ...]]


def sheets(path: Path) -> Iterator[tuple[Sheet, Rows]]:
    """Every sheet in order, hidden ones too, with its rows from row 1."""
    try:
        with zipfile.ZipFile(path) as archive:
            styles = Styles()
            if "styles.xml" in archive.namelist():
                with archive.open("styles.xml") as stream:
                    for _, element in ElementTree.iterparse(stream):  # noqa: S314 - the guard refused every DTD
                        styles.learn(element)
            with archive.open("content.xml") as stream:
                for _, element in ElementTree.iterparse(stream):  # noqa: S314 - the guard refused every DTD
                    styles.learn(element)
                    if element.tag == TABLE + "table":
                        yield _Table(element, styles).read()
                        element.clear()
    except (ElementTree.ParseError, KeyError, zipfile.BadZipFile) as error:
        raise refusal("unreadable") from error


class Styles:
    """The looks that named styles give, and which tables they hide."""

    def __init__(self) -> None:
        self.looks: dict[str, Style] = {}
        self.hidden_tables: set[str] = set()

    def learn(self, element: ElementTree.Element) -> None:
        if element.tag != STYLE + "style":
            return
        name = element.get(STYLE + "name", "")
        inherited = self.looks.get(element.get(STYLE + "parent-style-name", ""), Style())
        fill, strike, font, bold = inherited
        cell = element.find(STYLE + "table-cell-properties")
        if cell is not None and (value := cell.get(FORMAT + "background-color")):
            fill = _rgb(value)
        text = element.find(STYLE + "text-properties")
        if text is not None:
            if value := text.get(STYLE + "text-line-through-style") or text.get(STYLE + "text-line-through-type"):
                strike = value != "none"
            if value := text.get(FORMAT + "color"):
                font = _rgb(value)
            if value := text.get(FORMAT + "font-weight"):
                bold = value in ("bold", "600", "700", "800", "900")
        look = Style("" if fill == "FFFFFF" else fill, strike, "" if font == "000000" else font, bold)
        if look != Style():
            self.looks[name] = look
        table = element.find(STYLE + "table-properties")
        if table is not None and table.get(TABLE + "display") == "false":
            self.hidden_tables.add(name)


def _rgb(value: str) -> str:
    return value[1:].upper() if fullmatch(r"#[0-9A-Fa-f]{6}", value) else ""


class _Table:
    """Reads one table element."""

    def __init__(self, element: ElementTree.Element, styles: Styles) -> None:
        self.element, self.styles = element, styles
        hidden = element.get(TABLE + "style-name", "") in styles.hidden_tables
        self.sheet = Sheet(element.get(TABLE + "name", ""), hidden=hidden)
        self.rows: Rows = []
        self.gap = 0  # empty rows seen since the last value
        self.cells = 0
        self.column_styles: list[str] = []

    def read(self) -> tuple[Sheet, Rows]:
        for column in self.element.iter(TABLE + "table-column"):
            number = min(int(column.get(TABLE + "number-columns-repeated", 1)), MAX_COLUMNS)
            first = len(self.column_styles) + 1
            if column.get(TABLE + "visibility", "visible") != "visible":
                self.sheet.hidden_columns.update(range(first, first + number))
            self.column_styles += [column.get(TABLE + "default-cell-style-name", "")] * number
        for row in self.element.iter(TABLE + "table-row"):
            self._row(row)
        return self.sheet, self.rows

    def _row(self, row: ElementTree.Element) -> None:
        number = len(self.rows) + self.gap + 1
        repeated = int(row.get(TABLE + "number-rows-repeated", 1))
        values = self._values(row, number)
        if not any(value is not None for value in values):
            self.gap += repeated
            return
        if number + repeated - 1 > MAX_ROWS or len(values) > MAX_COLUMNS:
            raise refusal("extent")
        self.cells += len(values) * repeated
        if self.cells > MAX_CELLS:
            raise refusal("extent")
        self.rows += [()] * self.gap
        self.gap = 0
        self.rows += [tuple(values)] * repeated
        if row.get(TABLE + "visibility", "visible") != "visible":
            self.sheet.hidden_rows.update(range(number, number + repeated))

    def _values(self, row: ElementTree.Element, number: int) -> list[Value]:
        """The row's values as far as they reach; looks, merges and comments are noted on the way."""
        values: list[Value] = []
        empty = 0
        for cell in row:
            if cell.tag not in (TABLE + "table-cell", TABLE + "covered-table-cell"):
                continue
            repeated = int(cell.get(TABLE + "number-columns-repeated", 1))
            value = _value(cell)
            column = len(values) + empty + 1
            self._note(cell, row, number, column, min(repeated, MAX_COLUMNS))
            if value is None:
                empty += repeated
                continue
            if column + repeated - 1 > MAX_COLUMNS:
                raise refusal("extent")
            values += [None] * empty + [value] * repeated
            empty = 0
        return values

    def _note(
        self, cell: ElementTree.Element, row: ElementTree.Element, number: int, column: int, repeated: int
    ) -> None:
        inherited = self.column_styles[column - 1] if column <= len(self.column_styles) else ""
        name = cell.get(TABLE + "style-name") or row.get(TABLE + "default-cell-style-name") or inherited
        look = self.styles.looks.get(name)
        if look and repeated < 60:
            for further in range(repeated):
                self.sheet.styles[number, column + further] = look
        down, right = (
            int(cell.get(TABLE + "number-rows-spanned", 1)),
            int(cell.get(TABLE + "number-columns-spanned", 1)),
        )
        if down > 1 or right > 1:
            self.sheet.merges.append(Merge(number, column, number + down - 1, column + right - 1))
        note = cell.find(OFFICE + "annotation")
        if note is not None and (text := _paragraphs(note)):
            self.sheet.comments[number, column] = text
        if cell.get(TABLE + "formula"):
            self.sheet.formulas.add((number, column))
            shown = _paragraphs(cell)
            if shown.startswith(("#", "Err:")):
                self.sheet.faults[number, column] = shown
            elif _value(cell) is None and not shown:
                self.sheet.faults[number, column] = "no_value"
        runs = [(piece, self.styles.looks.get(span, Style()).strike) for piece, span in _spans(cell)]
        if len({struck for _, struck in runs}) == 2:
            self.sheet.runs[number, column] = runs


def _value(cell: ElementTree.Element) -> Value:
    """The cell's value by its declared type; text wins where the type is missing."""
    kind = cell.get(OFFICE + "value-type")
    if kind in ("float", "currency", "percentage"):
        number = float(cell.get(OFFICE + "value", "0"))
        return int(number) if number.is_integer() else number
    if kind == "date":
        with suppress(ValueError):
            moment = datetime.fromisoformat(cell.get(OFFICE + "date-value", ""))
            return moment.date() if moment.time() == time() else moment
    if kind == "time" and (
        found := fullmatch(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S", cell.get(OFFICE + "time-value", ""))
    ):
        hours, minutes, seconds = map(int, found.groups())
        if hours < 24 and minutes < 60 and seconds < 60:
            return time(hours, minutes, seconds)
    if kind == "boolean":
        return cell.get(OFFICE + "boolean-value") == "true"
    text = _paragraphs(cell)
    if cell.get(TABLE + "formula") and text.startswith(("#", "Err:")):
        return None
    return text or None


def _paragraphs(element: ElementTree.Element) -> str:
    """The text of an element, a line for each paragraph, without notes inside it and their author and date."""
    return "\n".join(
        "".join(_pieces(paragraph)) for paragraph in element.findall(TEXT + "p") if paragraph.tag not in CREATOR
    ).strip("\n")


def _pieces(element: ElementTree.Element) -> Iterator[str]:
    if element.tag == TEXT + "s":
        yield " " * int(element.get(TEXT + "c", 1))
    elif element.tag == TEXT + "tab":
        yield "\t"
    elif element.tag == TEXT + "line-break":
        yield "\n"
    yield element.text or ""
    for child in element:
        if child.tag != OFFICE + "annotation":
            yield from _pieces(child)
        yield child.tail or ""


def _spans(cell: ElementTree.Element) -> list[tuple[str, str]]:
    """(text, style name) of each piece of the cell's paragraphs; plain text has no style name."""
    found = []
    for paragraph in cell.findall(TEXT + "p"):
        found.append((paragraph.text or "", ""))
        for child in paragraph:
            found.append(("".join(_pieces(child)), child.get(TEXT + "style-name", "")))
            found.append((child.tail or "", ""))
    return [(text, style) for text, style in found if text.strip()]
