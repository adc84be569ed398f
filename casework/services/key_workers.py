"""Who follows whom (A5)."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from casework.models import CaseFile
from casework.services.refusals import (
    FollowsAlready,
    NotForThisRole,
    NotToOneself,
    OtherOrganisation,
    SupervisorLacksRight,
    SupervisorMissing,
)
from residents.models import KeyWorker, Person
from residents.services.history import recorded
from shelter.accounts.models import Membership, User
from shelter.accounts.policy import MAY_ASSIGN, Can, Role
from shelter.audit import Action, record
from shelter.db import violation_raises
from sites.models import Site


def assignable_roles(user: User, site_id: int) -> frozenset[Role]:
    """Of which roles ``user`` makes key workers at this site."""
    held = user.access.roles.get(site_id, frozenset())
    return frozenset().union(*(MAY_ASSIGN.get(role, frozenset()) for role in held))


@transaction.atomic
def assign_key_worker(
    *, person: Person, membership: Membership, supervisor: User | None = None, by: User | None
) -> KeyWorker:
    """Who holds ``membership`` follows ``person`` from today, at that site; a file is opened if there is none.

    ``by``: None is a command of the house. Raises ``FollowsAlready``, ``NotForThisRole``, ``NotToOneself``,
    ``OtherOrganisation``, ``SupervisorMissing``, ``SupervisorLacksRight``.
    """
    site = _site_for(person, membership, supervisor, by)
    with recorded(by), violation_raises("key_worker_once", FollowsAlready):
        CaseFile.objects.get_or_create(person=person, defaults={"site": site, "opened_by": by})
        made = KeyWorker.objects.create(person=person, user=membership.user, site=site, supervisor=supervisor)
    record(Action.GRANT, persons=[person], about=made, site=site)
    return made


@transaction.atomic
def end_assignment(*, key_worker: KeyWorker, by: User | None) -> KeyWorker:
    """The follow-up ends today: what it opened is closed from the next request on (A5). Twice is once."""
    with recorded(by):
        KeyWorker.objects.filter(pk=key_worker.pk, ends_on=None).update(ends_on=timezone.localdate())
    key_worker.refresh_from_db(fields=["ends_on"])
    record(Action.REVOKE, persons=[key_worker.person_id], about=key_worker, site=key_worker.site_id)
    return key_worker


@transaction.atomic
def resume_assignment(*, key_worker: KeyWorker, by: User | None) -> KeyWorker:
    """Ended by mistake. The same may do it as may assign: raises ``NotToOneself``, ``NotForThisRole`` for anybody else.

    Raises ``FollowsAlready`` if the colleague was assigned anew since.
    """
    held = key_worker.user.memberships.valid().filter(site=key_worker.site_id).values_list("role", flat=True)
    _check_giver(key_worker.user, held, key_worker.site_id, by)
    with recorded(by), violation_raises("key_worker_once", FollowsAlready):
        KeyWorker.objects.filter(pk=key_worker.pk).update(ends_on=None)
    key_worker.refresh_from_db(fields=["ends_on"])
    record(Action.GRANT, persons=[key_worker.person_id], about=key_worker, site=key_worker.site_id)
    return key_worker


def _site_for(person: Person, membership: Membership, supervisor: User | None, by: User | None) -> Site:
    """Where the membership holds, once nothing forbids that it follows this person."""
    site = membership.site
    if site is None or site.organisation_id != person.organisation_id:
        raise OtherOrganisation
    _check_giver(membership.user, [membership.role], site.pk, by)
    if membership.role == Role.INTERN:
        if supervisor is None:
            raise SupervisorMissing
        if site.pk not in supervisor.access.sites_if_assigned(Can.READ_INTERVIEWS) or supervisor == membership.user:
            raise SupervisorLacksRight
    return site


def _check_giver(worker: User, roles: Iterable[str], site_id: int, by: User | None) -> None:
    """Whether ``by`` may have ``worker``, who holds these roles at the site, follow somebody there."""
    if by is not None and worker == by:
        raise NotToOneself
    if by is not None and assignable_roles(by, site_id).isdisjoint(roles):
        raise NotForThisRole
