"""Taking workbooks in."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shelter.accounts.models import User
from shelter.db import DomainError
from shelter.imports import files
from shelter.imports.models import ImportFile, ImportJob
from shelter.imports.services.work import dispatch_on_commit
from shelter.vault import new_data_key
from sites.models import Site

MAX_BYTES = 10 * 1024 * 1024
MAX_FILES = 20
MOST_A_DAY, MOST_BYTES_A_DAY = 100, 300 * 1024 * 1024  # of one site (F1)
EXTENSIONS = (".xlsx", ".xlsm", ".ods", ".csv")


class TooManyFiles(DomainError):
    field, message = "workbooks", _("Choose at most %(count)d files at a time.") % {"count": MAX_FILES}


class TooMuchToday(DomainError):
    field, message = "workbooks", _("This site has sent enough files for today. Go on tomorrow, or send fewer.")


class NoFile(DomainError):
    field, message = "workbooks", _("Choose at least one file.")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as its sender calls it, and what is in it."""

    name: str
    content: bytes


@transaction.atomic
def start_import(*, site: Site, uploads: Sequence[Upload], by: User | None, dispatch: bool = True) -> ImportJob:
    """Keep the files, encrypted, and have them read. Whether each can be read is found out behind the guard.

    Without ``dispatch`` the caller does the work itself. Raises ``NoFile``, ``TooManyFiles``, ``TooMuchToday``.
    """
    if not uploads:
        raise NoFile
    if len(uploads) > MAX_FILES:
        raise TooManyFiles
    today = ImportFile.objects.filter(job__site=site, job__created_at__date=timezone.localdate())
    sent = today.aggregate(files=Count("pk"), size=Coalesce(Sum("size"), 0))
    size = sent["size"] + sum(len(upload.content) for upload in uploads)
    if sent["files"] + len(uploads) > MOST_A_DAY or size > MOST_BYTES_A_DAY:
        raise TooMuchToday
    job = ImportJob.objects.create(
        site=site,
        uploaded_by=by,
        raw_key=new_data_key()[1],
        kept_key=new_data_key()[1],
        due=ImportJob.Work.READ,
        asked_by=by,
        dispatched_at=timezone.now(),  # beat need not hurry
    )
    for position, upload in enumerate(uploads):
        file = ImportFile(
            job=job,
            position=position,
            name=upload.name[-200:],
            size=len(upload.content),
            digest=hashlib.sha256(upload.content).hexdigest(),
        )
        if len(upload.content) > MAX_BYTES:
            file.problem = "too_large"
        else:
            files.keep(file, upload.content)
        file.save()
    if dispatch:
        dispatch_on_commit(job)
    return job
