"""Role and assignment, or role, assignment and consent: what each opens, and that ending either closes it (A5)."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError
from django.utils import timezone

from casework import services
from casework.kinds import Kind
from casework.models import Consent, Document, Note
from shelter.accounts.models import User
from shelter.accounts.policy import Can, Role
from shelter.identity import acting_as
from tests.factories import make_document, make_key_worker, make_note, make_person, make_site, make_user

pytestmark = pytest.mark.django_db

INTERVIEWS, LEGAL, HEALTH = (Kind.SOCIAL, Kind.MEDIATION), (Kind.LEGAL,), (Kind.OUTCOME, Kind.INSTRUCTION)
READS = {Can.READ_INTERVIEWS: INTERVIEWS, Can.READ_LEGAL: LEGAL, Can.READ_HEALTH: HEALTH}


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def person(site):
    """With a note and a document of each kind."""
    made = make_person(at=site)
    for kind in Kind:
        make_note(made, kind, at=site)
        make_document(made, kind, at=site)
    return made


def reads(user: User) -> set[Kind]:
    """Of which kinds the user reads notes and documents: the same of both."""
    user = User.objects.get(pk=user.pk)  # as the next request would
    notes, documents = (
        {Kind(row.kind) for can in READS for row in model.objects.visible_to(user, can)} for model in (Note, Document)
    )
    assert notes == documents
    return notes


def writes(user: User) -> set[Kind]:
    actions = (Can.WRITE_INTERVIEWS, Can.WRITE_LEGAL, Can.WRITE_HEALTH)
    user = User.objects.get(pk=user.pk)
    return {Kind(note.kind) for can in actions for note in Note.objects.visible_to(user, can)}


@pytest.mark.parametrize(
    ("role", "alone", "assigned"),
    [
        (Role.DEPUTY_SOCIAL, {*INTERVIEWS}, {*INTERVIEWS, *HEALTH}),
        (Role.DEPUTY_LEGAL, {*LEGAL}, {*LEGAL}),
        (Role.SOCIAL_WORKER, set(), {*INTERVIEWS, *HEALTH}),
        (Role.JURIST, set(), {*LEGAL}),
        (Role.MEDIATOR, set(), {Kind.MEDIATION}),
        (Role.HEALTH, set(), {*HEALTH}),
        (Role.INTERN, set(), set()),
        (Role.PARTNER, set(), set()),
        (Role.COORDINATOR, set(), set()),
        (Role.DIRECTOR, set(), set()),
        (Role.NIGHT_WATCH, set(), set()),
        (Role.PLATFORM_ADMIN, set(), set()),
        (Role.DPO, set(), set()),
    ],
)
def test_what_each_role_reads(person, site, role, alone, assigned):
    user = make_user(role, at=site)
    assert reads(user) == alone
    make_key_worker(person, user, at=site)
    assert reads(user) == assigned


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        (Role.SOCIAL_WORKER, {*INTERVIEWS}),
        (Role.JURIST, {*LEGAL}),
        (Role.MEDIATOR, {Kind.MEDIATION}),
        (Role.HEALTH, {*HEALTH}),
        (Role.INTERN, set()),
        (Role.COORDINATOR, set()),
    ],
)
def test_what_each_role_writes_for_the_assigned(person, site, role, kinds):
    user = make_user(role, at=site)
    make_key_worker(person, user, at=site, supervisor=make_user(Role.DEPUTY_SOCIAL, at=site))
    assert writes(user) == kinds


def test_a_jurist_reads_interviews_with_assignment_and_consent_only(person, site):
    jurist = make_user(Role.JURIST, at=site)
    consent = services.give_consent(person=person, what=Consent.What.SHARE_WITH_JURIST, how=Consent.How.SPOKEN, by=None)
    assert reads(jurist) == set()
    make_key_worker(person, jurist, at=site)
    assert reads(jurist) == {*INTERVIEWS, *LEGAL}
    services.withdraw_consent(consent=consent, by=None)
    assert reads(jurist) == {*LEGAL}


def test_a_jurist_reads_health_that_serves_as_evidence(person, site):
    jurist = make_user(Role.JURIST, at=site)
    make_key_worker(person, jurist, at=site)
    make_note(person, Kind.OUTCOME, at=site, is_evidence=True)
    assert Note.objects.visible_to(jurist, Can.READ_HEALTH).get().is_evidence


def test_an_intern_reads_under_a_supervisor_who_still_holds_the_class(person, site):
    intern, supervisor = make_user(Role.INTERN, at=site), make_user(Role.SOCIAL_WORKER, at=site)
    make_key_worker(person, intern, at=site, supervisor=supervisor)
    assert reads(intern) == {*INTERVIEWS}
    supervisor.memberships.update(ends_on=timezone.localdate())
    assert reads(intern) == set()


def test_an_intern_does_not_supervise_an_intern(person, site):
    intern = make_user(Role.INTERN, at=site)
    make_key_worker(person, intern, at=site, supervisor=make_user(Role.INTERN, at=site))
    assert reads(intern) == set()


def test_the_assignment_counts_at_the_site_where_the_role_is_held(person, site):
    """A social worker of one site, assigned as night watch of another, follows nobody."""
    sister = make_site(organisation=site.organisation)
    worker = make_user(Role.SOCIAL_WORKER, at=sister)
    make_key_worker(person, worker, at=site)
    assert reads(worker) == set()


def test_an_assignment_that_has_not_begun_or_is_over_opens_nothing(person, site):
    worker = make_user(Role.SOCIAL_WORKER, at=site)
    made = make_key_worker(person, worker, at=site)
    made.starts_on = timezone.localdate() + timedelta(days=1)
    made.save()
    assert reads(worker) == set()
    made.starts_on, made.ends_on = timezone.localdate() - timedelta(days=1), timezone.localdate()
    made.save()
    assert reads(worker) == set()


def test_the_deputy_of_another_site_reads_nothing(person, site):
    sister = make_site(organisation=site.organisation)
    assert reads(make_user(Role.DEPUTY_SOCIAL, at=sister)) == set()


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.NIGHT_WATCH, Role.POLYVALENT, Role.MEDIATOR])
def test_the_safety_instruction_shows_without_its_cause(person, site, role):
    user = make_user(role, at=site)
    assert {note.kind for note in Note.objects.visible_to(user, Can.SEE_SAFETY)} == {Kind.INSTRUCTION}
    elsewhere = make_user(role, at=make_site(organisation=site.organisation))
    assert not Note.objects.visible_to(elsewhere, Can.SEE_SAFETY).exists()


@pytest.mark.parametrize(
    ("role", "alone", "assigned"),
    [
        (Role.DEPUTY_SOCIAL, {*INTERVIEWS}, {*INTERVIEWS, *HEALTH}),
        (Role.SOCIAL_WORKER, set(), {*INTERVIEWS, *HEALTH}),
        (Role.JURIST, set(), {*INTERVIEWS, *LEGAL, *HEALTH}),  # the limits of a cell are the pages' business
        (Role.COORDINATOR, {Kind.INSTRUCTION}, {Kind.INSTRUCTION}),
        (Role.NIGHT_WATCH, {Kind.INSTRUCTION}, {Kind.INSTRUCTION}),
        (Role.DIRECTOR, set(), set()),
        (Role.PLATFORM_ADMIN, set(), set()),
        (Role.DPO, set(), set()),
    ],
)
def test_the_database_shows_no_class_that_the_role_has_not(person, site, role, alone, assigned):
    """A view without any filter of its own: class and assignment hold beneath it (A24)."""
    user = make_user(role, at=site)
    assert rows_shown_to(user) == alone
    make_key_worker(person, user, at=site)
    assert rows_shown_to(user) == assigned
    stranger = make_user(role, at=make_site(organisation=site.organisation))
    assert rows_shown_to(stranger) == set()


def rows_shown_to(user: User) -> set[Kind]:
    """Of notes, documents and the histories of both."""
    models = (Note, Document, Note.pgh_event_models["insert"], Document.pgh_event_models["insert"])
    with acting_as(user.pk):
        shown = [{Kind(row.kind) for row in model.objects.all()} for model in models]
    assert shown.count(shown[0]) == len(shown), shown
    return shown[0]


def test_the_database_refuses_to_write_what_the_role_only_reads(person, site):
    jurist = make_user(Role.JURIST, at=site)
    make_key_worker(person, jurist, at=site)
    with pytest.raises(ProgrammingError, match="row-level security"), acting_as(jurist.pk):
        make_note(person, Kind.SOCIAL, at=site)
    with acting_as(jurist.pk):
        make_note(person, Kind.LEGAL, at=site)
