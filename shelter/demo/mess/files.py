"""Writes pages to .xlsx, .xlsm, .ods and .csv, each as the usual office program would save them."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from shelter.demo.mess.page import Cell, Page, letters

MACRO_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
PLAIN_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def write_excel(path: Path, pages: list[Page]) -> None:
    """An .xlsx; named .xlsm it says so inside too, as a file that once had macros does."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for page in pages:
        sheet = book.create_sheet(page.name)
        for (row, column), cell in page.cells.items():
            _fill_in(sheet.cell(row, column), cell)
        for top, left, bottom, right in page.merges:
            sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        for row in page.hidden_rows:
            sheet.row_dimensions[row].hidden = True
        for column in page.hidden_columns:
            sheet.column_dimensions[letters(column)].hidden = True
        sheet.sheet_state = "hidden" if page.hidden else "visible"
    buffer = io.BytesIO()
    book.save(buffer)
    _rewrite(buffer, path, pages)


def _fill_in(target, cell: Cell) -> None:
    target.value = f"={cell.formula}" if cell.formula else cell.value
    if isinstance(cell.value, str) and cell.value.startswith("="):
        target.data_type = "s"
    if cell.number_format:
        target.number_format = cell.number_format
    if cell.fill:
        target.fill = PatternFill("solid", fgColor=f"FF{cell.fill}")
    if cell.strike or cell.bold:
        target.font = Font(strike=cell.strike, bold=cell.bold)
    if cell.comment:
        target.comment = Comment(cell.comment, "coordination")


def _rewrite(saved: io.BytesIO, path: Path, pages: list[Page]) -> None:
    """Give formulas their saved results, which openpyxl leaves out, and a macro workbook its type."""
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if path.suffix == ".xlsm" and name == "[Content_Types].xml":
                content = content.replace(PLAIN_TYPE, MACRO_TYPE)
            if match := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name):
                content = _with_results(content, pages[int(match[1]) - 1])
            target.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


def _with_results(xml: bytes, page: Page) -> bytes:
    text = xml.decode()
    for (row, column), cell in page.cells.items():
        if cell.formula and cell.value is not None:
            place = f'<c r="{letters(column)}{row}"'
            head, _, tail = text.partition(place)
            text = head + place + re.sub(r"<v\s*/>|<v></v>", f"<v>{cell.value}</v>", tail, count=1)
    return text.encode()


# --- OpenDocument ---------------------------------------------------------------------------------------------------

ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2" '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/">'
)
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest manifest:version="1.2" '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def write_opendocument(path: Path, pages: list[Page]) -> None:
    looks: dict[tuple[str, bool], str] = {}
    tables = "".join(_ods_table(page, looks) for page in pages)
    styles = (
        '<style:style style:name="hidden" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    for (fill, strike), name in looks.items():
        cell = f'<style:table-cell-properties fo:background-color="#{fill.lower()}"/>' if fill else ""
        words = '<style:text-properties style:text-line-through-style="solid"/>' if strike else ""
        styles += f'<style:style style:name="{name}" style:family="table-cell">{cell}{words}</style:style>'
    content = (
        f"{ODS_HEAD}<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as target:
        for name, text, how in (
            ("mimetype", ODS_TYPE, zipfile.ZIP_STORED),
            ("content.xml", content, zipfile.ZIP_DEFLATED),
            ("META-INF/manifest.xml", ODS_MANIFEST, zipfile.ZIP_DEFLATED),
        ):
            target.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), text, how)


def _ods_table(page: Page, looks: dict) -> str:
    height, width = page.extent
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in page.merges}
    covered = {
        (row, column)
        for top, left, bottom, right in page.merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }
    rows = []
    for row in range(1, height + 1):
        cells = "".join(_ods_cell(page, row, column, spans, covered, looks) for column in range(1, width + 1))
        folded = ' table:visibility="collapse"' if row in page.hidden_rows else ""
        rows.append(f"<table:table-row{folded}>{cells}</table:table-row>")
    hidden = ' table:style-name="hidden"' if page.hidden else ""
    columns = f'<table:table-column table:number-columns-repeated="{width}"/>'
    return f"<table:table table:name={quoteattr(page.name)}{hidden}>{columns}{''.join(rows)}</table:table>"


def _ods_cell(page: Page, row: int, column: int, spans: dict, covered: set, looks: dict) -> str:
    if (row, column) in covered:
        return "<table:covered-table-cell/>"
    cell = page.cells.get((row, column))
    attributes = ""
    if span := spans.get((row, column)):
        attributes += f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"'
    if cell is None:
        return f"<table:table-cell{attributes}/>"
    if cell.fill or cell.strike:
        look = looks.setdefault((cell.fill, cell.strike), f"look{len(looks)}")
        attributes += f' table:style-name="{look}"'
    if cell.formula:
        attributes += f" table:formula={quoteattr(f'of:={cell.formula}')}"
    typed, shown = _ods_value(cell)
    note = f"<office:annotation><text:p>{escape(cell.comment)}</text:p></office:annotation>" if cell.comment else ""
    lines = "".join(f"<text:p>{_ods_text(line)}</text:p>" for line in shown.split("\n")) if shown else ""
    return f"<table:table-cell{attributes}{typed}>{note}{lines}</table:table-cell>"


def _ods_value(cell: Cell) -> tuple[str, str]:
    value = cell.value
    if value is None:
        return "", ""
    if isinstance(value, date):
        return f' office:value-type="date" office:date-value="{value.isoformat()}"', f"{value:%d/%m/%Y}"
    if isinstance(value, int | float):
        return f' office:value-type="float" office:value="{value}"', str(value)
    return ' office:value-type="string"', str(value)


def _ods_text(line: str) -> str:
    """Leading, trailing and double spaces need an element of their own."""
    return re.sub(r"^ +| {2,}| +$", lambda match: f'<text:s text:c="{len(match[0])}"/>', escape(line))


# --- csv ------------------------------------------------------------------------------------------------------------


def write_csv(path: Path, pages: list[Page], *, delimiter: str, encoding: str) -> None:
    page = pages[0]
    height, width = page.extent
    with path.open("w", newline="", encoding=encoding, errors="replace") as target:
        writer = csv.writer(target, delimiter=delimiter, lineterminator="\r\n")
        for row in range(1, height + 1):
            writer.writerow(_csv_text(page.cells.get((row, column))) for column in range(1, width + 1))


def _csv_text(cell: Cell | None) -> str:
    if cell is None or cell.value is None:
        return ""
    return f"{cell.value:%d/%m/%Y}" if isinstance(cell.value, date | datetime) else str(cell.value)


WRITERS: dict[str, Callable[[Path, list[Page]], None]] = {
    "xlsx": write_excel,
    "xlsm": write_excel,
    "ods": write_opendocument,
}
