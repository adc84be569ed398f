"""Documents: taken in sealed, read back by who may, removed when they are not needed (F1, F4)."""

import logging
import secrets
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from casework.kinds import Kind
from casework.models import CaseFile, Document
from casework.papers import recognise
from casework.photos import redrawn
from casework.services.notes import give_notice
from casework.services.refusals import FileClosed, Infected, ScannerSilent, TooLarge, TooManyDocuments, TooMuchToday
from residents.services.history import recorded
from shelter import sealed_files
from shelter.accounts.models import User
from shelter.scanner import ScannerFailed, is_infected

logger = logging.getLogger(__name__)

MAX_BYTES = 20 * 1024 * 1024
MAX_IN_A_FILE = 100
MAX_BYTES_A_DAY = 1024 * 1024 * 1024  # of one site


@transaction.atomic
def keep_document(
    *,
    file: CaseFile,
    kind: Kind,
    title: str,
    name: str,
    content: bytes,
    expires_on: date | None = None,
    is_evidence: bool = False,
    by: User | None,
) -> Document:
    """``content``, sealed, under a random name; ``name`` says its type and is not kept.

    Raises ``UnknownType``, ``ContentDiffers``, ``WithMacros``, ``TooLarge``, ``TooManyPixels``, ``TooManyDocuments``,
    ``TooMuchToday``, ``Infected``, ``ScannerSilent``, ``FileClosed``.
    """
    if len(content) > MAX_BYTES:
        raise TooLarge
    paper = recognise(name, content)
    _scan(content)
    if paper.is_photo:
        content = redrawn(content)
    # Two uploads at once count one after the other.
    file = CaseFile.objects.select_for_update(of=("self",), no_key=True).get(pk=file.pk)
    if file.closed_on:
        raise FileClosed
    _check_room(file, len(content))
    document = Document(
        case_file=file,
        kind=kind,
        info_class=kind.info_class,
        content_type=paper.content_type,
        size=len(content),
        stored_as=secrets.token_hex(16),
        expires_on=expires_on,
        is_evidence=is_evidence,
        uploaded_by=by,
    )
    sealed = document.seal(title, content, file.sealing_key())
    with recorded(by):
        document.save(force_insert=True)
    give_notice(file=file, info_class=kind.info_class, next_on=None, by=by)
    sealed_files.keep(_path(document), sealed)
    return document


def read_document(document: Document) -> bytes:
    """The content in the clear. Raises ``Unreadable``."""
    return document.case_file.data_key().open_sealed(_path(document).read_bytes(), document.place("file"))


@transaction.atomic
def remove_document(*, document: Document, by: User | None) -> None:
    """Gone from the file, and from the disk once that is certain."""
    path = _path(document)
    with recorded(by):
        document.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def sweep_documents() -> None:
    sealed_files.sweep(folder(), "casework_orphans")


def _scan(content: bytes) -> None:
    try:
        infected = is_infected(content)
    except ScannerFailed as error:
        logger.exception("the virus scanner gave no answer")
        raise ScannerSilent from error
    if infected:
        raise Infected


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "documents"


def _path(document: Document) -> Path:
    return folder() / document.stored_as


def _check_room(file: CaseFile, size: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT documents, sent FROM casework_room(%s, %s)", [file.pk, timezone.localdate()])
        documents, sent = cursor.fetchone()
    if documents >= MAX_IN_A_FILE:
        raise TooManyDocuments
    if sent + size > MAX_BYTES_A_DAY:
        raise TooMuchToday
