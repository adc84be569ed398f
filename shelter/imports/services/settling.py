"""Giving every staged row its status: what reading said, who is known, and what the plan refuses."""

import json
from collections import defaultdict

from django.db import connection, transaction

from shelter.imports.bulk import copy_rows
from shelter.imports.classes import PLACED
from shelter.imports.models import ImportJob, Problem, Provenance, StagedPerson, StagedRecord, StagedRow
from shelter.imports.planning import Plan, make_plan
from shelter.imports.planning.material import Remark
from shelter.imports.scope import importing

Status = StagedRow.Status

WRITE_STATUSES = """
    UPDATE imports_stagedrow r SET status = n.status, reason = n.reason
    FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS n (id, status, reason)
    WHERE r.id = n.id AND (r.status, r.reason) IS DISTINCT FROM (n.status, n.reason)
"""


@transaction.atomic
def settle(job: ImportJob) -> Plan:
    """Plan anew, write what the plan says of each row, and count. Called after reading and after every decision."""
    with importing(job):
        plan = make_plan(job, only_ready=False)
    _write_remarks(job, plan.remarks)
    seen_lines = _lines_seen_before(job)
    undecided = _undecided_persons(job)
    known: dict[int, list[bool]] = defaultdict(list)
    asks: set[int] = set()
    for row_id, record_id, person_id, kind, is_known in StagedRecord.objects.filter(job=job).values_list(
        "row", "pk", "person", "kind", "is_known"
    ):
        known[row_id].append(record_id in plan.known_records if kind in PLACED else is_known)
        if kind in PLACED and person_id in undecided:
            asks.add(row_id)
    refused = {remark.row_id: remark.code for remark in plan.refusals}
    ids, statuses, reasons = [], [], []
    first_reasons = _first_reasons(job)
    for row_id, reading, accepted in job.staged_rows.values_list("pk", "reading", "is_accepted"):
        status, code = reading, first_reasons.get(row_id, "")
        if reading == Status.NOT_DATA:
            pass
        elif row_id in seen_lines or (accepted and reading != "data"):
            status, code = _plain(known[row_id]), ""
        elif reading == "data":
            status = _plain(known[row_id])
        if status not in (Status.ERROR, Status.NOT_DATA):
            if row_id in refused:
                status, code = Status.ERROR, refused[row_id]
            elif row_id in asks:
                status, code = Status.AMBIGUOUS, "maybe_known"
        ids.append(row_id)
        statuses.append(status)
        reasons.append(code[:40])
    with connection.cursor() as cursor:
        cursor.execute(WRITE_STATUSES, [ids, statuses, reasons])
    ImportJob.objects.filter(pk=job.pk).update(counts={**job.staged_rows.counted(), "will": _outlook(plan)})
    return plan


def _first_reasons(job: ImportJob) -> dict[int, str]:
    """What reading alone gave as reason, whatever was decided since."""
    problems = Problem.objects.filter(row__job=job, source=Problem.Source.READING).order_by("-pk")
    return dict(problems.values_list("row", "code"))


def _outlook(plan: Plan) -> dict[str, int]:
    """What the commit would make, for the review page."""
    return {
        "persons": len(plan.new_persons),
        "stays": sum(stay.existing is None for stay in plan.stays),
        "rooms": len(plan.places.made_rooms),
        "beds": len(plan.places.made_beds),
        "marks": len(plan.marks),
        "requests": len(plan.requests),
    }


def _plain(known: list[bool]) -> str:
    return Status.MATCHED if known and all(known) else Status.NEW


def _undecided_persons(job: ImportJob) -> set[int]:
    """Staged persons about whom somebody must still say whether they are a person of the house."""
    leaders = set(job.persons.filter(state=StagedPerson.State.AMBIGUOUS).values_list("pk", flat=True))
    return leaders | set(job.persons.filter(same_as__in=leaders).values_list("pk", flat=True))


def _lines_seen_before(job: ImportJob) -> set[int]:
    """Rows that were let in, word for word, by an earlier import: whatever was doubtful was decided then."""
    seen = Provenance.objects.filter(site=job.site).exclude(job=job).values("content")
    again = set(StagedRecord.objects.filter(job=job, content__in=seen).values_list("row", flat=True))
    return again - set(
        StagedRecord.objects.filter(job=job, row__in=again).exclude(content__in=seen).values_list("row", flat=True)
    )


def _write_remarks(job: ImportJob, remarks: list[Remark]) -> None:
    Problem.objects.filter(row__job=job, source=Problem.Source.PLANNING).delete()
    copy_rows(
        Problem,
        ("row", "source", "code", "field", "column", "params", "is_notice"),
        (
            (remark.row_id, "planning", remark.code, remark.field, "", json.dumps(remark.params), remark.is_notice)
            for remark in remarks
        ),
    )
