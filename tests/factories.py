"""Small worlds for tests: plain functions, each making one believable thing and whatever it needs around it."""

import json
from datetime import date, datetime, timedelta
from itertools import count

from django.utils import timezone

from casework import services as casework
from casework.kinds import Kind
from casework.models import Document, Note
from residents import services
from residents.models import BreakGlass, IntakeRequest, KeyWorker, Person, PersonKey, Stay
from residents.models.break_glass import HOUR
from shelter.accounts.models import Invitation, Membership, User
from shelter.accounts.policy import Can, InfoClass, Role
from shelter.exports.models import Export
from shelter.imports.models import ImportFile, ImportJob, Likeness, StagedPerson, StagedRecord, StagedRow
from shelter.vault import new_data_key
from sites.models import Bed, Organisation, Room, Site

_numbers = count(1)
PASSWORD = "correct horse battery staple"


def make_organisation(name: str = "") -> Organisation:
    number = next(_numbers)
    return Organisation.objects.create(name=name or f"Organisation {number}", slug=f"organisation-{number}")


def make_site(name: str = "", *, organisation: Organisation | None = None, **fields: object) -> Site:
    number = next(_numbers)
    fields = {"slug": f"site-{number}", "scheme": Site.Scheme.EMERGENCY} | fields
    return Site.objects.create(
        name=name or f"Site {number}", organisation=organisation or make_organisation(), **fields
    )


def make_beds(site: Site, labels: str = "A", *, room: str = "", floor: str = "0") -> list[Bed]:
    """A new room with a bed for each letter of ``labels``."""
    made = Room.objects.create(site=site, name=room or str(next(_numbers)), floor=floor)
    return [Bed.objects.create(room=made, label=label) for label in labels]


def make_user(role: Role | None = None, *, at: Site | None = None, over: bool = False, **fields: object) -> User:
    """A user with one role at one site since last year. ``over``: the membership ended yesterday."""
    number, today = next(_numbers), timezone.localdate()
    fields = {"email": f"user{number}@example.org", "name": f"Colleague {number}", "password": PASSWORD} | fields
    user = User.objects.create_user(**fields)
    if role:
        Membership.objects.create(
            user=user,
            role=role,
            site=None if role == Role.PLATFORM_ADMIN else at or make_site(),
            starts_on=today - timedelta(days=365),
            ends_on=today - timedelta(days=1) if over else None,
        )
    return user


def make_invitation(role: Role = Role.POLYVALENT, *, at: Site, by: User | None = None, token: str = "") -> Invitation:
    """Open to whoever holds ``token``."""
    number = next(_numbers)
    return Invitation.objects.create(
        email=f"invited{number}@example.org",
        name=f"Invited {number}",
        role=role,
        site=at,
        token_digest=Invitation.digest(token or f"token{number}"),
        invited_by=by or make_user(Role.COORDINATOR, at=at),
    )


def make_person(last_name: str = "", first_name: str = "Amadou", *, at: Site, **fields: object) -> Person:
    last_name = last_name or f"Testname{next(_numbers)}"
    return services.register_person(site=at, last_name=last_name, first_name=first_name, by=None, **fields)


def make_stay(
    person: Person | None = None,
    *,
    at: Site | None = None,
    bed: Bed | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Stay:
    """A stay since ten days ago, in ``bed`` all along if one is given, else at the site ``at``."""
    site = bed.room.site if bed else at or make_site()
    admission = services.Admission(
        person_id=(person or make_person(at=site)).pk,
        site_id=site.pk,
        bed_id=bed.pk if bed else None,
        arrived_on=since or timezone.localdate() - timedelta(days=10),
        left_on=until,
    )
    return services.admit_many([admission], by=None)[0]


def make_request(person: Person | None = None, *, at: Site, since: date | None = None) -> IntakeRequest:
    return services.request_place(
        person=person or make_person(at=at),
        site=at,
        requested_on=since or timezone.localdate() - timedelta(days=2),
        by=None,
    )


def make_key_worker(person: Person, user: User, *, at: Site, supervisor: User | None = None) -> KeyWorker:
    """``user`` follows ``person``, whatever role they hold: what it opens is the policy's business."""
    return KeyWorker.objects.create(person=person, user=user, site=at, supervisor=supervisor)


def make_break_glass(
    person: Person,
    user: User,
    of_class: InfoClass,
    *,
    at: Site,
    reason: str = "The lawyer calls back in ten minutes.",
    since: datetime | None = None,
) -> BreakGlass:
    """An emergency access that nobody was told of, open since now or ``since``."""
    opened_at = since or timezone.now()
    made = BreakGlass(
        person=person, user=user, site=at, of_class=of_class, opened_at=opened_at, ends_at=opened_at + HOUR
    )
    made.sealed_reason = made.seal("sealed_reason", reason, PersonKey.objects.sealing_key_of(person.pk))
    made.save()
    return made


def make_note(person: Person, kind: Kind, *, at: Site, text: str = "A quiet word", **facts: object) -> Note:
    file = casework.open_case_file(person=person, site=at, by=None)
    facts = {"happened_on": timezone.localdate(), "by": None} | facts
    return casework.write_note(file=file, kind=kind, text=text, **facts)


def make_document(person: Person, kind: Kind, *, at: Site, text: str = "A paper", **facts: object) -> Document:
    """A PDF as far as its first bytes go, that holds ``text``, under the title ``text``."""
    file = casework.open_case_file(person=person, site=at, by=None)
    facts = {"name": "scan.pdf", "content": b"%PDF-1.4 " + text.encode(), "by": None} | facts
    return casework.keep_document(file=file, kind=kind, title=text, **facts)


def make_import(site: Site, mark: str = "Testname") -> ImportJob:
    """An import under review: one row, about a person who may be another of the same file."""
    job = ImportJob.objects.create(
        site=site,
        state=ImportJob.State.REVIEW,
        raw_key=new_data_key()[1],
        kept_key=new_data_key()[1],
        counts={"new": 1},
    )
    file = ImportFile.objects.create(job=job, position=0, name=f"{mark}.xlsx", size=1, staged_at=timezone.now())
    first, second = (
        StagedPerson.objects.create(job=job, file=file, number=number, last_name=mark) for number in (0, 1)
    )
    row = StagedRow.objects.create(
        job=job, file=file, position=0, sheet="Feuil1", number=2, kind="resident", status="new", reading="data"
    )
    StagedRecord.objects.create(
        job=job,
        row=row,
        position=0,
        kind="resident",
        person=first,
        values={"last_name": mark},
        content=b"",
        identity=b"",
    )
    Likeness.objects.create(staged=first, other=second, score=70, reasons=["name"])
    return job


def make_export(site: Site, *, by: User, purpose: str = "fire drill") -> Export:
    """One that waits for a second person; there is no file behind it."""
    key, wrapped = new_data_key()
    export = Export(
        kind="people",
        info_class=InfoClass.IDENTITY,
        asked_by=by,
        site_ids=[site.pk],
        approver=Can.APPROVE_EXPORT.value,
        purpose=purpose,
        count=60,
        state=Export.State.WAITING,
        wrapped_key=wrapped,
    )
    asked = json.dumps({"query": "", "filters": [["Site", site.name]], "keys": []}).encode()
    export.sealed_selection = key.seal(asked, export.sealed_place("selection"))
    export.save()
    return export
