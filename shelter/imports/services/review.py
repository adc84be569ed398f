"""What people decide about a staged import. After each decision the plan is made anew, so the counts are true."""

import json
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from residents.models import Person
from shelter.accounts.models import User
from shelter.db import DomainError
from shelter.identity import acting
from shelter.imports.models import ImportFile, ImportJob, Likeness, StagedPerson, StagedRow
from shelter.imports.services.settling import settle
from shelter.imports.services.staging import fixes_of
from shelter.imports.services.work import dispatch_on_commit

State = StagedPerson.State


class NotInReview(DomainError):
    message = _("This import is not under review any more.")


class KnownElsewhere(DomainError):
    message = _("This person is known at another site of the organisation. Ask the site coordinator there.")


@transaction.atomic
def set_aside(job: ImportJob, rows: Collection[int], *, aside: bool = True) -> int:
    """Leave these rows out of the import, or take them back in. Returns how many changed."""
    hold(job)
    changed = job.staged_rows.filter(pk__in=list(rows)).exclude(is_set_aside=aside).update(is_set_aside=aside)
    if changed:
        settle(job)
    return changed


@transaction.atomic
def accept(job: ImportJob, rows: Collection[int], *, accepted: bool = True) -> int:
    """Let these rows in without the value that is wrong, or with the doubtful one as it was read."""
    hold(job)
    changed = job.staged_rows.filter(pk__in=list(rows)).exclude(is_accepted=accepted).update(is_accepted=accepted)
    if changed:
        settle(job)
    return changed


@transaction.atomic
def answer_likeness(likeness: Likeness, answer: str, *, by: User | None) -> None:
    """``same``: one person; ``two``: two people; empty: later. Answers may be changed until the commit.

    Raises ``KnownElsewhere``: nobody recognises a person whose file they may not see (A9d); a holder merges later.
    """
    job = likeness.staged.job
    hold(job)
    if by and answer == Likeness.Answer.SAME and likeness.person_id and not _reaches(by, likeness.person_id):
        raise KnownElsewhere
    likeness.answer, likeness.answered_by = answer, by
    likeness.save(update_fields=["answer", "answered_by"])
    if likeness.person_id:
        _decide_person(likeness.staged)
    elif likeness.other:
        likeness.other.same_as = likeness.staged if answer == Likeness.Answer.SAME else None
        likeness.other.save(update_fields=["same_as"])
    settle(job)


def _reaches(user: User, person_id: int) -> bool:
    return Person.objects.visible_to(user).filter(pk=person_id).exists()


def _decide_person(staged: StagedPerson) -> None:
    """The staged person is known as the one that was answered "same"; new once all were answered "two"."""
    answers = list(staged.likenesses.exclude(person=None))
    same = [likeness for likeness in answers if likeness.answer == Likeness.Answer.SAME]
    if same:
        staged.person_id, staged.state, staged.evidence = same[-1].person_id, State.MATCHED, ["decided"]
    elif any(likeness.answer == Likeness.Answer.OPEN for likeness in answers):
        staged.person_id, staged.state, staged.evidence = None, State.AMBIGUOUS, []
    else:
        staged.person_id, staged.state, staged.evidence = None, State.NEW, ["decided"]
    staged.save(update_fields=["person", "state", "evidence"])


@transaction.atomic
def correct_cell(row: StagedRow, column: int, text: str) -> None:
    """Read the file anew with another text in one cell. The file itself stays as it is."""
    hold(row.job)
    fixes = fixes_of(row.file) | {f"{row.sheet}\x1f{row.number}\x1f{column}": text}
    place = row.job.sealed_place("fixes", str(row.file.pk))
    row.file.fixes = row.job.raw_data_key.seal(json.dumps(fixes).encode(), place)
    row.file.save(update_fields=["fixes"])
    _read_again(row.job, [row.file])


@transaction.atomic
def remap(job: ImportJob, mappings: dict[int, dict[str, Any]]) -> bool:
    """Read files anew with other kinds or columns: ``{file id: {table index: {kind, columns}}}``. Whether any changed."""
    hold(job)
    changed = []
    for file in job.files.all():
        if file.pk in mappings and mappings[file.pk] != file.mapping:
            file.mapping = mappings[file.pk]
            file.save(update_fields=["mapping"])
            changed.append(file)
    if changed:
        _read_again(job, changed)
    return bool(changed)


def hold(job: ImportJob) -> None:
    """Two people may review at once: one decision after the other. Raises ``NotInReview``."""
    jobs = ImportJob.objects.select_for_update(of=("self",), no_key=True)
    if jobs.values_list("state", flat=True).get(pk=job.pk) != ImportJob.State.REVIEW:
        raise NotInReview


def _read_again(job: ImportJob, files: Collection[ImportFile]) -> None:
    ImportFile.objects.filter(pk__in=[file.pk for file in files]).update(staged_at=None)
    ImportJob.objects.filter(pk=job.pk).update(
        state=ImportJob.State.WAITING,
        due=ImportJob.Work.READ,
        asked_by=acting(),
        attempts=0,
        dispatched_at=timezone.now(),
    )
    dispatch_on_commit(job)
