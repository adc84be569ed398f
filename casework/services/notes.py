"""Notes: written once, corrected in versions that are all kept."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from casework.kinds import Kind
from casework.models import CaseFile, Note, Notice
from casework.services.refusals import ChangedMeanwhile, FileClosed
from residents.services.history import recorded
from shelter.accounts.models import User


@transaction.atomic
def write_note(
    *,
    file: CaseFile,
    kind: Kind,
    text: str,
    happened_on: date,
    next_on: date | None = None,
    language: str = "",
    is_evidence: bool = False,
    by: User | None,
) -> Note:
    """A note in ``file``, sealed with the person's key; ``next_on`` is the next date of the whole follow-up.

    Raises ``FileClosed``.
    """
    if file.closed_on:
        raise FileClosed
    note = Note(
        case_file=file,
        kind=kind,
        info_class=kind.info_class,
        happened_on=happened_on,
        language=language,
        is_evidence=is_evidence,
        author=by,
    )
    note.seal(text, file.sealing_key())
    with recorded(by):
        note.save(force_insert=True)
    give_notice(file=file, info_class=kind.info_class, next_on=next_on, by=by)
    return note


@transaction.atomic
def correct_note(
    *,
    note: Note,
    seen_version: int,
    changes: Mapping[str, Any],
    text: str,
    next_on: date | None = None,
    by: User | None,
) -> Note:
    """A new version of ``note``, as long as ``seen_version`` is still the latest (G1). The earlier one stays readable.

    ``changes``: ``happened_on``, ``language``, ``is_evidence``; a note stays of its kind. Raises
    ``ChangedMeanwhile``, ``FileClosed``.
    """
    held = Note.objects.select_related("case_file").select_for_update(of=("self",), no_key=True).get(pk=note.pk)
    if held.version != seen_version:
        raise ChangedMeanwhile
    if held.case_file.closed_on:
        raise FileClosed
    for field, value in changes.items():
        setattr(held, field, value)
    held.version, held.corrected_by = held.version + 1, by
    held.seal(text, held.case_file.sealing_key())
    with recorded(by):
        held.save(update_fields=[*changes, "version", "corrected_by", "sealed_text"])
    give_notice(file=held.case_file, info_class=held.info_class, next_on=next_on, by=by)
    return held


@transaction.atomic
def give_notice(*, file: CaseFile, info_class: str, next_on: date | None, by: User | None) -> Notice:
    """A follow-up of this class exists, and ``by`` is responsible; ``next_on``: None leaves the date as it is."""
    known = {"responsible": by, "next_on": next_on}
    changes = {name: value for name, value in known.items() if value}
    with recorded(by):
        notice, _ = Notice.objects.update_or_create(
            case_file=file, info_class=info_class, defaults=changes, create_defaults=known
        )
    return notice
