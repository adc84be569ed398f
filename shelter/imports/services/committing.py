"""Letting an import in: one transaction, through the same verbs as every screen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pghistory
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from residents import services as house
from residents.models import IntakeRequest, Person, Stay
from residents.services.people import lock_persons
from shelter.accounts.models import User
from shelter.accounts.policy import InfoClass
from shelter.audit import Action, Purpose, record
from shelter.db import DomainError
from shelter.identity import acting_as
from shelter.imports.bulk import copy_rows
from shelter.imports.ledger import Ledger, Scope
from shelter.imports.models import ImportJob, Provenance, StagedPerson, StagedRecord
from shelter.imports.models.jobs import KEPT_DAYS
from shelter.imports.planning import Plan, make_plan
from shelter.imports.planning.material import Who
from shelter.imports.planning.places import BedKey
from shelter.imports.querysets import READY
from shelter.imports.scope import importing
from shelter.imports.services.settling import settle
from shelter.imports.services.work import dispatch_on_commit, finish, renew
from sites import services as places
from sites.models import Bed, BedClosure, Room, Site

REMEMBER_PERSONS = """
    UPDATE imports_stagedperson s SET person_id = n.person
    FROM unnest(%s::bigint[], %s::bigint[]) AS n (id, person) WHERE s.id = n.id
