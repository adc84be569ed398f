"""Files that people bring: which kinds are kept, and whether a file is what its name says (F2)."""

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from casework.services.refusals import ContentDiffers, UnknownType, WithMacros


@dataclass(frozen=True)
class PaperType:
    """``recognises`` looks at the content alone."""

    suffix: str
    content_type: str
    recognises: Callable[[bytes], bool]

    @property
    def is_photo(self) -> bool:
        return self.content_type.startswith("image/")


def _begins(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(starts)


def _is_docx(content: bytes) -> bool:
    return {"[Content_Types].xml", "word/document.xml"} <= _members(content)


def _is_odt(content: bytes) -> bool:
    if "mimetype" not in _members(content):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return package.getinfo("mimetype").file_size < 100 and package.read("mimetype") == ODT.encode()
    except UNREADABLE:
        return False


# What zipfile raises of a broken, an encrypted and a strangely packed file, and of names in no known script.
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError)
ODT = "application/vnd.oasis.opendocument.text"
TYPES = {
    ".pdf": PaperType(".pdf", "application/pdf", _begins(b"%PDF-")),
    ".jpg": PaperType(".jpg", "image/jpeg", _begins(b"\xff\xd8\xff")),
    ".jpeg": PaperType(".jpg", "image/jpeg", _begins(b"\xff\xd8\xff")),
    ".png": PaperType(".png", "image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    ".docx": PaperType(".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _is_docx),
    ".odt": PaperType(".odt", ODT, _is_odt),
}
SUFFIXES = {kind.content_type: kind.suffix for kind in TYPES.values()}


def recognise(name: str, content: bytes) -> PaperType:
    """The type, by extension and by content. Raises ``UnknownType``, ``ContentDiffers``, ``WithMacros``."""
    kind = TYPES.get(PurePath(name).suffix.lower())
    if kind is None:
        raise UnknownType
    if not kind.recognises(content):
        raise ContentDiffers
    if any(member.endswith("vbaProject.bin") or member.startswith("Basic/") for member in _members(content)):
        raise WithMacros
    return kind


def _members(content: bytes) -> set[str]:
    """The names inside a package; none if it is no package."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return set(package.namelist())
    except UNREADABLE:
        return set()
