"""Exported files at rest: under random names outside the web root, each sealed with its export's key (F4)."""

import secrets
from pathlib import Path

from django.conf import settings

from shelter import sealed_files
from shelter.exports.models import Export


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "exports"


def keep(export: Export, content: bytes) -> str:
    """Seal the content and write it. The name it got."""
    name = secrets.token_hex(16)
    sealed_files.keep(folder() / name, export.data_key.seal(content, export.sealed_place("file")))
    return name


def content_of(export: Export) -> bytes:
    """Raises ``FileNotFoundError`` or ``vault.Unreadable`` once the file or its key is destroyed."""
    return export.data_key.open_sealed((folder() / export.stored_as).read_bytes(), export.sealed_place("file"))


def destroy(name: str) -> None:
    """Twice is once."""
    if name:
        (folder() / name).unlink(missing_ok=True)


def sweep() -> None:
    sealed_files.sweep(folder(), "exports_orphans")
