"""The waiting list: asking for a place and answering."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from residents.models import IntakeRequest, Person
from residents.services.history import recorded
from residents.services.refusals import AlreadyDecided, RefusalReasonMissing, house_rules
from shelter.accounts.models import User
from sites.models import Site

State = IntakeRequest.State


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceAsked:
    """One request to write. An old list may bring it with its answer: then ``decided_on`` says when."""

    person_id: int
    site_id: int
    requested_on: date
    priority: int = IntakeRequest.Priority.NORMAL
    state: str = State.WAITING
    refusal_reason: str = ""
    decided_on: date | None = None


def request_place(
    *,
    person: Person,
    site: Site,
    requested_on: date,
    priority: int = IntakeRequest.Priority.NORMAL,
    by: User | None,
) -> IntakeRequest:
    """Put a person on a site's waiting list. Raises ``AlreadyWaiting``."""
    asked = PlaceAsked(person_id=person.pk, site_id=site.pk, requested_on=requested_on, priority=priority)
    return request_places([asked], by=by)[0]


@transaction.atomic
def request_places(asked: Sequence[PlaceAsked], *, by: User | None) -> list[IntakeRequest]:
    """Put many persons on waiting lists in one INSERT. Raises ``AlreadyWaiting``, all or none."""
    with recorded(by), house_rules():
        return IntakeRequest.objects.bulk_create(
            IntakeRequest(
                person_id=row.person_id,
                site_id=row.site_id,
                requested_on=row.requested_on,
                priority=row.priority,
                state=row.state,
                refusal_reason=row.refusal_reason,
                decided_on=row.decided_on,
            )
            for row in asked
        )


@transaction.atomic
def decide_request(*, request: IntakeRequest, state: str, refusal_reason: str = "", by: User | None) -> IntakeRequest:
    """Answer a request that still waits: refused with its reason, or withdrawn. ``admit`` answers with a place.

    Raises ``AlreadyDecided`` when a colleague was faster, ``RefusalReasonMissing``.
    """
    if state == State.REFUSED and not refusal_reason:
        raise RefusalReasonMissing
    with recorded(by):
        won = (
            IntakeRequest.objects.waiting()
            .filter(pk=request.pk)
            .update(
                state=state,
                refusal_reason=refusal_reason if state == State.REFUSED else "",
                decided_on=timezone.localdate(),
            )
        )
    if not won:
        raise AlreadyDecided
    request.refresh_from_db()
    return request


@transaction.atomic
def answer_requests(answers: Mapping[int, tuple[str, date]], *, by: User | None) -> int:
    """Write answers that an old list brings, ``{request id: (state, decided on)}``, on requests that still wait.

    Returns how many were answered.
    """
    waiting = IntakeRequest.objects.waiting().filter(pk__in=answers).order_by("pk")
    requests = list(waiting.select_for_update(of=("self",), no_key=True))
    for request in requests:
        request.state, request.decided_on = answers[request.pk]
    with recorded(by):
        return IntakeRequest.objects.bulk_update(requests, ["state", "decided_on"], batch_size=1000)


@transaction.atomic
def reopen_request(*, request: IntakeRequest, by: User | None) -> IntakeRequest:
    """Take an answer back: the person waits again, at the old rank. Raises ``AlreadyWaiting``."""
    with recorded(by), house_rules():
        IntakeRequest.objects.filter(pk=request.pk).update(state=State.WAITING, refusal_reason="", decided_on=None)
    request.refresh_from_db()
    return request
