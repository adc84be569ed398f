"""Emergency access: one class of one person's file for an hour, with a reason, told at once and reviewed (A7)."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from casework.kinds import Kind
from casework.models import Note
from residents import services
from residents.models import BreakGlass, Person
from residents.selectors.readings import AccessLog
from residents.services.refusals import NothingToOpen, NotYoursToReview, ReviewedAlready
from shelter.accounts.models import User
from shelter.accounts.policy import EMERGENCIES, Can, InfoClass, Mode, Role, grants
from shelter.audit import Action, Purpose
from shelter.identity import acting_as
from tests.factories import make_break_glass, make_note, make_person, make_site, make_stay, make_user

pytestmark = pytest.mark.django_db
REASON = "Appel de l’avocate, délai ce soir à minuit."
VERDICT = BreakGlass.Verdict


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def person(site):
    made = make_person("Kidane", "Yonas", at=site)
    make_stay(made, at=site)
    for kind in Kind:
        make_note(made, kind, at=site, text=f"confided-{kind}")
    return made


@pytest.fixture
def coordinator(site):
    return make_user(Role.COORDINATOR, at=site, name="Claire Martin")


def address(person: Person, slug: str) -> str:
    return f"/people/{person.public_id}/{slug}/"


def breaks(person: Person, of_class: InfoClass, user: User) -> BreakGlass:
    with acting_as(user.pk):
        return services.break_glass(person_id=person.pk, of_class=of_class, reason=REASON, by=user)


def reads(user: User) -> tuple[set[str], set[str]]:
    """The kinds that the pages would show, and those that the database shows whatever a page forgot."""
    user = User.objects.get(pk=user.pk)
    with acting_as(user.pk):
        pages = {
            note.kind
            for can in (Can.READ_INTERVIEWS, Can.READ_LEGAL, Can.READ_HEALTH)
            for note in Note.objects.visible_to(user, can)
        }
        return pages, {note.kind for note in Note.objects.exclude(kind=Kind.INSTRUCTION)}


@pytest.mark.parametrize("role", list(Role))
def test_only_who_has_the_letter_in_the_table_may_ask(client, person, site, role):
    """Volunteers, and all the others, are refused before anything is looked up; the database refuses too."""
    user = make_user(role, at=None if role is Role.PLATFORM_ADMIN else site)
    client.force_login(user)
    pages = {
        InfoClass.IDENTITY: reverse("residents:break_glass_identity"),
        InfoClass.INTERVIEWS: address(person, "social/emergency"),
        InfoClass.LEGAL: address(person, "legal/emergency"),
    }
    for of_class in InfoClass:
        may = any(grant.mode is Mode.BREAK_GLASS for grant in grants()[role, of_class])
        assert may == (of_class in EMERGENCIES and user.access.may(EMERGENCIES[of_class].ask))
        if of_class in pages:
            assert client.get(pages[of_class]).status_code == (200 if may else 403)
            assert client.post(pages[of_class], {"reason": REASON}).status_code in ({302, 422} if may else {403})
        if not may:
            with pytest.raises(DatabaseError), acting_as(user.pk), transaction.atomic():
                BreakGlass.objects.create(
                    person=person,
                    user=user,
                    site=site,
                    of_class=of_class,
                    opened_at=timezone.now(),
                    ends_at=timezone.now() + timedelta(minutes=60),
                )


def test_it_opens_one_class_of_one_person_and_closes_after_an_hour(site, person, coordinator):
    other = make_person(at=site)
    make_note(other, Kind.LEGAL, at=site)
    assert reads(coordinator) == (set(), set())
    opened = breaks(person, InfoClass.LEGAL, coordinator)
    assert reads(coordinator) == ({Kind.LEGAL}, {Kind.LEGAL})
    with acting_as(coordinator.pk):
        assert Note.objects.exclude(kind=Kind.INSTRUCTION).get().case_file.person == person
    with time_machine.travel(opened.opened_at + timedelta(minutes=59)):
        assert reads(coordinator) == ({Kind.LEGAL}, {Kind.LEGAL})
    with time_machine.travel(opened.opened_at + timedelta(minutes=60, seconds=1)):
        assert reads(coordinator) == (set(), set())


def test_it_is_to_be_read_and_nothing_is_written_under_it(client, person, coordinator):
    breaks(person, InfoClass.LEGAL, coordinator)
    client.force_login(coordinator)
    assert client.get(address(person, "legal")).status_code == 200
    assert client.post(address(person, "legal/write"), {"text": "…"}).status_code == 403
    with pytest.raises(DatabaseError, match="row-level security"), acting_as(coordinator.pk):
        make_note(person, Kind.LEGAL, at=coordinator.memberships.get().site)


def test_it_closes_with_the_role_and_with_the_button(client, person, coordinator):
    opened = breaks(person, InfoClass.INTERVIEWS, coordinator)
    client.force_login(coordinator)
    assert client.get(address(person, "social")).status_code == 200
    client.post(reverse("residents:end_emergency", args=[opened.public_id]))
    assert client.get(address(person, "social")).status_code == 404
    assert reads(coordinator) == (set(), set())
    breaks(person, InfoClass.INTERVIEWS, coordinator)
    coordinator.memberships.update(ends_on=timezone.localdate())
    assert reads(coordinator) == (set(), set())


def test_a_page_asks_for_a_reason_and_leads_to_what_it_opened(client, person, coordinator):
    client.force_login(coordinator)
    page = client.get(address(person, "follow-up")).content.decode()
    assert address(person, "legal/emergency") in page
    refused = client.post(address(person, "legal/emergency"), {"reason": "vite"})
    assert refused.status_code == 422
    assert not BreakGlass.objects.exists()
    response = client.post(address(person, "legal/emergency"), {"reason": REASON})
    assert response.url == address(person, "legal")
    page = client.get(response.url).content.decode()
    assert "confided-legal" in page
    assert "60" in page.partition('class="note bad')[2]
    again = client.get(address(person, "legal/emergency"))
    assert again.url == address(person, "legal")


def test_it_asks_for_the_second_factor(client, person, coordinator):
    client.force_login(coordinator)
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    response = client.post(address(person, "legal/emergency"), {"reason": REASON})
    assert response.status_code == 302
    assert address(person, "legal") != response.url
    assert not BreakGlass.objects.exists()


def test_the_deputy_of_the_class_and_the_officer_are_told_and_nothing_is_said(
    site, person, coordinator, django_capture_on_commit_callbacks
):
    told = [make_user(role, at=site).email for role in (Role.DEPUTY_LEGAL, Role.DPO)]
    make_user(Role.DEPUTY_SOCIAL, at=site)
    make_user(Role.DEPUTY_LEGAL, at=make_site(organisation=site.organisation))
    with django_capture_on_commit_callbacks(execute=True):
        breaks(person, InfoClass.LEGAL, coordinator)
    assert sorted(message.to[0] for message in mail.outbox) == sorted(told)
    for message in mail.outbox:
        text = message.subject + message.body
        assert not any(word in text for word in ("Kidane", "Yonas", "Claire", REASON, person.reference, site.name))


def test_every_step_leaves_an_entry_and_the_file_shows_who_broke_the_glass(client, site, person, coordinator, entries):
    client.force_login(coordinator)
    client.post(address(person, "legal/emergency"), {"reason": REASON})
    client.get(address(person, "legal"))
    opened = BreakGlass.objects.get()
    client.post(reverse("residents:end_emergency", args=[opened.public_id]))
    deputy = make_user(Role.DEPUTY_LEGAL, at=site)
    client.force_login(deputy)
    client.post(reverse("residents:emergency", args=[opened.public_id]), {"verdict": VERDICT.JUSTIFIED, "note": "Vu."})
    steps = [(row.action, row.info_class, row.user_id, row.persons) for row in entries(purpose=Purpose.BREAK_GLASS)]
    assert steps == [
        (Action.BREAK_GLASS, "legal", coordinator.pk, [person.pk]),
        (Action.OPEN, "legal", coordinator.pk, [person.pk]),
        (Action.REVOKE, "legal", coordinator.pk, [person.pk]),
        (Action.REVIEW, "legal", deputy.pk, [person.pk]),
    ]
    with acting_as(deputy.pk):
        assert "Claire Martin" in {line.reader for line in AccessLog(person)[:] if line.purpose == Purpose.BREAK_GLASS}
    page = client.get(reverse("residents:access_log", args=[person.public_id])).content.decode()
    assert "accès d’urgence" in page


def test_who_answers_for_the_class_reviews_it_once_and_never_their_own(site, person, coordinator):
    opened = breaks(person, InfoClass.LEGAL, coordinator)
    coordinator.memberships.create(site=site, role=Role.DEPUTY_LEGAL)
    deputy = make_user(Role.DEPUTY_LEGAL, at=site)
    others = [make_user(role, at=site) for role in (Role.DEPUTY_SOCIAL, Role.DPO, Role.DIRECTOR)]
    elsewhere = make_user(Role.DEPUTY_LEGAL, at=make_site(organisation=site.organisation))
    for user in (User.objects.get(pk=coordinator.pk), *others, elsewhere):
        with pytest.raises(NotYoursToReview):
            services.review_break_glass(opened=opened, verdict=VERDICT.JUSTIFIED, note="", by=user)
    with acting_as(deputy.pk):
        services.review_break_glass(opened=opened, verdict=VERDICT.NOT_JUSTIFIED, note="À revoir.", by=deputy)
    opened.refresh_from_db()
    assert not opened.is_open
    assert opened.reviewed_by == deputy
    with pytest.raises(ReviewedAlready), acting_as(deputy.pk):
        services.review_break_glass(opened=opened, verdict=VERDICT.JUSTIFIED, note="", by=deputy)


def test_the_list_shows_it_to_who_answers_and_to_the_director_after_seven_days(client, site, person, coordinator):
    now = timezone.now()
    make_break_glass(person, coordinator, InfoClass.LEGAL, at=site, since=now - timedelta(days=6, hours=23))
    director = make_user(Role.DIRECTOR, at=site)
    page = reverse("residents:emergencies")

    def shown(user: User) -> bool:
        client.force_login(user)
        with acting_as(user.pk):
            assert BreakGlass.objects.exists() == BreakGlass.objects.visible_to(user).exists()
        return person.reference in client.get(page, {"state": "all"}).content.decode()

    for role in (Role.DEPUTY_LEGAL, Role.DEPUTY_SOCIAL, Role.DPO):
        assert shown(make_user(role, at=site))
        assert not shown(make_user(role, at=make_site(organisation=site.organisation)))
    assert shown(coordinator)
    assert not shown(director)
    make_break_glass(person, coordinator, InfoClass.LEGAL, at=site, since=now - timedelta(days=7, hours=1))
    assert shown(director)
    BreakGlass.objects.update(reviewed_at=now, reviewed_by=make_user(), verdict=VERDICT.JUSTIFIED)
    assert not shown(director)


def test_the_reason_is_sealed_and_read_by_who_reviews_alone(client, site, person, coordinator):
    opened = breaks(person, InfoClass.LEGAL, coordinator)
    assert REASON.encode() not in bytes(opened.sealed_reason)
    page = reverse("residents:emergency", args=[opened.public_id])
    for role, may in [(Role.DEPUTY_LEGAL, True), (Role.DEPUTY_SOCIAL, False), (Role.DPO, False)]:
        client.force_login(make_user(role, at=site))
        assert (REASON in client.get(page).content.decode()) == may


def test_the_database_holds_the_hour_the_reviewer_and_what_was_asked(site, person, coordinator):
    opened = breaks(person, InfoClass.LEGAL, coordinator)
    row = BreakGlass.objects.filter(pk=opened.pk)
    for values, rule in [
        ({"ends_at": opened.opened_at + timedelta(minutes=61)}, "lasts_an_hour_at_most"),
        ({"verdict": "justified"}, "is_reviewed_whole"),
        (
            {"reviewed_by": coordinator, "reviewed_at": timezone.now(), "verdict": "justified"},
            "is_reviewed_by_another",
        ),
    ]:
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            row.update(**values)
    with pytest.raises(DatabaseError, match=r"Cannot update"), transaction.atomic():
        row.update(opened_at=timezone.now() + timedelta(minutes=30))
    with pytest.raises(DatabaseError, match="row-level security"), acting_as(coordinator.pk):
        row.update(reviewed_by=make_user(), reviewed_at=timezone.now(), verdict="justified")


def test_a_director_opens_an_identity_by_its_number_and_no_other_houses(client, site, person):
    director = make_user(Role.DIRECTOR, at=site)
    elsewhere = make_person(at=make_site(organisation=site.organisation))
    client.force_login(director)
    assert client.get(address(person, "").replace("//", "/")).status_code == 404
    ask = reverse("residents:break_glass_identity")
    absent = client.post(ask, {"number": "P-999999", "reason": REASON})
    hidden = client.post(ask, {"number": elsewhere.reference, "reason": REASON})
    assert absent.status_code == hidden.status_code == 422
    with pytest.raises(NothingToOpen), acting_as(director.pk):
        services.break_glass(person_id=elsewhere.pk, of_class=InfoClass.IDENTITY, reason=REASON, by=director)
    response = client.post(ask, {"number": person.reference, "reason": REASON})
    page = client.get(response.url)
    assert "Kidane" in page.content.decode()
    with acting_as(director.pk):
        assert Person.objects.get() == person
        assert not Note.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        client.force_login(director)
        assert client.get(response.url).status_code == 404
