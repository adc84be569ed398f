"""Says whether a file may be opened at all, before any spreadsheet library sees it (security requirements F1 and F2).

Type by content and by extension, size, members of the archive, what they unpack to, and how far the cells reach. A refusal
is a ``FileRefused`` with a sentence that says what to do.

Macros: ``.xlsm`` is accepted because teams keep rotas in it; its macros are neither read nor run, only cell values are.
A macro inside an ``.xlsx`` contradicts the file's own name and is refused, and so are Excel 4 macro sheets anywhere.
Links to other workbooks, embedded objects and document type definitions are always refused.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .types import FileRefused

MEGABYTE = 1024 * 1024
MAX_BYTES = 10 * MEGABYTE
MAX_UNPACKED = 80 * MEGABYTE
MAX_MEMBERS = 300
MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 100_000, 500, 3_000_000
MAX_LINES = 4 * MAX_ROWS  # lines of a text file: a record may hold line breaks

EXTENSIONS = {".xlsx": "xlsx", ".xlsm": "xlsx", ".ods": "ods", ".csv": "csv"}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
TEXT_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f]")
MARKUP = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|svg|script)", re.IGNORECASE)
FORBIDDEN_MEMBERS = (
    (re.compile(r"^xl/macrosheets/|^xl/dialogsheets/", re.IGNORECASE), "macro_sheet"),
    (re.compile(r"^xl/externallinks/", re.IGNORECASE), "external_link"),
    (re.compile(r"^xl/(embeddings|activex|ctrlprops)/|^objects?[ /]|/oleobject", re.IGNORECASE), "embedded_object"),
    (re.compile(r"^(basic|scripts)/", re.IGNORECASE), "macro"),
)
DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
NOT_UTF8 = re.compile(rb"""^\s*<\?xml[^>]*encoding=["'](?!utf-?8|us-ascii)""", re.IGNORECASE)
EXTERNAL_TARGET = re.compile(rb"""<Relationship\b[^>]*TargetMode=["']External["'][^>]*>""", re.IGNORECASE)
CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]{1,3})(\d+)["'][^>]*?(/?)>""")
CELL_COLUMN = re.compile(rb"""\br=["']([A-Z]{1,3})\d""")
CELL_TAG, ROW_TAG = re.compile(rb"<(?:\w+:)?c[\s/>]"), re.compile(rb"<(?:\w+:)?row[\s/>]")
ROW_NUMBER = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br=["'](\d+)["']""")

SENTENCES = {
    "empty": "The file is empty. Check that it was saved, then choose it again.",
    "no_value": "No cell of this file holds a value. Check that it is the right file.",
    "bytes": "The file is larger than 10 MB. Remove pictures or split it by year, then choose it again.",
    "unpacked": "The file unpacks to more than 80 MB. Copy the values into a new workbook and save that one.",
    "members": "The file holds too many parts. Copy the values into a new workbook and save that one.",
    "extent": "A sheet reaches beyond 100,000 rows, 500 columns or 3 million cells. "
    "Delete the empty rows and columns after the data, then save again.",
    "extension": "Only .xlsx, .xlsm, .ods and .csv files can be read. Open the file and save it as .xlsx.",
    "old_excel": "This is an old Excel file (.xls). Open it and save it as .xlsx.",
    "content": "The content does not match the name: this is not a workbook. Open it in a spreadsheet and save it as .xlsx.",
    "password": "The file is protected by a password. Remove the password in Excel, save, then choose it again.",
    "archive": "The file is damaged and cannot be opened. Open it in Excel, save a copy, and choose the copy.",
    "names": "The file's parts have odd or repeated names. Copy the values into a new workbook and save that one.",
    "encoding": "The file is written in an encoding that is not accepted. Save it again as .xlsx.",
    "macro": "The file contains macros. Save it as .xlsx without them, or keep the extension .xlsm.",
    "macro_sheet": "The file contains Excel 4 macro sheets. Copy the values into a new workbook and save that one.",
    "external_link": "The file links to other workbooks. In Excel: Data, Edit links, Break link; then save.",
    "external_target": "The file loads parts from elsewhere. Copy the values into a new workbook and save that one.",
    "embedded_object": "The file contains embedded objects. Remove them, or copy the values into a new workbook.",
    "dtd": "The file contains a document type definition, which is refused. Save it again from Excel.",
    "infected": "The virus scanner refuses this file. Tell the person who sent it to you.",
    "limits": "Reading the file took too much time or memory. Split it, or copy the values into a new workbook.",
    "unreadable": "The file could not be read. Open it in Excel, save a copy, and choose the copy.",
}  # fmt: skip
CODES = {
    "empty": "empty", "no_value": "empty", "bytes": "too_large", "unpacked": "too_large", "members": "too_large",
    "extent": "too_large", "limits": "too_large", "password": "password", "archive": "corrupt", "names": "corrupt",
    "encoding": "corrupt", "unreadable": "corrupt", "infected": "infected",
}  # fmt: skip


def refusal(detail: str) -> FileRefused:
    """The refusal of one rule. Rules without a code of their own say that this is no workbook to read."""
    return FileRefused(CODES.get(detail, "not_a_workbook"), SENTENCES[detail], detail=detail)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Admitted:
    """A file that may be opened: how it is written, and how many rows it has at most (for progress)."""

    form: str
    rows: int


def inspect(path: Path, name: str) -> Admitted:
    """Admit the file at ``path``, called ``name`` by the person who sent it, or raise ``FileRefused``."""
    size = path.stat().st_size
    if size == 0:
        raise refusal("empty")
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(OLE):  # old Excel, or a new one encrypted with a password
        raise refusal("password" if _is_encrypted(path, size) else "old_excel")
    form = EXTENSIONS.get(Path(name).suffix.lower())
    if form is None:
        raise refusal("extension")
    if size > MAX_BYTES:
        raise refusal("bytes")
    if form == "csv":
        return _inspect_text(path, head)
    if not head.startswith(b"PK"):
        raise refusal("content")
    return _inspect_archive(path, form, macros_allowed=name.lower().endswith(".xlsm"))


def _is_encrypted(path: Path, size: int) -> bool:
    """Office writes an encrypted workbook as an OLE file with a stream of this name."""
    if size > MAX_BYTES * 2:
        return False
    return "EncryptedPackage".encode("utf-16-le") in path.read_bytes()


def _inspect_text(path: Path, head: bytes) -> Admitted:
    if head.startswith((b"PK\x03\x04", b"%PDF", b"{\\rtf")) or MARKUP.match(head):
        raise refusal("content")
    data = path.read_bytes()
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")) and TEXT_CONTROLS.search(data):
        raise refusal("content")
    if not data.strip(b"\xef\xbb\xbf \t\r\n;,"):
        raise refusal("no_value")
    lines = data.count(b"\n") + 1
    if lines > MAX_LINES:
        raise refusal("extent")
    return Admitted("csv", lines)


def _inspect_archive(path: Path, form: str, *, macros_allowed: bool) -> Admitted:
    try:
        with zipfile.ZipFile(path) as archive:
            _inspect_members(archive, form, macros_allowed=macros_allowed)
            return Admitted(form, _inspect_parts(archive, form))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise refusal("archive") from error
    except RuntimeError as error:  # zipfile's word for an encrypted member
        raise refusal("password") from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        raise refusal("archive") from error


def _inspect_members(archive: zipfile.ZipFile, form: str, *, macros_allowed: bool) -> None:
    """The archive's table of contents: how much, under which names, and whether it is a workbook at all."""
    members = archive.infolist()
    names = [member.filename for member in members]
    if len(members) > MAX_MEMBERS:
        raise refusal("members")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise refusal("unpacked")
    if any(member.flag_bits & 0x1 for member in members):
        raise refusal("password")
    if len({name.lower() for name in names}) != len(names) or any(_is_odd(name) for name in names):
        raise refusal("names")
    for pattern, detail in FORBIDDEN_MEMBERS:
        if any(pattern.search(name) for name in names):
            raise refusal(detail)
    if not macros_allowed and any(name.lower().endswith("vbaproject.bin") for name in names):
        raise refusal("macro")
    _inspect_type(archive, set(names), form)


def _inspect_type(archive: zipfile.ZipFile, names: set[str], form: str) -> None:
    if form == "ods":
        is_spreadsheet = "mimetype" in names and archive.read("mimetype").strip().startswith(ODS_TYPE)
        if is_spreadsheet and "content.xml" not in names:
            raise refusal("archive")
    else:
        is_spreadsheet = "xl/workbook.xml" in names
        if not is_spreadsheet and "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
            raise refusal("archive")
    if not is_spreadsheet:
        raise refusal("content")


def _is_odd(name: str) -> bool:
    """Names that climb out of the archive, hide something, or that no office program writes."""
    parts = name.split("/")
    return (
        name.startswith(("/", "\\"))
        or "\\" in name
        or ".." in parts
        or ":" in name
        or len(name) > 200
        or any(ord(letter) < 32 for letter in name)
    )


def _inspect_parts(archive: zipfile.ZipFile, form: str) -> int:
    """Read every XML part once: no DTD, no odd encoding, nothing loaded from elsewhere; count how far cells reach."""
    rows = 0
    for member in archive.infolist():
        name = member.filename.lower()
        if not name.endswith((".xml", ".rels", ".vml", ".rdf")):
            continue
        reach = Reach()
        is_sheet = form == "xlsx" and name.startswith("xl/worksheets/") and name.endswith(".xml")
        for chunk in _chunks(archive, member):
            if DTD.search(chunk):
                raise refusal("dtd")
            if chunk.startswith((b"\xff\xfe", b"\xfe\xff")) or NOT_UTF8.match(chunk) or b"\x00" in chunk:
                raise refusal("encoding")
            if name.endswith(".rels") and any(b"hyperlink" not in link for link in EXTERNAL_TARGET.findall(chunk)):
                raise refusal("external_target")
            if name == "meta-inf/manifest.xml" and b"encryption-data" in chunk:
                raise refusal("password")
            if is_sheet:
                reach.add(chunk)
        if is_sheet and _reaches_too_far(archive, member, reach):
            raise refusal("extent")
        rows += reach.rows
    return rows


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo, size: int = MEGABYTE) -> Iterator[bytes]:
    """The member in pieces that end where a tag ends, so that no tag is cut in two."""
    rest = b""
    with archive.open(member) as stream:
        while piece := stream.read(size):
            piece = rest + piece
            cut = piece.rfind(b">") + 1
            if cut == 0 and len(piece) > 8 * size:  # no office program writes such a tag
                raise refusal("archive")
            rest = piece[cut:]
            yield piece[:cut]
    yield rest


