"""Fetching, authorising and recording in one act: what may not be opened answers 404, as what does not exist."""

from typing import TypeVar
from uuid import UUID

from django.shortcuts import get_object_or_404

from casework.access import persons_open_to
from casework.kinds import Kind
from casework.models import Confided
from residents.models import Person
from residents.selectors.emergencies import purpose_of
from shelter.accounts.policy import Can, InfoClass
from shelter.audit import Action, reading
from shelter.http import Request

C = TypeVar("C", bound=Confided)


def person_visible(request: Request, public_id: UUID, can: Can) -> Person:
    """The person to whom the user may do ``can``, an action on identity."""
    found = get_object_or_404(Person.objects.visible_to(request.user, can).current(), public_id=public_id)
    reading(request, InfoClass.IDENTITY, [found], purpose=purpose_of(request.user, found, can))
    return found


def person_in(request: Request, public_id: UUID, can: Can, kind: Kind | None = None) -> Person:
    """The person in whose file the user may do ``can``, an action on one secrecy class."""
    found = get_object_or_404(persons_open_to(request.user, can, kind).current(), public_id=public_id)
    reading(request, InfoClass.IDENTITY, [found])
    return found


def confided_in(request: Request, model: type[C], public_id: UUID, can: Can, *, action: Action = Action.OPEN) -> C:
    """A note or a document to which the user may do ``can``."""
    rows = model.objects.visible_to(request.user, can)  # type: ignore[attr-defined]
    found: C = get_object_or_404(rows.select_related("case_file__person"), public_id=public_id)
    person: Person = found.case_file.person  # type: ignore[attr-defined]
    purpose = purpose_of(request.user, person, can)
    reading(request, InfoClass(found.info_class), [person], action=action, about=found, purpose=purpose)
    return found
