"""The small network that the security tests look at: three sites whose people carry the site's mark.

A role is always held at ``own``. ``sister`` is another site of the same organisation, ``foreign`` one of another
organisation; nothing of theirs may show. Who is in ``assigned`` follows the person of ``own`` besides. Colleagues: give
each new kind of object to ``Place`` and to ``OBJECTS``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from casework import services as casework
from casework.kinds import Kind
from casework.models import Consent, Document, Note
from residents.models import BreakGlass, IntakeRequest, KeyWorker, Person, PersonMerge, Stay
from residents.reference import country_name
from residents.services import merge_persons
from shelter.accounts.models import Invitation, Membership, RoleProposal, User
from shelter.accounts.policy import InfoClass, Role
from shelter.audit import Action, record
from shelter.exports.models import Export
from shelter.identity import acting_as
from shelter.imports.models import ImportJob
from sites.models import Bed, BedClosure, Organisation, Site
from tests.factories import (
    make_beds,
    make_break_glass,
    make_document,
    make_export,
    make_import,
    make_key_worker,
    make_note,
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
    """A site with one of each thing that an address can name. Each class of information has a mark of its own.

    Identity: ``mark``, the family name of its people, their birth and nationality, ``born`` and ``nation``; contact:
    their ``phone``; presence: the ``room`` that they sleep in; accounts: whom the site has ``invited``; the site's own:
    its name, ``refuge``, and its ``street``, for it is a refuge. ``secrets`` is what the person confided: one word of
    each kind, in a note, in a document's title and in its content; ``reason`` why its legal part was opened in an emergency,
    eight days ago, and nobody reviewed it.
    """

    site: Site
    mark: str
    born: tuple[str, ...]
    nation: str
    phone: str
    room: str
    invited: str
    refuge: str
    street: str
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
    proposal: RoleProposal
    job: ImportJob
    key_worker: KeyWorker
    consent: Consent
    secrets: dict[Kind, str]
    notes: dict[Kind, Note]
    documents: dict[Kind, Document]
    export: Export
    reason: str
    emergency: BreakGlass

    @property
    def marks(self) -> tuple[str, ...]:
        """All that tells somebody of this place from the others."""
        others = (self.phone, self.room, self.invited, self.refuge, self.street, self.reason)
        return (*self.identity, *others, *self.secrets.values())

    @property
    def identity(self) -> tuple[str, ...]:
        return (self.mark, *self.born, self.nation)


@dataclass
class World:
    own: Place
    sister: Place
    foreign: Place
    users: dict[Role, User] = field(default_factory=dict)
    assigned: dict[Role, User] = field(default_factory=dict)
    leavers: dict[Role, User] = field(default_factory=dict)

    def everybody(self) -> list[User]:
        return [*self.users.values(), *self.assigned.values(), *self.leavers.values()]


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
    "export": lambda place: place.export.public_id,
    "row": lambda place: place.job.staged_rows.get().pk,
    "likeness": lambda place: place.job.questions().get().pk,
    "proposal": lambda place: place.proposal.public_id,
    "token": lambda place: place.mark,
    "key_worker": lambda place: place.key_worker.public_id,
    "consent": lambda place: place.consent.public_id,
    "emergency": lambda place: place.emergency.public_id,
}
# The same for what is confided: one of each kind.
CONFIDED: Mapping[str, Callable[[Place, Kind], object]] = {
    "note": lambda place, kind: place.notes[kind].public_id,
    "document": lambda place, kind: place.documents[kind].public_id,
}


def make_world() -> World:
    ours = make_organisation()
    own, sister, foreign = (
        make_place(mark, number, nationality, organisation)
        for number, (mark, nationality, organisation) in enumerate(
            [("Ownmark", "TUV", ours), ("Sistermark", "NRU", ours), ("Foreignmark", "KIR", make_organisation())]
        )
    )
    world = World(own, sister, foreign)
    for role in Role:
        world.users[role] = make_user(role, at=own.site)
        world.assigned[role] = make_user(role, at=own.site)
        world.leavers[role] = make_user(role, at=own.site, over=True)
        for user in (world.assigned[role], world.leavers[role]):
            make_key_worker(own.person, user, at=own.site, supervisor=own.key_worker.user)
    return world


def make_place(mark: str, number: int, nationality: str, organisation: Organisation) -> Place:
    phone, birth = f"+3247000000{number}", date(1961 + number, 2, 3 + number)
    street, room = mark.replace("mark", "lane"), mark.replace("mark", "room")
    facts = {"birth_date": birth, "birth_precision": Person.BirthPrecision.DAY, "nationalities": [nationality]}
    refuge = mark.replace("mark", " Refuge House")
    site = make_site(refuge, organisation=organisation, address=street, address_is_confidential=True)
    bed, closed_bed, free_bed = make_beds(site, "ABC", room=room)
    colleague = make_user(Role.POLYVALENT, at=site)
    person = make_person(mark, FIRST_NAME, at=site, phone=phone, **facts)
    absorbed = make_person(mark, f"{FIRST_NAME} Senior", at=site, **facts)
    key_worker = make_key_worker(person, make_user(Role.SOCIAL_WORKER, at=site), at=site)
    with acting_as(colleague.pk):
        record(Action.OPEN, info_class=InfoClass.IDENTITY, persons=[person])
    secrets = {kind: f"{kind}-confided-at-{site.slug}" for kind in Kind}
    reason = f"emergency-reason-at-{site.slug}"
    invited = f"invited-to-{site.slug}@example.org"
    return Place(
        site=site,
        mark=mark,
        born=tuple(date_format(birth, form) for form in ("DATE_FORMAT", "SHORT_DATE_FORMAT", "Y-m-d")),
        nation=country_name(nationality),
        phone=phone,
        room=room,
        invited=invited,
        refuge=site.name,
        street=street,
        colleague=colleague,
        bed=bed,
        free_bed=free_bed,
        closure=BedClosure.objects.create(bed=closed_bed, from_on="2026-01-01", reason=BedClosure.Reason.WORKS),
        person=person,
        double=make_person(mark, f"{FIRST_NAME} Junior", at=site, **facts),
        stay=make_stay(person, at=site, bed=bed),
        request=make_request(make_person(mark, FIRST_NAME, at=site, phone=phone, **facts), at=site),
        merge=merge_persons(survivor=person, absorbed=absorbed, reason="same paper", by=colleague),
        membership=colleague.memberships.get(),
        proposal=RoleProposal.objects.create(
            email=f"proposed-to-{site.slug}@example.org",
            name="Proposed Colleague",
            role=Role.JURIST,
            site=site,
            proposed_by=make_user(Role.COORDINATOR, at=site),
        ),
        invitation=Invitation.objects.create(
            email=invited,
            name="Invited Colleague",
            role=Role.POLYVALENT,
            site=site,
            token_digest=Invitation.digest(mark),
            invited_by=make_user(Role.COORDINATOR, at=site),
        ),
        job=make_import(site, mark),
        key_worker=key_worker,
        consent=casework.give_consent(
            person=person, what=Consent.What.SHARE_WITH_JURIST, how=Consent.How.SPOKEN, by=key_worker.user
        ),
        secrets=secrets,
        notes={kind: make_note(person, kind, text=secret, at=site) for kind, secret in secrets.items()},
        documents={kind: make_document(person, kind, text=secret, at=site) for kind, secret in secrets.items()},
        export=make_export(site, by=colleague, purpose=mark),
        reason=reason,
        emergency=make_break_glass(
            person,
            make_user(Role.COORDINATOR, at=site),
            InfoClass.LEGAL,
            at=site,
            reason=reason,
            since=timezone.now() - timedelta(days=8),
        ),
    )
