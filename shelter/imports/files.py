"""Uploaded workbooks at rest: under random names outside the web root, sealed with their import's key (F4)."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from shelter import sealed_files
from shelter.imports.models import ImportFile


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def keep(file: ImportFile, content: bytes) -> None:
    """Seal the content and write it; ``file`` is saved by the caller."""
    file.stored_as = secrets.token_hex(16)
    sealed = file.job.raw_data_key.seal(content, file.job.sealed_place("file", str(file.public_id)))
    sealed_files.keep(folder() / file.stored_as, sealed)


@contextmanager
def opened(file: ImportFile) -> Iterator[Path]:
    """The content in the clear, in a file that is gone afterwards."""
    sealed = (folder() / file.stored_as).read_bytes()
    content = file.job.raw_data_key.open_sealed(sealed, file.job.sealed_place("file", str(file.public_id)))
    with tempfile.NamedTemporaryFile(suffix=Path(file.name).suffix.lower()) as clear:
        clear.write(content)
        clear.flush()
        yield Path(clear.name)


def destroy(name: str) -> None:
    """Remove the sealed content. Twice is once."""
    (folder() / name).unlink(missing_ok=True)


def sweep() -> None:
    sealed_files.sweep(folder(), "imports_orphans")
