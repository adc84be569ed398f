"""What the pages of a case file show, as far as the reader may know."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, QuerySet

from casework.access import kinds_open_to
from casework.kinds import Kind
from casework.models import CaseFile, Consent, Document, Note, Notice
from casework.sections import Section
from casework.services import assignable_roles
from residents.models import KeyWorker, Person
from shelter.accounts.models import Membership, User
from shelter.accounts.policy import Can
from shelter.accounts.querysets import MembershipQuerySet
from sites.models import Site


@dataclass(frozen=True, slots=True)
class Entry:
    """A note in the clear."""

    note: Note
    text: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A document with its title in the clear."""

    document: Document
    title: str


@dataclass(frozen=True)
class FollowUp:
    """Who follows a person, and what is due; no word of what they confided but the safety instructions."""

    person: Person
    user: User

    @cached_property
    def file(self) -> CaseFile | None:
        return CaseFile.objects.filter(person=self.person).select_related("site", "opened_by").first()

    @cached_property
    def key_workers(self) -> Sequence[KeyWorker]:
        """At the reader's sites, the present ones first."""
        rows = KeyWorker.objects.visible_to(self.user).filter(person=self.person)
        found = rows.select_related("user", "site", "supervisor").order_by("-starts_on", "-pk")
        return sorted(found, key=lambda row: row.ends_on is not None)

    @cached_property
    def instructions(self) -> Sequence[Entry]:
        notes = Note.objects.visible_to(self.user, Can.SEE_SAFETY).filter(case_file__person=self.person)
        return entries(notes.select_related("case_file"))

    @cached_property
    def notice(self) -> Notice | None:
        """Of the legal follow-up, if there is one and the reader may know."""
        told = Notice.objects.visible_to(self.user).filter(case_file__person=self.person)
        return told.select_related("responsible").first()

    @cached_property
    def consents(self) -> Sequence[Consent]:
        return list(Consent.objects.visible_to(self.user).filter(person=self.person).select_related("recorded_by"))


@dataclass(frozen=True)
class SectionPage:
    """One secrecy class of a person's file, opened for one reader."""

    person: Person
    section: Section
    user: User

    @cached_property
    def notes(self) -> QuerySet[Note]:
        readable = Note.objects.visible_to(self.user, self.section.read).of(self.person, self.section.info_class)
        return readable.select_related("author", "case_file").order_by("-happened_on", "-pk")

    @cached_property
    def papers(self) -> Sequence[Paper]:
        readable = Document.objects.visible_to(self.user, self.section.read)
        found = readable.of(self.person, self.section.info_class).select_related("uploaded_by", "case_file")
        documents = list(found.order_by("-uploaded_at", "-pk"))
        if not documents:
            return []
        key = documents[0].case_file.data_key()
        return [Paper(document, document.title(key)) for document in documents]

    @cached_property
    def next(self) -> Notice | None:
        found = Notice.objects.filter(case_file__person=self.person, info_class=self.section.info_class)
        return found.first()

    @cached_property
    def kinds(self) -> Sequence[Kind]:
        """What the reader may write here."""
        return kinds_open_to(self.user, self.section.write, self.person)

    @cached_property
    def writable(self) -> Sequence[Kind]:
        """The same, and nothing in a closed file: what the page offers."""
        closed = CaseFile.objects.filter(person=self.person).exclude(closed_on=None)
        return [] if closed.exists() else self.kinds


def entries(notes: Iterable[Note]) -> list[Entry]:
    """Notes of one file, in the clear."""
    found = list(notes)
    if not found:
        return []
    key = found[0].case_file.data_key()
    return [Entry(note, note.text(key)) for note in found]


def site_to_open_at(user: User, person: Person, can: Can) -> Site:
    """Where a file opens that ``user`` is the first to write in: of the sites where they may, one that knows the person.

    A key worker may follow somebody whom none of them knows: an admission was taken back, or is still to come.
    """
    sites = list(Site.objects.filter(pk__in=user.access.sites_if_assigned(can)).order_by("pk"))
    known = (site for site in sites if Person.objects.known_at({site.pk}).filter(pk=person.pk).exists())
    return next(known, sites[0])


def memberships_to_assign(user: User, person: Person) -> MembershipQuerySet:
    """Whom ``user`` may make key worker of this person: colleagues of the roles that are theirs to share out."""
    within = Q(pk=None)
    for site_id in user.access.sites(Can.ASSIGN_KEY_WORKERS):
        within |= Q(site=site_id, role__in=assignable_roles(user, site_id))
    colleagues = Membership.objects.valid().filter(within, site__organisation=person.organisation_id)
    return colleagues.exclude(user=user).filter(user__is_active=True).select_related("user", "site").by_name()
