"""Reads .xlsx and .xlsm: values by calamine, everything that has a meaning beside them by a light scan of the XML.

The scan is made of byte patterns over each part, not of a tree: a sheet without colours costs almost nothing, and 100,000
rows are read in seconds. The guard has bounded every part's size, and parts are UTF-8 without a DTD.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from posixpath import dirname, join, normpath
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from .colours import Palette
from .guard import column_number, refusal
from .types import Merge, Position, Sheet, Style, Value

NAME = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
DECORATION = 50_000  # a look that more cells share is banding, not a meaning

SHEET_DATA_END = re.compile(rb"</(?:\w+:)?sheetData>")
HIDDEN_COLUMN = re.compile(rb"""<(?:\w+:)?col\b[^>]*\bhidden=["'](?:1|true)["'][^>]*>""")
HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\b(?=[^>]*\bhidden=["'](?:1|true)["'])[^>]*?\br=["'](\d+)["']""")
MIN, MAX = re.compile(rb"""\bmin=["'](\d+)["']"""), re.compile(rb"""\bmax=["'](\d+)["']""")
REF = rb"""\br=["']([A-Z]{1,3})(\d+)["']"""
STYLED = rb"""<(?:\w+:)?c\b(?=[^>]*?\bs=["'](%s)["'])[^>]*?""" + REF
ERROR = re.compile(
    rb"""<(?:\w+:)?c\b(?=[^>]*?\bt=["']e["'])[^>]*?"""
    + REF
    + rb"""[^>]*>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<""",
    re.DOTALL,
)
FORMULA = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?"""
    + REF
    + rb"""[^>/]*>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)\s*(<(?:\w+:)?v>[^<]+<|<(?:\w+:)?is>)?"""
)
BARE_WORDS = re.compile(r"\s*([^\W\d_]{2,}(?:[ '-]+[^\W\d_]+)*)\s*")
SHARED_STRING = rb"""<(?:\w+:)?c\b(?=[^>]*?\bt=["']s["'])[^>]*?""" + REF + rb"""[^>]*>\s*<(?:\w+:)?v>(%s)</"""
INLINE_STRUCK = re.compile(
    rb"<(?:\w+:)?c\b[^>]*?" + REF + rb"[^>]*>\s*(<is>(?:(?!</is>).)*?<strike(?:(?!</is>).)*?</is>)", re.DOTALL
)


def sheets(path: Path) -> Iterator[tuple[Sheet, Iterable[tuple[Value, ...]]]]:
    """Every worksheet in order, hidden ones too, with its rows from row 1."""
    try:
        book = CalamineWorkbook.from_path(path)
        with zipfile.ZipFile(path) as archive:
            parts = Parts(archive)
            for metadata in book.sheets_metadata:
                if metadata.typ is SheetTypeEnum.WorkSheet:
                    values = book.get_sheet_by_name(metadata.name)
                    sheet = parts.describe(metadata.name)
                    sheet.merges = [
                        Merge(a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in values.merged_cell_ranges or ()
                    ]
                    yield sheet, _rows(values)
    except PasswordError as error:
        raise refusal("password") from error
    except (CalamineError, ElementTree.ParseError, KeyError, zipfile.BadZipFile) as error:
        raise refusal("unreadable") from error


def _rows(values: CalamineSheet) -> Iterator[tuple[Value, ...]]:
    """The rows from A1 on. calamine gives the empty rows before the first value, but not the empty columns."""
    if values.start is None:
        return
    lead: tuple[Value, ...] = (None,) * values.start[1]
    for row in values.iter_rows():
        yield lead + tuple([_plain(value) for value in row])


def _plain(value: object) -> Value:
    """A cell's value: whole numbers without decimals, no empty texts."""
    if type(value) is float:
        return int(value) if value.is_integer() else value
    return None if value == "" else value  # type: ignore[return-value]


class Parts:
    """The parts of a workbook, by the names that its sheets have."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = set(archive.namelist())
        links = self._links("xl/workbook.xml")
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - the guard refused every DTD
        self.sheets = {
            sheet.get("name", ""): (links.get(sheet.get(LINK + "id", ""), ("", ""))[1], sheet.get("state", "visible"))
            for sheet in book.iter(NAME + "sheet")
        }
        properties = book.find(NAME + "workbookPr")
        self.date1904 = properties is not None and properties.get("date1904", "0") in ("1", "true")
        self.looks = self._looks()
        self.struck_strings = self._struck_strings()

    def describe(self, name: str) -> Sheet:
        """All but the values of the sheet called ``name``."""
        part, state = self.sheets.get(name, ("", "visible"))
        sheet = Sheet(name, hidden=state != "visible", date1904=self.date1904)
        if part not in self.names:
            return sheet
        xml = self.archive.read(part)
        sheet.hidden_rows = {int(row) for row in HIDDEN_ROW.findall(xml)} if b"hidden=" in xml else set()
        for column in HIDDEN_COLUMN.findall(xml):
            first, last = MIN.search(column), MAX.search(column)
            if first and last:
                sheet.hidden_columns.update(range(int(first[1]), min(int(last[1]), 500) + 1))
        sheet.styles = self._styles(xml)
        sheet.runs = self._runs(xml)
        self._find_formulas(sheet, xml)
        for kind, target in self._links(part).values():
            if kind.endswith("/comments") and target in self.names:
                sheet.comments |= self._comments(target)
        return sheet

    @staticmethod
    def _find_formulas(sheet: Sheet, xml: bytes) -> None:
        """Cells with a formula, and those whose value is missing or an error."""
        if b"<f" in xml or b":f>" in xml:
            for letters, row, formula, cached in FORMULA.findall(xml):
                at = (int(row), column_number(letters))
                sheet.formulas.add(at)
                if not cached:
                    sheet.faults[at] = "no_value"
                    if words := BARE_WORDS.fullmatch(formula.decode()):  # "= partie", typed as an explanation
                        sheet.mended[at] = f"= {words[1]}"
        for letters, row, error in ERROR.findall(xml):
            sheet.faults[int(row), column_number(letters)] = error.decode()

    def _styles(self, xml: bytes) -> dict[Position, Style]:
        """The cells with a look that may mean something."""
        if not self.looks:
            return {}
        pattern = re.compile(STYLED % b"|".join(str(number).encode() for number in self.looks))
        found = pattern.findall(xml)
        if len(found) > DECORATION:
            common = {
                number for number, count in Counter(number for number, *_ in found).items() if count > DECORATION // 4
            }
            found = [cell for cell in found if cell[0] not in common or self.looks[int(cell[0])].strike]
        return {(int(row), column_number(letters)): self.looks[int(number)] for number, letters, row in found}

    def _looks(self) -> dict[int, Style]:
        """The numbered cell formats that are filled, struck, coloured or bold."""
        if "xl/styles.xml" not in self.names:
            return {}
        root = ElementTree.fromstring(self.archive.read("xl/styles.xml"))  # noqa: S314 - the guard refused every DTD
        theme = self.archive.read("xl/theme/theme1.xml") if "xl/theme/theme1.xml" in self.names else b""
        palette = Palette(theme)
        fills = []
        for fill in root.iterfind(f"{NAME}fills/{NAME}fill"):
            pattern = fill.find(NAME + "patternFill")
            solid = pattern is not None and pattern.get("patternType", "none") not in ("none", "gray125")
            fills.append(palette.rgb(pattern.find(NAME + "fgColor")) if solid and pattern is not None else "")
        fonts = [
            (_is_on(font.find(NAME + "strike")), palette.rgb(font.find(NAME + "color")), _is_on(font.find(NAME + "b")))
            for font in root.iterfind(f"{NAME}fonts/{NAME}font")
        ]
        looks = {}
        for number, form in enumerate(root.iterfind(f"{NAME}cellXfs/{NAME}xf")):
            fill_id, font_id = int(form.get("fillId", 0)), int(form.get("fontId", 0))
            strike, colour, bold = fonts[font_id] if font_id < len(fonts) else (False, "", False)
            background = fills[fill_id] if fill_id < len(fills) else ""
            style = Style(
                "" if background == "FFFFFF" else background, strike, "" if colour == "000000" else colour, bold
            )
            if style != Style():
                looks[number] = style
        return looks

    def _struck_strings(self) -> dict[int, list[tuple[str, bool]]]:
        """Shared strings that are struck only in part, as runs."""
        if "xl/sharedStrings.xml" not in self.names:
            return {}
        xml = self.archive.read("xl/sharedStrings.xml")
        if b"<strike" not in xml:
            return {}
        root = ElementTree.fromstring(xml)  # noqa: S314 - the guard refused every DTD
        strings = ((number, _text_runs(item)) for number, item in enumerate(root.iterfind(NAME + "si")))
        return {number: runs for number, runs in strings if any(struck for _, struck in runs)}

    def _runs(self, xml: bytes) -> dict[Position, list[tuple[str, bool]]]:
        runs: dict[Position, list[tuple[str, bool]]] = {}
        if self.struck_strings:
            pattern = re.compile(SHARED_STRING % b"|".join(str(number).encode() for number in self.struck_strings))
            for letters, row, number in pattern.findall(xml):
                runs[int(row), column_number(letters)] = self.struck_strings[int(number)]
        if b"<strike" in xml:
            for letters, row, inline in INLINE_STRUCK.findall(xml):
                item = ElementTree.fromstring(b'<is xmlns="%s">' % NAME[1:-1].encode() + inline[4:])  # noqa: S314
                runs[int(row), column_number(letters)] = _text_runs(item)
        return runs

    def _comments(self, part: str) -> dict[Position, str]:
        """Notes on cells, without the author's name that Excel puts before them."""
        root = ElementTree.fromstring(self.archive.read(part))  # noqa: S314 - the guard refused every DTD
        authors = [author.text or "" for author in root.iter(NAME + "author")]
        comments = {}
        for comment in root.iter(NAME + "comment"):
            at = re.fullmatch(r"([A-Z]{1,3})(\d+)", comment.get("ref", ""))
            text = "".join(piece.text or "" for piece in comment.iter(NAME + "t")).strip()
            number = int(comment.get("authorId", -1))
            author = authors[number] if 0 <= number < len(authors) else ""
            if author and text.startswith(f"{author}:"):
                text = text[len(author) + 1 :].strip()
            if text.startswith("[Threaded comment]"):  # the note that old versions of Excel show in its place
                text = text.rsplit("Comment:", 1)[-1].strip()
            if at and text:
                comments[int(at[2]), column_number(at[1].encode())] = text
        return comments

    def _links(self, part: str) -> dict[str, tuple[str, str]]:
        """Relation id -> (its type, the part it names)."""
        rels = join(dirname(part), "_rels", part.rsplit("/", 1)[-1] + ".rels")
        if rels not in self.names:
            return {}
        root = ElementTree.fromstring(self.archive.read(rels))  # noqa: S314 - the guard refused every DTD
        found = {}
        for link in root:
            target = link.get("Target", "")
            target = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(part), target))
            found[link.get("Id", "")] = (link.get("Type", ""), target)
        return found


def _is_on(flag: ElementTree.Element | None) -> bool:
    return flag is not None and flag.get("val", "1") not in ("0", "false", "none")


def _text_runs(item: ElementTree.Element) -> list[tuple[str, bool]]:
    """The runs of a rich text: (text, struck)."""
    runs = []
    for run in item.iter(NAME + "r"):
        text = "".join(piece.text or "" for piece in run.iter(NAME + "t"))
        look = run.find(NAME + "rPr")
        runs.append((text, look is not None and _is_on(look.find(NAME + "strike"))))
    return runs
