"""Taking an import out again: the house is as it was before, or nothing happens."""

from collections.abc import Sequence

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from residents.models import BedAssignment, IntakeRequest, NightSheet, Person, Presence, Stay
from residents.services import take_back
from shelter.accounts.models import User
from shelter.accounts.policy import InfoClass
from shelter.audit import Action, Purpose, record
from shelter.db import DomainError
from shelter.imports import ledger
from shelter.imports.models import ImportJob, Provenance, StagedPerson
from shelter.imports.scope import importing
from sites.models import Bed, BedClosure, Room

NAMED = 5  # so many of the entries that stand in the way are named


class NotCommitted(DomainError):
    message = gettext_lazy("This import is not in the house, so there is nothing to undo.")


class WorkedOnSince(DomainError):
    """Later work stands on what the import brought. The message names what is of the import's own site."""

    @classmethod
    def by(cls, rows: Sequence[models.Model], count: int, *, site_id: int) -> "WorkedOnSince":
        named = dict.fromkeys(
            f"{row._meta.verbose_name} {row}"
            if _site_id(row) == site_id
            else _("%(what)s at another site") % {"what": row._meta.verbose_name}
            for row in rows
        )
        sentence = ngettext(
            "This import can no longer be undone: %(count)d entry was changed or added since (%(named)s).",
            "This import can no longer be undone: %(count)d entries were changed or added since (%(named)s).",
            count,
        )
        return cls(sentence % {"count": count, "named": ", ".join(list(named)[:NAMED])})


class ImportedSince(DomainError):
    message = gettext_lazy("A later import recognised people of this one. Undo that import first.")


def undo(job: ImportJob, *, by: User | None) -> None:
    """Delete what the import created, give back what it changed.

    Raises ``NotCommitted``, ``WorkedOnSince``, ``ImportedSince``.
    """
    with importing(job):
        _undo(job, by=by)


def _undo(job: ImportJob, *, by: User | None) -> None:
    job = ImportJob.objects.select_for_update(of=("self",), no_key=True).get(pk=job.pk)
    if job.state != ImportJob.State.COMMITTED:
        raise NotCommitted
    _refuse_if_worked_on(job)
    Provenance.objects.filter(job=job).delete()
    created = {model: ledger.created_ids(job, model) for model in ledger.MODELS}
    StagedPerson.objects.filter(person__in=created[Person]).update(person=None, state=StagedPerson.State.NEW)
    take_back(
        persons=created[Person],
        stays=created[Stay],
        beds=created[BedAssignment],
        presences=created[Presence],
        requests=created[IntakeRequest],
        sheets=created[NightSheet],
        by=by,
        reason=_("Import undone"),
    )
    for model in (BedClosure, Bed, Room):
        model._default_manager.filter(pk__in=created[model]).delete()
    ledger.put_back(job)
    ImportJob.objects.filter(pk=job.pk).update(state=ImportJob.State.UNDONE, undone_at=timezone.now(), undone_by=by)
    record(
        Action.UNDO_IMPORT, user=by, info_class=InfoClass.IMPORTS, about=job, site=job.site_id, purpose=Purpose.IMPORT
    )


def _refuse_if_worked_on(job: ImportJob) -> None:
    created = ledger.created_ids(job, Person)
    if Provenance.objects.filter(person__in=created).exclude(job=job).exists():
        raise ImportedSince
    changed = ledger.changed_since(job)
    rows = [row for model, keys in changed.items() for row in model._default_manager.filter(pk__in=keys[:NAMED])]
    later = ledger.standing_on(job)
    if changed or later:
        raise WorkedOnSince.by([*rows, *later], sum(map(len, changed.values())) + len(later), site_id=job.site_id)


def _site_id(row: models.Model) -> int | None:
    """The site that a row belongs to; ``None`` for what belongs to none, or to two."""
    match row:
        case Person():
            return row.registered_at_id
        case BedAssignment():
            return row.stay.site_id
        case BedClosure():
            return row.bed.room.site_id
        case Bed():
            return row.room.site_id
        case _:
            return getattr(row, "site_id", None)
