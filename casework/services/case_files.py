"""Case files: opened by the first who follows or writes, closed and opened again by those who share out the work."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from casework.models import CaseFile
from casework.services.refusals import FileClosed
from residents.models import Person
from residents.services.history import recorded
from shelter.accounts.models import User
from sites.models import Site


@transaction.atomic
def open_case_file(*, person: Person, site: Site, by: User | None) -> CaseFile:
    """The person's file, opened at ``site`` if there is none; whoever has it keeps it. Two at once get the same.

    Raises ``FileClosed``.
    """
    with recorded(by):
        file, _ = CaseFile.objects.get_or_create(person=person, defaults={"site": site, "opened_by": by})
    if file.closed_on:
        raise FileClosed
    return file


@transaction.atomic
def close_case_file(*, file: CaseFile, by: User | None) -> CaseFile:
    """Nothing more is written in it; who follows the person reads it still. Twice is once."""
    return _set_closed(file, timezone.localdate(), by)


@transaction.atomic
def reopen_case_file(*, file: CaseFile, by: User | None) -> CaseFile:
    return _set_closed(file, None, by)


def _set_closed(file: CaseFile, day: date | None, by: User | None) -> CaseFile:
    with recorded(by):
        CaseFile.objects.filter(pk=file.pk).update(closed_on=day)
    file.refresh_from_db(fields=["closed_on"])
    return file
