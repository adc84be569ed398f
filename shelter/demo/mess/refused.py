"""Files that an importer has to refuse, with what each one is."""

import json
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl

OLE_HEADER = bytes.fromhex("d0cf11e0a1b11ae1")


def write_files(folder: Path) -> None:
    """A cut-off workbook, an empty file, a picture, a protected one, a workbook that unpacks without end; one sound."""
    sound = BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["Nom", "Prénom", "Nationalité"])
    book.active.append(["Diallo", "Mamadou", "Guinée"])
    book.save(sound)
    files = {
        "cut_off.xlsx": (sound.getvalue()[:900], ["corrupt"]),
        "nothing.xlsx": (b"", ["empty", "corrupt"]),
        "picture.xlsx": (b"\x89PNG\r\n\x1a\n" + bytes(400), ["not_a_workbook", "corrupt"]),
        "locked.xlsx": (_locked(), ["password"]),
        "swollen.xlsx": (_swollen(sound.getvalue()), ["too_large"]),
    }
    expected = []
    for name, (content, problems) in files.items():
        (folder / name).write_bytes(content)
        expected.append({"workbook": name, "file_error": problems})
    (folder / "expected.json").write_text(json.dumps({"files": expected}, indent=1), encoding="utf-8")


def _locked() -> bytes:
    """The outer shape of a workbook with a password: an OLE container that names an encrypted package."""
    name = "EncryptedPackage".encode("utf-16-le")
    return OLE_HEADER + bytes(504) + bytes(512) + name + bytes(1024)


def _swollen(workbook: bytes) -> bytes:
    """A sheet of zeros: a few hundred kilobytes that unpack to hundreds of megabytes."""
    swollen = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as source, zipfile.ZipFile(swollen, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name != "xl/worksheets/sheet1.xml":
                target.writestr(name, source.read(name))
        with target.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(b'<?xml version="1.0"?><worksheet><sheetData>')
            for _ in range(300):
                sheet.write(b" " * 1_000_000)
            sheet.write(b"</sheetData></worksheet>")
    return swollen.getvalue()
