"""Hostile and broken files: each is refused with a sentence, and no spreadsheet library sees it."""

import io
import json
import struct
import zipfile
import zlib

import openpyxl
import pytest

from shelter.imports.reading import guard, reader
from shelter.imports.reading.reader import read_file
from shelter.imports.reading.types import FileRefused


def workbook(rows=(("Nom", "Prénom"), ("DIALLO", "Awa"))) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_parts(parts: dict[str, bytes], *, base: bytes | None = None) -> bytes:
    """A sound workbook with ``parts`` added or put in place of its own."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(base or workbook())) as sound,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for name in sound.namelist():
            if name not in parts:
                out.writestr(name, sound.read(name))
        for name, data in parts.items():
            out.writestr(name, data)
    return stream.getvalue()


def with_sheet(body: str, head: str = "") -> bytes:
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<worksheet xmlns="http://schemas.openxmlformats.org/'
        f'spreadsheetml/2006/main"><sheetData>{body}</sheetData></worksheet>'
    )
    return with_parts({"xl/worksheets/sheet1.xml": xml.encode()})


def cell(reference: str, row: int) -> str:
    return f'<row r="{row}"><c r="{reference}" t="inlineStr"><is><t>x</t></is></c></row>'


def with_duplicate_member() -> bytes:
    stream = io.BytesIO(workbook())
    with zipfile.ZipFile(stream, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    return stream.getvalue()


def with_encrypted_flag() -> bytes:
    data = bytearray(workbook())
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<H", data, at + 8, struct.unpack_from("<H", data, at + 8)[0] | 1)
    return bytes(data)


def with_broken_checksum() -> bytes:
    data = bytearray(workbook())
    at = data.find(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml") + 20
    for position in range(at, at + 40):
        data[position] ^= 0xFF
    return bytes(data)


def bomb() -> bytes:
    """90 MB of one letter in a few kilobytes."""
    return with_sheet(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"a" * 90_000_000}</t></is></c></row>')


def ods(content: bytes, manifest: bytes = b"<manifest/>") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        out.writestr("content.xml", content)
        out.writestr("META-INF/manifest.xml", manifest)
    return stream.getvalue()


EXTERNAL = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r9" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
    b'Target="http://example.invalid/x.png" TargetMode="External"/></Relationships>'
)


def with_a_lie_about_size() -> bytes:
    """The bomb, whose own table of contents says that it is small."""
    data = bytearray(bomb())
    name = b"xl/worksheets/sheet1.xml"
    for signature, size_at, name_at in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        at = data.find(signature)
        while data[at + name_at : at + name_at + len(name)] != name:
            at = data.find(signature, at + 1)
        struct.pack_into("<I", data, at + size_at, 1000)
    return bytes(data)


OLE_ENCRYPTED = guard.OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
HOSTILE = {
    "no bytes": ("x.xlsx", b"", "empty"),
    "only spaces": ("x.csv", b" \r\n ;;\r\n", "empty"),
    "a workbook without a value": ("x.xlsx", workbook(rows=()), "empty"),
    "a text called workbook": ("x.xlsx", b"hello", "not_a_workbook"),
    "a PDF called workbook": ("x.xlsx", b"%PDF-1.7 ...", "not_a_workbook"),
    "a web page called table": ("x.csv", b"<!DOCTYPE html><html></html>", "not_a_workbook"),
    "a workbook called table": ("x.csv", workbook(), "not_a_workbook"),
    "binary called table": ("x.csv", b"a;b\n\x00\x01\x02", "not_a_workbook"),
    "another extension": ("x.docx", workbook(), "not_a_workbook"),
    "no extension": ("liste", workbook(), "not_a_workbook"),
    "another archive": ("x.xlsx", with_parts({}, base=ods(b"<x/>")), "not_a_workbook"),
    "old Excel": ("x.xls", guard.OLE + b"\0" * 2000, "not_a_workbook"),
    "encrypted by Excel": ("x.xlsx", OLE_ENCRYPTED, "password"),
    "encrypted member": ("x.xlsx", with_encrypted_flag(), "password"),
    "encrypted ods": ("x.ods", ods(b"<x/>", b"<manifest:encryption-data/>"), "password"),
    "cut off": ("x.xlsx", workbook()[:2500], "corrupt"),
    "a flipped byte": ("x.xlsx", with_broken_checksum(), "corrupt"),
    "not XML inside": ("x.xlsx", with_sheet("<row><c></row>"), "corrupt"),
    "duplicate member": ("x.xlsx", with_duplicate_member(), "corrupt"),
    "a name that climbs": ("x.xlsx", with_parts({"../../etc/cron": b""}), "corrupt"),
    "a name with a backslash": ("x.xlsx", with_parts({"xl\\odd.xml": b""}), "corrupt"),
    "an absolute name": ("x.xlsx", with_parts({"/etc/passwd": b""}), "corrupt"),
    "UTF-16 inside": ("x.xlsx", with_parts({"docProps/app.xml": "<x/>".encode("utf-16")}), "corrupt"),
    "an ods without content": ("x.ods", ods(b"not xml at all"), "corrupt"),
    "macros under .xlsx": ("x.xlsx", with_parts({"xl/vbaProject.bin": b"x"}), "not_a_workbook"),
    "Excel 4 macros": ("x.xlsm", with_parts({"xl/macrosheets/sheet1.xml": b"<x/>"}), "not_a_workbook"),
    "external links": ("x.xlsx", with_parts({"xl/externalLinks/externalLink1.xml": b"<x/>"}), "not_a_workbook"),
    "parts from elsewhere": ("x.xlsx", with_parts({"xl/worksheets/_rels/sheet1.xml.rels": EXTERNAL}), "not_a_workbook"),
    "embedded objects": ("x.xlsx", with_parts({"xl/embeddings/oleObject1.bin": b"x"}), "not_a_workbook"),
    "ActiveX": ("x.xlsm", with_parts({"xl/activeX/activeX1.xml": b"<x/>"}), "not_a_workbook"),
    "a DTD": ("x.xlsx", with_sheet("", head='<!DOCTYPE x [<!ENTITY a "b">]>'), "not_a_workbook"),
    "a DTD in an ods": ("x.ods", ods(b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"), "not_a_workbook"),
    "too many parts": ("x.xlsx", with_parts({f"xl/p{n}.xml": b"<x/>" for n in range(301)}), "too_large"),
    "a bomb": ("x.xlsx", bomb(), "too_large"),
    "a bomb that calls itself small": ("x.xlsx", with_a_lie_about_size(), "corrupt"),
    "rows without a number": ("x.xlsx", with_sheet("<row></row>" * 100_001), "too_large"),
    "cells without a place": ("x.xlsx", with_sheet(f"<row>{'<c/>' * 501}</row>"), "too_large"),
    "a name with a drive": ("x.xlsx", with_parts({"C:/x.xml": b""}), "corrupt"),
    "two cells in far corners": ("x.xlsx", with_sheet(cell("A1", 1) + cell("XFD1048576", 1048576)), "too_large"),
    "too many rows": ("x.xlsx", with_sheet(cell("A100001", 100001)), "too_large"),
    "too many columns": ("x.xlsx", with_sheet(cell("ZZZ1", 1)), "too_large"),
    "too many lines": ("x.csv", b"a;b\n" * 110_000, "too_large"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data", "code"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused(name, data, code, tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(data)
    with pytest.raises(FileRefused) as refused:
        read_file(path, name=name)
    assert refused.value.code == code
    assert refused.value.message == guard.SENTENCES[refused.value.detail]


def test_a_file_beyond_ten_megabytes_is_refused_unread(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(b"PK\x03\x04" + zlib.compress(b"") + b"\0" * guard.MAX_BYTES)
    with pytest.raises(FileRefused) as refused:
        guard.inspect(path, "x.xlsx")
    assert refused.value.detail == "bytes"


def test_the_values_of_an_xlsm_are_read_and_its_macros_are_not(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(with_parts({"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 Sub Auto_Open()"}))
    book = read_file(path, name="planning.xlsm")
    assert book.sheets[0].rows[1] == ("DIALLO", "Awa")


def test_formatted_cells_far_below_do_not_count_as_reach(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(with_sheet(cell("A1", 1) + '<row r="1048576"><c r="A1048576" s="0"/></row>'))
    assert read_file(path, name="x.xlsx").sheets[0].rows[0] == ("x",)


def test_a_hyperlink_is_text_and_no_part_from_elsewhere(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(with_parts({"xl/worksheets/_rels/sheet1.xml.rels": EXTERNAL.replace(b"/image", b"/hyperlink")}))
    assert read_file(path, name="x.xlsx").row_count == 2


def test_rows_and_cells_without_a_place_are_read_one_after_another(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(with_sheet('<row><c t="inlineStr"><is><t>x</t></is></c></row>' * 2))
    assert read_file(path, name="x.xlsx").sheets[0].rows == [("x",), ("x",)]


CHILD = """import json, os, resource, signal, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from reading import child

