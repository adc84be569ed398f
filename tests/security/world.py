"""The small network that the security tests look at: three sites whose people carry the site's mark.

A role is always held at ``own``. ``sister`` is another site of the same organisation, ``foreign`` one of another
organisation; nothing of theirs may show. Colleagues: give each new kind of object to ``Place`` and to ``OBJECTS``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from residents.models import IntakeRequest, Person, PersonMerge, Stay
from residents.services import merge_persons
from shelter.accounts.models import Invitation, Membership, User
from shelter.accounts.policy import Role
from shelter.imports.models import ImportJob
from sites.models import Bed, BedClosure, Organisation, Site
from tests.factories import (
    make_beds,
    make_import,
    make_organisation,
    make_person,
    make_request,
    make_site,
    make_stay,
    make_user,
)

# Everybody is called this, so that a search finds all whom it may.
FIRST_NAME = "Amadou"


@dataclass
class Place:
    """A site with one of each thing that an address can name. ``mark`` is in its people's family name, ``phone`` theirs."""

    site: Site
    mark: str
    phone: str
    colleague: User
    bed: Bed
    free_bed: Bed
    closure: BedClosure
    person: Person
    double: Person
    stay: Stay
    request: IntakeRequest
    merge: PersonMerge
    membership: Membership
    invitation: Invitation
    job: ImportJob


@dataclass
class World:
    own: Place
    sister: Place
    foreign: Place
    users: dict[Role, User] = field(default_factory=dict)
    leavers: dict[Role, User] = field(default_factory=dict)


# What fills an address: the name of the path's argument → its value at a place.
OBJECTS: Mapping[str, Callable[[Place], object]] = {
    "site": lambda place: place.site.slug,
    "organisation": lambda place: place.site.organisation.slug,
    "room": lambda place: place.bed.room.public_id,
    "bed": lambda place: place.bed.public_id,
    "closure": lambda place: place.closure.public_id,
    "person": lambda place: place.person.public_id,
    "stay": lambda place: place.stay.public_id,
    "double": lambda place: place.double.public_id,
    "merge": lambda place: place.merge.pk,
    "asked": lambda place: place.request.public_id,
    "member": lambda place: place.colleague.public_id,
    "membership": lambda place: place.membership.public_id,
    "invitation": lambda place: place.invitation.public_id,
    "job": lambda place: place.job.public_id,
    "row": lambda place: place.job.rows.get().pk,
    "likeness": lambda place: place.job.questions().get().pk,
    "token": lambda place: place.mark,
}


def make_world() -> World:
    ours = make_organisation()
    own, sister = make_place("Ownmark", "+32470000001", ours), make_place("Sistermark", "+32470000002", ours)
    world = World(own, sister, make_place("Foreignmark", "+32470000003", make_organisation()))
    for role in Role:
        world.users[role] = make_user(role, at=own.site)
        world.leavers[role] = make_user(role, at=own.site, over=True)
    return world


def make_place(mark: str, phone: str, organisation: Organisation) -> Place:
    site = make_site(organisation=organisation)
    bed, closed_bed, free_bed = make_beds(site, "ABC")
    colleague = make_user(Role.POLYVALENT, at=site)
    person = make_person(mark, FIRST_NAME, at=site, phone=phone)
    absorbed = make_person(mark, f"{FIRST_NAME} Senior", at=site)
    return Place(
        site=site,
        mark=mark,
        phone=phone,
        colleague=colleague,
        bed=bed,
        free_bed=free_bed,
        closure=BedClosure.objects.create(bed=closed_bed, from_on="2026-01-01", reason=BedClosure.Reason.WORKS),
        person=person,
        double=make_person(mark, f"{FIRST_NAME} Junior", at=site),
        stay=make_stay(person, at=site, bed=bed),
        request=make_request(make_person(mark, FIRST_NAME, at=site, phone=phone), at=site),
        merge=merge_persons(survivor=person, absorbed=absorbed, reason="same paper", by=colleague),
        membership=colleague.memberships.get(),
        invitation=Invitation.objects.create(
            email=f"invited-to-{site.slug}@example.org",
            name="Invited Colleague",
            role=Role.POLYVALENT,
            site=site,
            token_digest=Invitation.digest(mark),
            invited_by=make_user(Role.COORDINATOR, at=site),
        ),
        job=make_import(site, mark),
    )