"""


class RowsBlock(DomainError):
    message = _("Some rows still have to be corrected, decided or set aside.")


class NotReady(DomainError):
    message = _("This import is not ready to be let in. Look at it again: something has changed.")


@transaction.atomic
def request_commit(job: ImportJob, *, by: User | None, dispatch: bool = True) -> None:
    """Ask for the reviewed rows to be let in; asked twice it happens once. Raises ``RowsBlock``, ``NotReady``."""
    if job.staged_rows.blocking().exists():
        raise RowsBlock
    won = ImportJob.objects.filter(pk=job.pk, state=ImportJob.State.REVIEW).update(
        state=ImportJob.State.TO_COMMIT,
        due=ImportJob.Work.COMMIT,
        asked_by=by,
        committed_by=by,
        attempts=0,
        dispatched_at=timezone.now(),
    )
    if not won:
        raise NotReady
    record(Action.IMPORT, user=by, info_class=InfoClass.IMPORTS, about=job, site=job.site_id, purpose=Purpose.IMPORT)
    if dispatch:
        dispatch_on_commit(job)


def commit_job(job: ImportJob, actor: int | None) -> None:
    """Plan once more inside the transaction and write it all, or nothing.

    If the house changed since the review so that a row no longer fits, the job goes back to review with that row marked.
    """
    with acting_as(actor):
        renew(job, state=ImportJob.State.COMMITTING)
    with acting_as(actor), importing(job), pghistory.context(import_job=str(job.public_id)):
        renew(job)
        Site.objects.select_for_update(of=("self",), no_key=True).get(pk=job.site_id)  # one import a site at a time
        lock_persons(job.persons.exclude(person=None).values_list("person", flat=True))
        plan = make_plan(job, only_ready=True)
        if plan.refusals:
            settle(job)
            finish(job, ImportJob.State.REVIEW)
            return
        written = Writing(job, plan).write()
        finish(
            job,
            ImportJob.State.COMMITTED,
            committed_at=timezone.now(),
            counts=job.staged_rows.counted() | {"written": written},
            purge_on=timezone.localdate() + timedelta(days=KEPT_DAYS),
        )


class Writing:
    """Writes one plan. Each step is one call of a bulk verb."""

    def __init__(self, job: ImportJob, plan: Plan) -> None:
        self.job, self.plan, self.by = job, plan, job.committed_by
        self.everyone = {line.who for line in plan.material.lines if line.who}
        known = {who[1] for who in self.everyone if who[0] == "known"}
        self.scope = Scope(job.site_id, known, plan.counted_nights)
        self.persons: dict[Who, int] = {}

    def write(self) -> dict[str, int]:
        """Returns how many rows of each model were created."""
        ledger = Ledger(self.scope)
        self._write_persons()
        self.scope.persons.update(self.persons.values())
        beds = self._write_places()
        self._write_requests()
        stays = self._write_stays(beds)
        house.record_presences(
            [house.Mark(stay_id=stays[id(stay)], night=night, mark=mark) for stay, night, mark in self.plan.marks],
            by=self.by,
        )
        house.open_night_sheets([(self.job.site_id, night) for night in self.plan.counted_nights], by=self.by)
        written = ledger.write(self.job)
        self._write_provenance()
        return written

    def _write_persons(self) -> None:
        self.persons = {who: who[1] for who in self.everyone if who[0] == "known"}
        staged = list(self.plan.new_persons.values())
        registered = house.register_persons([self._draft(row) for row in staged], by=self.by)
        for who, row, person in zip(self.plan.new_persons, staged, registered, strict=True):
            self.persons[who] = row.person_id = person.pk
        with connection.cursor() as cursor:
            cursor.execute(REMEMBER_PERSONS, [[row.pk for row in staged], [row.person_id for row in staged]])
        house.correct_persons(self.plan.corrections, by=self.by)

    def _draft(self, staged: StagedPerson) -> Person:
        return Person(
            organisation_id=self.job.site.organisation_id,
            registered_at_id=self.job.site_id,
            last_name=staged.last_name,
            first_name=staged.first_name,
            birth_date=staged.birth_date,
            birth_precision=staged.birth_precision,
            gender=staged.gender,
            nationalities=[staged.nationality] if staged.nationality else [],
            languages=staged.languages,
            phone=staged.phone,
        )

    def _write_places(self) -> dict[BedKey, Bed]:
        """Rooms, beds and closures that the sheets name first. Returns all beds of the site."""
        found = self.plan.places
        names = {key: room.name for key, room in found.rooms.items()}
        names |= {key: name for key, (name, _floor) in found.made_rooms.items()}
        new_rooms = dict(found.made_rooms.values())
        made = places.furnish(
            site=self.job.site,
            rooms=new_rooms,
            beds=[(names[room], label) for (room, _key), label in found.made_beds.items()],
        )
        beds = found.beds | dict(zip(found.made_beds, made, strict=True))
        closures = places.close_beds(
            beds=[beds[key] for key in found.closing], from_on=self.plan.material.today, reason=BedClosure.Reason.OTHER
        )
        self.scope.made |= {
            Room: set(self.job.site.rooms.filter(name__in=new_rooms).values_list("pk", flat=True)),
            Bed: {bed.pk for bed in made},
            BedClosure: {closure.pk for closure in closures},
        }
        return beds

    def _write_requests(self) -> None:
        new = [request for request in self.plan.requests if request.existing is None]
        asked = [
            house.PlaceAsked(
                person_id=self.persons[request.who],
                site_id=self.job.site_id,
                requested_on=request.requested_on,
                priority=request.priority,
                state=request.state,
                refusal_reason=IntakeRequest.RefusalReason.FULL if request.state == IntakeRequest.State.REFUSED else "",
                decided_on=request.decided_on,
            )
            for request in new
        ]
        house.request_places(asked, by=self.by)
        house.answer_requests(
            {
                request.existing.pk: (request.state, request.decided_on)
                for request in self.plan.requests
                if request.existing and request.decided_on
            },
            by=self.by,
        )

    def _write_stays(self, beds: dict[BedKey, Bed]) -> dict[int, int]:
        """Returns the keys of the stays by ``id()`` of the wanted stay."""
        new = [stay for stay in self.plan.stays if stay.existing is None]
        admissions = [
            house.Admission(
                person_id=self.persons[stay.who],
                site_id=self.job.site_id,
                arrived_on=stay.arrived_on,
                left_on=stay.left_on,
                exit_reason=Stay.ExitReason.UNKNOWN if stay.left_on else "",
            )
            for stay in new
        ]
        keys = {id(stay): row.pk for stay, row in zip(new, house.admit_many(admissions, by=self.by), strict=True)}
        keys |= {id(stay): stay.existing.pk for stay in self.plan.stays if stay.existing}
        for stay in self.plan.stays:  # those that the sheets lengthen or end: few, so one by one
            if stay.existing and stay.is_changed:
                house.correct_stay(
                    stay=stay.existing,
                    arrived_on=stay.arrived_on,
                    left_on=stay.left_on,
                    reason=str(self.job.public_id),
                    by=self.by,
                )
        house.assign_beds(
            [
                house.BedGiven(stay_id=keys[id(stay)], bed_id=beds[bed].pk, from_on=from_on, until_on=until_on)
                for stay in self.plan.stays
                for bed, from_on, until_on in stay.new_beds
            ],
            by=self.by,
        )
        return keys

    def _write_provenance(self) -> None:
        """Where every let-in record came from, also of kinds that have no place yet."""
        fields = (
            *("job", "site", "file", "record", "sheet", "row", "kind", "cells", "person", "content", "identity"),
            *("sp_digest", "confirmed_by"),
        )
        copy_rows(Provenance, fields, list(self._provenances()))

    def _provenances(self) -> Iterator[tuple[Any, ...]]:
        by = self.by.pk if self.by else None
        records = StagedRecord.objects.filter(job=self.job, row__is_set_aside=False, row__status__in=READY).order_by(
            "pk"
        )
        for key, file, sheet, number, kind, cells, person, content, identity in records.values_list(
            *("pk", "row__file", "row__sheet", "row__number", "kind", "cells", "person", "content", "identity")
        ):
            staged = self.plan.material.leader(person)
            yield (
                *(self.job.pk, self.job.site_id, file, key, sheet, number, kind, json.dumps(cells)),
                staged.person_id if staged else None,
                *(content, identity, staged.sp_digest if staged else None, by),
            )
