"""Taking back what was entered by mistake, or by an import that is undone."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import ProtectedError

from residents.models import BedAssignment, IntakeRequest, NightSheet, Person, Presence, Stay
from residents.services.history import recorded
from residents.services.refusals import InUse
from shelter.accounts.models import User


@transaction.atomic
def take_back(
    *,
    persons: Collection[int] = (),
    stays: Collection[int] = (),
    beds: Collection[int] = (),
    presences: Collection[int] = (),
    requests: Collection[int] = (),
    sheets: Collection[int] = (),
    by: User | None,
    reason: str,
) -> None:
    """Delete these rows, by id, and nothing else; ``beds`` are bed assignments. The history keeps what they were.

    Raises ``InUse`` when something that is not in the lists leans on one of them: a stay added to a new person, a mark.
    """
    entries = (
        (Presence, presences),
        (NightSheet, sheets),
        (BedAssignment, beds),
        (Stay, stays),
        (IntakeRequest, requests),
        (Person, persons),
    )
    try:
        with recorded(by, reason):
            for model, ids in entries:
                model.objects.filter(pk__in=list(ids)).delete()
    except ProtectedError as error:
        raise InUse from error