def look(path, name):
    {look}

child.guard.inspect = look
{before}
child.main(sys.argv[2], sys.argv[3])
"""
SEEN = """limits = [resource.getrlimit(kind) for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU)]
    Path(path).write_text(json.dumps([dict(os.environ), *limits]))"""


def test_the_child_has_its_limits_and_none_of_our_secrets(tmp_path, monkeypatch):
    """F3."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://maisonnee_app:secret@/maisonnee")
    monkeypatch.setenv("VAULT_KEYS", "ring:secret")
    monkeypatch.setattr(reader, "START", CHILD.format(look=SEEN, before=""))
    path = tmp_path / "upload"
    with pytest.raises(FileRefused):
        read_file(path, name="x.xlsx")
    environment, memory, processor = json.loads(path.read_text())
    assert environment.keys() <= {"PYTHONIOENCODING", "LC_ALL", "LC_CTYPE"}
    assert (memory, processor) == ([1024**3, 1024**3], [60, 65])


@pytest.mark.parametrize(
    ("look", "before"),
    [
        ("bytearray(2 * 1024**3)", ""),
        ("while True: pass", "child.CPU_SECONDS = 1"),
        ("os.kill(os.getpid(), signal.SIGKILL)", ""),
        ("os._exit(0)", ""),
    ],
    ids=["memory", "processor", "killed", "silent"],
)
def test_the_death_of_the_child_is_a_refused_file(look, before, tmp_path, monkeypatch):
    """F3: whoever asked goes on."""
    monkeypatch.setattr(reader, "START", CHILD.format(look=look, before=before))
    path = tmp_path / "upload"
    path.write_bytes(workbook())
    with pytest.raises(FileRefused) as refused:
        read_file(path, name="x.xlsx")
    assert refused.value.detail == "limits"
