"""Lists as Excel files that say where they come from and that no cell can turn into a formula."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from shelter.http import Request, go_to

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

T = TypeVar("T")


class PurposeForm(forms.Form):
    """What ``{% export_button %}`` posts."""

    purpose = forms.CharField(label=gettext_lazy("What is the list for?"), max_length=200)


@dataclass(frozen=True)
class Column(Generic[T]):
    """A column of an export: its head, what it reads from a row, and its width in characters."""

    label: str | Promise
    value: Callable[[T], object]
    width: int = 16


def answer_export(
    request: Request, rows: Iterable[T], columns: Sequence[Column[T]], *, title: str, name: str, back: str
) -> HttpResponse:
    """To ``{% export_button %}``: the file, or the way ``back`` to the list when it was not said what it is for."""
    form = PurposeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what the list is for, and export again."))
        return go_to(request, f"{back}?{request.GET.urlencode()}")
    purpose = form.cleaned_data["purpose"]
    return export_xlsx(rows, columns, title=title, who=str(request.user), purpose=purpose, name=name)


def export_xlsx(
    rows: Iterable[T], columns: Sequence[Column[T]], *, title: str, who: str, purpose: str, name: str
) -> HttpResponse:
    """An .xlsx attachment ``name.xlsx``: one sheet with the rows, one that says who took them out, when and what for."""
    return attachment(workbook(rows, columns, title=title, who=who, purpose=purpose), name=name)


def attachment(content: bytes, *, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{get_valid_filename(name)}.xlsx"'
    return response


def workbook(rows: Iterable[T], columns: Sequence[Column[T]], *, title: str, who: str, purpose: str) -> bytes:
    """The file itself, built whole: rows are read once, inside the caller's transaction."""
    book = ListBook(columns, title=title, who=who, purpose=purpose)
    book.add(rows)
    return book.finish()


class ListBook(Generic[T]):
    """A workbook that rows are added to. Each printed page, and its first line, say who took it out, when and what for.

    ``filters``: by what the list was narrowed, in words.
    """

    def __init__(
        self,
        columns: Sequence[Column[T]],
        *,
        title: str,
        who: str,
        purpose: str,
        filters: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.columns, self.count, self.moment = columns, 0, timezone.localtime()
        self.title, self.who, self.purpose, self.filters = title, who, purpose, filters
        self.book = Workbook(write_only=True)
        self.sheet = self.book.create_sheet(_sheet_title(title))
        self.sheet.freeze_panes = "A3"
        self.sheet.print_title_rows = "1:2"
        for index, column in enumerate(columns, start=1):
            self.sheet.column_dimensions[get_column_letter(index)].width = column.width
        when = date_format(self.moment, "SHORT_DATETIME_FORMAT")
        mark = _("Taken out by %(who)s on %(when)s for: %(purpose)s") % {"who": who, "when": when, "purpose": purpose}
        self.sheet.oddHeader.center.text = _printed(f"{who} · {when}")
        self.sheet.oddFooter.center.text = _printed(purpose)
        self.sheet.oddFooter.right.text = "&P/&N"
        self.sheet.append([_cell(self.sheet, mark, bold=True)])
        self.sheet.append([_cell(self.sheet, column.label, bold=True) for column in columns])

    def add(self, rows: Iterable[T]) -> None:
        for row in rows:
            self.sheet.append([_cell(self.sheet, column.value(row)) for column in self.columns])
            self.count += 1

    def discard(self) -> None:
        """Leave nothing of an unfinished one: openpyxl keeps its rows in a temporary file."""
        self.sheet.close()
        self.sheet._writer.cleanup()

    def finish(self) -> bytes:
        self.sheet.auto_filter.ref = f"A2:{get_column_letter(len(self.columns))}{self.count + 2}"
        about = self.book.create_sheet(_sheet_title(_("About this file")))
        about.column_dimensions["A"].width, about.column_dimensions["B"].width = 24, 60
        facts: list[tuple[str, object]] = [
            (_("Content"), self.title),
            *self.filters,
            (_("Exported by"), self.who),
            (_("Exported on"), self.moment),
            (_("Purpose"), self.purpose),
            (_("Rows"), self.count),
        ]
        for label, value in facts:
            about.append([_cell(about, label, bold=True), _cell(about, value)])
        file = io.BytesIO()
        self.book.save(file)
        return file.getvalue()


def _printed(text: str) -> str:
    """Text of a page's head or foot: an ampersand would be a command to the printer, and 255 characters fit."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)[:120].replace("&", "&&")


def _cell(sheet: WriteOnlyWorksheet, value: object, *, bold: bool = False) -> Cell:
    """A cell that shows ``value``. Text stays text, whatever it begins with, also after someone edits the cell."""
    cell: Cell = WriteOnlyCell(sheet, _plain(value))  # type: ignore[arg-type]  # openpyxl's stubs know no dates
    if isinstance(cell.value, str):
        cell.data_type = "s"  # openpyxl takes "=…" for a formula
        cell.quotePrefix = cell.value.startswith(FORMULA_STARTS)
    if bold:
        cell.font = Font(bold=True)
    return cell


def _plain(value: object) -> str | int | float | bool | date | None:
    """What a spreadsheet knows: moments without a time zone (the house's), text without control characters."""
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if value is None or isinstance(value, (bool, int, float, date)):
        return value
    return ILLEGAL_CHARACTERS_RE.sub("", str(value))


def _sheet_title(title: str) -> str:
    """At most 31 characters, none of those that Excel forbids in a tab's name."""
    return "".join(" " if character in r"[]:*?/\\" else character for character in title)[:31]