class Reach:
    """How far a sheet's cells reach: the box around them. Those that do not say where they are stand one after another."""

    def __init__(self) -> None:
        self.rows, self.columns = 0, 0
        self.unplaced_rows, self.unplaced_cells, self.widest, self._in_this_row = 0, 0, 0, 0

    def add(self, chunk: bytes) -> None:
        columns, rows = CELL_COLUMN.findall(chunk), ROW_NUMBER.findall(chunk)
        self.columns = max([self.columns, *map(column_number, set(columns))])
        self.rows = max([self.rows, *map(int, rows)])
        self.unplaced_rows += len(ROW_TAG.findall(chunk)) - len(rows)
        unplaced = len(CELL_TAG.findall(chunk)) - len(columns)
        self.unplaced_cells += unplaced
        if unplaced > 0:
            self._measure_rows(chunk)

    def _measure_rows(self, chunk: bytes) -> None:
        for number, row in enumerate(ROW_TAG.split(chunk)):
            self._in_this_row = len(CELL_TAG.findall(row)) + (0 if number else self._in_this_row)
            self.widest = max(self.widest, self._in_this_row)

    def has_too_many_unplaced(self) -> bool:
        return self.unplaced_rows > MAX_ROWS or self.widest > MAX_COLUMNS or self.unplaced_cells > MAX_CELLS

    def is_too_far(self) -> bool:
        return self.rows > MAX_ROWS or self.columns > MAX_COLUMNS or self.rows * self.columns > MAX_CELLS


def _reaches_too_far(archive: zipfile.ZipFile, member: zipfile.ZipInfo, reach: Reach) -> bool:
    return reach.has_too_many_unplaced() or (reach.is_too_far() and _precise_reach(archive, member).is_too_far())


def _precise_reach(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Reach:
    """The same without cells that are only formatted: slower, asked only when the first look says "too far"."""
    reach = Reach()
    for chunk in _chunks(archive, member):
        filled = [(column, row) for column, row, closed in CELL.findall(chunk) if not closed]
        if filled:
            reach.columns = max(reach.columns, *map(column_number, {column for column, _ in filled}))
            reach.rows = max(reach.rows, *(int(row) for _, row in filled))
    return reach


def column_number(letters: bytes) -> int:
    """``A`` is 1, ``AA`` is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
