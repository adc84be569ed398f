"""Who reads and writes what is confided: the words of the policy table's secrecy columns, said once, as conditions.

A grant of the table has three parts. Its mode is the action's business. ``A:`` asks for a valid assignment of the person
to the user, at a site where they hold that role (``KeyWorker``). Its limit is one of ``LIMITS``; a limit that is not
written there opens nothing.

Beside the grants, whoever breaks the glass reads one class of one person's file for an hour (A7).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from casework.kinds import KINDS, Kind
from residents.models import KeyWorker, Person
from residents.querysets import KeyWorkerQuerySet, PersonQuerySet, known_at, opened_in_emergency
from shelter.accounts.models import Membership
from shelter.accounts.policy import Can, Grant, Mode, Need, Role

if TYPE_CHECKING:
    from shelter.accounts.models import User

NOTHING, EVERYTHING = Q(pk=None), Q(pk__isnull=False)


def _with_consent() -> Q:
    """The person agrees, today, that social interviews are shared with the jurist."""
    from casework.models import Consent

    shared = Consent.objects.valid().filter(what=Consent.What.SHARE_WITH_JURIST)
    return Q(Exists(shared.filter(person=OuterRef("person"))))


def _under_supervision() -> Q:
    """The assignment names a supervisor who holds interviews themselves, at the same site, today."""
    holders = Can.READ_INTERVIEWS.roles_if_assigned() - {Role.INTERN}
    supervisors = Membership.objects.valid().filter(role__in=holders, user__is_active=True)
    return Q(Exists(supervisors.filter(user=OuterRef("supervisor"), site=OuterRef("site"))))


@dataclass(frozen=True)
class Limit:
    """``kinds``: of these notes and documents only. ``follows``: which assignments count, asked of ``KeyWorker``."""

    kinds: tuple[Kind, ...] = tuple(Kind)
    evidence_only: bool = False
    follows: Callable[[], Q] = lambda: EVERYTHING

    @property
    def opens(self) -> Q:
        return Q(kind__in=self.kinds) & (Q(is_evidence=True) if self.evidence_only else EVERYTHING)


LIMITS = {
    "": Limit(),
    "minimal": Limit(kinds=(Kind.OUTCOME, Kind.INSTRUCTION)),
    "outcome": Limit(kinds=(Kind.OUTCOME,)),
    "instruction": Limit(kinds=(Kind.INSTRUCTION,)),
    "mediation": Limit(kinds=(Kind.MEDIATION,)),
    "if evidence": Limit(evidence_only=True),
    "by consent": Limit(follows=_with_consent),
    "supervised": Limit(follows=_under_supervision),
}


def confided_to(user: User, can: Can) -> Q:
    """Which notes or documents ``user`` may do ``can`` to."""
    need, allowed = need_of(can), _in_emergency(user, can, "case_file__person")
    for grant, sites in _ways(user, need):
        if grant.assigned_only:
            follows = Q(Exists(_follows(user, grant, sites).filter(person=OuterRef("case_file__person"))))
        else:
            follows = Q(case_file__site__in=sites)
        allowed |= follows & LIMITS[grant.limit].opens
    if need.mode is Mode.SAFETY:
        allowed &= Q(kind=Kind.INSTRUCTION)  # never its cause
    return allowed & Q(info_class=need.info_class)


def persons_open_to(user: User, can: Can, kind: Kind | None = None) -> PersonQuerySet:
    """The persons in whose file ``user`` may do ``can``, whether or not anything is written there; of this kind alone."""
    opened = _in_emergency(user, can, "pk")
    for grant, sites in _ways(user, need_of(can)):
        if kind is None or kind in LIMITS[grant.limit].kinds:
            opened |= _persons(user, grant, sites)
    return Person.objects.filter(opened)


def kinds_open_to(user: User, can: Can, person: Person) -> list[Kind]:
    """Of which kinds ``user`` may do ``can`` in this person's file."""
    kinds = KINDS[need_of(can).info_class]
    return [kind for kind in kinds if persons_open_to(user, can, kind).filter(pk=person.pk).exists()]


def _in_emergency(user: User, can: Can, person: str) -> Q:
    return opened_in_emergency(user, can, person) if user.access.sites_in_emergency(can) else NOTHING


def need_of(can: Can) -> Need:
    """What an action on one secrecy class asks."""
    (need,) = can.needs
    return need


def _ways(user: User, need: Need) -> Iterator[tuple[Grant, frozenset[int]]]:
    """The grants by which the user meets the need, with the sites where they hold them."""
    return ((grant, sites) for grant, sites in user.access.grants_for(need).items() if grant.limit in LIMITS)


def _follows(user: User, grant: Grant, sites: frozenset[int]) -> KeyWorkerQuerySet:
    return KeyWorker.objects.valid().filter(LIMITS[grant.limit].follows(), user=user, site__in=sites)


def _persons(user: User, grant: Grant, sites: frozenset[int]) -> Q:
    """A person without a file yet is anybody's at the sites that know them."""
    if grant.assigned_only:
        return Q(Exists(_follows(user, grant, sites).filter(person=OuterRef("pk"))))
    return Q(case_file__site__in=sites) | (Q(case_file=None) & known_at(sites))
