"""Two files that are one person's: keeping one, and undoing it."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from residents.models import IntakeRequest, Person, PersonMerge, Presence, Stay
from residents.services.history import recorded
from residents.services.people import correct_persons, lock_persons
from residents.services.refusals import (
    AlreadyHoused,
    FileMerged,
    MergedAgain,
    MergeUndone,
    OtherOrganisation,
    SameFile,
    StaysOverlap,
    house_rules,
)
from shelter.accounts.models import User

State = IntakeRequest.State
# What the kept file takes over where it is blank itself.
FILLED = ("last_name", "first_name", "known_as", "native_name", "phone", "nationalities", "languages")


@transaction.atomic
def merge_persons(*, survivor: Person, absorbed: Person, reason: str, by: User | None) -> PersonMerge:
    """Stays, marks and requests of ``absorbed`` become ``survivor``'s; its address leads there from now on.

    Blanks of the kept file are filled from the other; nothing is overwritten, and ``unmerge`` gives all back. Raises
    ``StaysOverlap``, ``FileMerged``, ``SameFile``, ``OtherOrganisation``, ``HasCaseFile``.
    """
    if survivor.pk == absorbed.pk:
        raise SameFile
    held = {person.pk: person for person in lock_persons([survivor.pk, absorbed.pk])}
    survivor, absorbed = held[survivor.pk], held[absorbed.pk]
    if survivor.merged_into_id or absorbed.merged_into_id:
        raise FileMerged
    if survivor.organisation_id != absorbed.organisation_id:
        raise OtherOrganisation
    with recorded(by, reason):
        filled = _fill_blanks(survivor, absorbed, by)
        absorbed.merged_into = survivor  # first: without its stays the file is known nowhere but through the kept one
        with house_rules():
            absorbed.save(update_fields=["merged_into"])
        moved = _move(survivor, absorbed) | {"filled": filled}
        return PersonMerge.objects.create(
            survivor=survivor, absorbed=absorbed, reason=reason, moved=moved, merged_by=by
        )


@transaction.atomic
def unmerge(*, merge: PersonMerge, by: User | None) -> PersonMerge:
    """They were two people after all: each gets back what was theirs. What was added since stays with the kept file.

    Raises ``MergeUndone``, ``MergedAgain``, ``StaysOverlap``.
    """
    merge = PersonMerge.objects.select_for_update(of=("self",), no_key=True).get(pk=merge.pk)
    if merge.undone_at:
        raise MergeUndone
    held = {person.pk: person for person in lock_persons([merge.survivor_id, merge.absorbed_id])}
    survivor, absorbed = held[merge.survivor_id], held[merge.absorbed_id]
    if survivor.merged_into_id:
        raise MergedAgain
    with recorded(by, merge.reason):
        _move_back(survivor, absorbed, merge.moved)
        _empty_again(survivor, absorbed, merge.moved["filled"], by)
        Person.objects.filter(pk=absorbed.pk).update(merged_into=None)
        merge.undone_at, merge.undone_by = timezone.now(), by
        merge.save(update_fields=["undone_at", "undone_by"])
    return merge


def _move(survivor: Person, absorbed: Person) -> dict[str, list[int]]:
    """Hand everything over and say what: lists of ids by kind."""
    waits_too = IntakeRequest.objects.waiting().filter(person=survivor).values("site")
    duplicates = IntakeRequest.objects.waiting().filter(person=absorbed, site__in=waits_too)
    moved = {
        "stays": _ids(absorbed.stays),
        "presences": _ids(absorbed.presences),
        "requests": _ids(absorbed.requests),
        "absorbed": _ids(absorbed.absorbed),
        "duplicate_requests": _ids(duplicates),
        "uncounted": _ids(_counted_twice(survivor, absorbed)),
    }
    duplicates.update(
        state=State.REFUSED, refusal_reason=IntakeRequest.RefusalReason.DUPLICATE, decided_on=timezone.localdate()
    )
    Presence.objects.filter(pk__in=moved["uncounted"]).update(counted=False)
    Person.objects.filter(pk__in=moved["absorbed"]).update(merged_into=survivor)
    _hand_over(moved, survivor)
    return moved


def _move_back(survivor: Person, absorbed: Person, moved: dict[str, Any]) -> None:
    _hand_over(moved, absorbed)
    Person.objects.filter(pk__in=moved["absorbed"]).update(merged_into=absorbed)
    IntakeRequest.objects.filter(pk__in=moved["duplicate_requests"]).update(
        state=State.WAITING, refusal_reason="", decided_on=None
    )
    Presence.objects.filter(pk__in=moved["uncounted"]).update(counted=True)


def _hand_over(moved: dict[str, list[int]], to: Person) -> None:
    try:
        with house_rules():
            Stay.objects.filter(pk__in=moved["stays"]).update(person=to)
    except AlreadyHoused as refusal:
        raise StaysOverlap from refusal
    Presence.objects.filter(pk__in=moved["presences"]).update(person=to)
    IntakeRequest.objects.filter(pk__in=moved["requests"]).update(person=to)


def _counted_twice(survivor: Person, absorbed: Person) -> "Any":
    """Nights that both files count: the kept file's mark goes on counting."""
    return absorbed.presences.present().filter(night__in=survivor.presences.present().values("night"))


def _fill_blanks(survivor: Person, absorbed: Person, by: User | None) -> list[str]:
    """The names of the fields that the kept file took over."""
    values = {name: getattr(absorbed, name) for name in FILLED if not getattr(survivor, name)}
    if survivor.gender == Person.Gender.UNKNOWN:
        values["gender"] = absorbed.gender
    if survivor.birth_date is None:
        values |= {"birth_date": absorbed.birth_date, "birth_precision": absorbed.birth_precision}
    if survivor.household_id is None:
        values |= {"household_id": absorbed.household_id, "family_link": absorbed.family_link}
    taken = {name: value for name, value in values.items() if value and value != getattr(survivor, name)}
    correct_persons({survivor.pk: taken}, by=by)
    return sorted(taken)


def _empty_again(survivor: Person, absorbed: Person, filled: list[str], by: User | None) -> None:
    """Give back what was taken over, unless someone changed it since."""
    blank = Person()
    changes = {name: getattr(blank, name) for name in filled if getattr(survivor, name) == getattr(absorbed, name)}
    correct_persons({survivor.pk: changes}, by=by)


def _ids(rows: Any) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))
