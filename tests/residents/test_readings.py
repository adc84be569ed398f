"""Who may see who read a file, and which readings are noticed (C5, C7)."""

import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from celery import Celery
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from residents import tasks
from residents.models import KeyWorker, Person, ReadingAlert
from residents.selectors.readings import AccessLog
from residents.services import readings
from residents.services.history import recorded
from shelter.accounts.models import Membership, User
from shelter.accounts.policy import InfoClass, Role
from shelter.audit import Action, record
from shelter.identity import acting_as
from tests.conftest import as_application
from tests.exports.taking import take_out
from tests.factories import make_person, make_site, make_stay, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_site()


def opens(user, *persons, info_class=InfoClass.IDENTITY):
    with acting_as(user.pk):
        record(Action.OPEN, info_class=info_class, persons=persons)


def noticed():
    readings.note_readings(since=timezone.localdate() - timedelta(1))
    return {(alert.kind, alert.user_id, alert.person_id) for alert in ReadingAlert.objects.all()}


def housed(name="", *, at, **fields):
    person = make_person(name, at=at, **fields)
    make_stay(person, at=at)
    return person


def test_the_file_shows_who_read_it(client, house):
    person, worker = housed(at=house), make_user(Role.SOCIAL_WORKER, at=house, name="Marie Lebrun")
    client.force_login(worker)
    client.get(reverse("residents:person", args=[person.public_id]))
    client.force_login(make_user(Role.COORDINATOR, at=house, language="en"))
    page = client.get(reverse("residents:access_log", args=[person.public_id])).content.decode()
    assert "Marie Lebrun" in page
    assert "the person’s file" in page
    assert "No access fits" in client.get(
        reverse("residents:access_log", args=[person.public_id]), {"info_class": "health"}
    ).content.decode().replace("&#x27;", "'")


def test_the_copy_and_the_file_list_the_same(client, house):
    person = housed(at=house)
    opens(make_user(Role.SOCIAL_WORKER, at=house, name="Marie Lebrun"), person)
    client.force_login(make_user(Role.DEPUTY_SOCIAL, at=house, language="en"))
    assert "Marie Lebrun" in client.get(reverse("residents:access_copy", args=[person.public_id])).content.decode()
    export = take_out(client, reverse("residents:export_access_log", args=[person.public_id]), "asked for it")
    log, about = load_workbook(io.BytesIO(export.content)).worksheets
    assert "Marie Lebrun" in {row[1] for row in log.iter_rows(min_row=3, values_only=True)}
    assert ("File", person.reference) in set(about.iter_rows(values_only=True))


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.COORDINATOR, True), (Role.DEPUTY_LEGAL, True), (Role.SOCIAL_WORKER, False), (Role.DPO, False)],
)
def test_the_database_itself_asks_who_reads_a_log(house, role, may):
    """Whatever a page forgot: the function refuses."""
    person, reader = housed(at=house), make_user(role, at=house)
    with acting_as(reader.pk):
        if may:
            AccessLog(person)[:]
        else:
            with pytest.raises(DatabaseError, match="not yours"), transaction.atomic():
                AccessLog(person)[:]


def test_a_coordinator_of_another_site_and_nobody_are_refused(house):
    person = housed(at=house)
    for user_id in (make_user(Role.COORDINATOR, at=make_site()).pk, None):
        with acting_as(user_id), pytest.raises(DatabaseError, match="not yours"), transaction.atomic():
            AccessLog(person)[:]


def test_a_key_worker_reads_the_log_until_the_day_the_follow_up_ends(house):
    person, worker = housed(at=house), make_user(Role.SOCIAL_WORKER, at=house)
    follows = KeyWorker.objects.create(person=person, user=worker, site=house)
    with acting_as(worker.pk):
        AccessLog(person)[:]
    follows.ends_on = timezone.localdate()
    follows.save()
    with acting_as(worker.pk), pytest.raises(DatabaseError, match="not yours"), transaction.atomic():
        AccessLog(person)[:]


def test_confided_matters_of_somebody_one_does_not_follow_are_noticed(house):
    person, worker, other = housed(at=house), *(make_user(Role.JURIST, at=house) for _ in range(2))
    KeyWorker.objects.create(person=person, user=worker, site=house)
    for user in (worker, other):
        opens(user, person)
        opens(user, person, info_class=InfoClass.LEGAL)
    assert {row for row in noticed() if row[0] == "unassigned"} == {("unassigned", other.pk, person.pk)}


def test_the_file_of_somebody_who_left_is_noticed_and_of_somebody_housed_is_not(house):
    user, here, gone = make_user(Role.POLYVALENT, at=house), housed(at=house), make_person(at=house)
    today = timezone.localdate()
    make_stay(gone, at=house, since=today - timedelta(20), until=today - timedelta(10))
    opens(user, here)
    opens(user, gone)
    assert noticed() == {("unassigned", user.pk, gone.pk)}


def test_a_relatives_and_a_colleagues_file_are_noticed(house):
    user = make_user(Role.SOCIAL_WORKER, at=house, name="Zoé Ndongo-Müller")
    make_user(Role.MEDIATOR, at=house, name="Ibrahim Traoré")
    relative, colleague = housed("Muller", at=house), housed("Traore", first_name="Ibrahim", at=house)
    opens(user, relative, colleague, housed("Diallo", at=house))
    assert noticed() == {("relative", user.pk, relative.pk), ("colleague", user.pk, colleague.pk)}


def test_more_than_forty_files_in_an_hour_are_noticed_once(house):
    users = [make_user(Role.POLYVALENT, at=house) for _ in range(2)]
    people = [housed(at=house) for _ in range(readings.FILES_AN_HOUR + 1)]
    opens(users[0], *people[:-1])
    opens(users[1], *people)
    assert noticed() == {("bulk", users[1].pk, None)}
    assert noticed() == {("bulk", users[1].pk, None)}
    assert ReadingAlert.objects.get().times == readings.FILES_AN_HOUR + 1


@pytest.mark.parametrize(
    ("night_from", "night_until", "is_night"), [(0, -99, True), (99, 1, True), (1, 0, False)], ids=str
)
def test_confided_matters_at_night_are_noticed(house, monkeypatch, night_from, night_until, is_night):
    """The record takes no hour from the application, so the night moves to the present hour: it begins or ends there."""
    assert (readings.NIGHT_FROM, readings.NIGHT_UNTIL) == (22, 6)
    now = datetime.now(ZoneInfo("Europe/Brussels")).hour
    monkeypatch.setattr(readings, "NIGHT_FROM", now + night_from)
    monkeypatch.setattr(readings, "NIGHT_UNTIL", now + night_until)
    person, worker = housed(at=house), make_user(Role.SOCIAL_WORKER, at=house)
    KeyWorker.objects.create(person=person, user=worker, site=house)
    opens(worker, person)
    assert not noticed()
    opens(worker, person, info_class=InfoClass.INTERVIEWS)
    assert (("night", worker.pk, person.pk) in noticed()) is is_night


def test_the_report_is_for_the_coordinator_and_the_officer_of_the_site(client, house):
    user, gone = make_user(Role.POLYVALENT, at=house, name="Curious Colleague"), make_person("Hiddenname", at=house)
    opens(user, gone)
    assert noticed()
    report = reverse("residents:readings")
    for role, at, sees in [(Role.COORDINATOR, house, 1), (Role.DPO, house, 1), (Role.COORDINATOR, make_site(), 0)]:
        client.force_login(make_user(role, at=at))
        page = client.get(report).content.decode()
        assert ("Curious Colleague" in page) is bool(sees), role
        assert "Hiddenname" not in page, "files are called by their number"
    client.force_login(user)
    assert client.get(report).status_code == 403


def test_an_alert_is_told_once_and_without_a_word_about_it(house, mailoutbox):
    overseer = make_user(Role.DPO, at=house, language="en")
    make_user(Role.COORDINATOR, at=make_site())
    opens(make_user(Role.POLYVALENT, at=house, name="Curious Colleague"), make_person("Hiddenname", at=house))
    tasks.note_readings()
    tasks.note_readings()
    (mail,) = mailoutbox
    assert mail.to == [overseer.email]
    assert mail.body == "An alert waits for you in Maisonnée."
    assert "Maisonnée" in mail.subject


def test_nobody_adds_an_alert_or_takes_one_away(house):
    opens(make_user(Role.POLYVALENT, at=house), make_person(at=house))
    assert noticed()
    for statement in ("DELETE FROM residents_readingalert", "UPDATE residents_readingalert SET times = 0"):
        with as_application(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_grants_and_their_ends_are_recorded(entries, house):
    from shelter.accounts import services

    coordinator, colleague = make_user(Role.COORDINATOR, at=house), make_user()
    given = services.grant(user=colleague, role=Role.POLYVALENT, site=house, by=coordinator)
    number = given.pk
    services.end_membership(given, by=coordinator)
    services.invite(email="new@example.org", name="New", role=Role.POLYVALENT, site=house, by=coordinator)
    seen = [(row.action, row.user_id, row.site_id) for row in entries(user_id=coordinator.pk)]
    assert seen == [(act, coordinator.pk, house.pk) for act in ("grant", "revoke", "invite")]
    assert entries(action="grant")[0].about == f"{Membership._meta.label_lower}:{number}"


def test_the_report_names_a_reader_from_wherever_they_are(client, house):
    """Row-level security hides people of other organisations from the officer, but not whose reading they look at."""
    stranger = make_user(Role.SOCIAL_WORKER, name="Jeanne Ailleurs")
    unnoticed = make_user(Role.SOCIAL_WORKER, name="Odile Autrepart")
    officer = make_user(Role.DPO, at=house)
    opens(stranger, housed(at=house))
    assert noticed()
    client.force_login(officer)
    page = client.get(reverse("residents:readings")).content.decode()
    assert "Jeanne Ailleurs" in page
    with acting_as(officer.pk):
        assert stranger in User.objects.get_queryset()
        assert unnoticed not in User.objects.get_queryset()
    with acting_as(make_user(Role.SOCIAL_WORKER, at=house).pk):
        assert stranger not in User.objects.get_queryset()


def test_a_file_names_its_colleagues_and_no_colleague_of_another_site(client, house):
    sister = make_site(organisation=house.organisation)
    here = make_user(Role.COORDINATOR, at=house, name="Marie Lebrun")
    elsewhere = make_user(Role.COORDINATOR, at=sister, name="Jeanne Ailleurs")
    person = housed(at=house)
    for by, note in ((here, "Awa"), (elsewhere, "Aya")):
        with recorded(by):
            Person.objects.filter(pk=person.pk).update(known_as=note)
    client.force_login(make_user(Role.SOCIAL_WORKER, at=house, language="en"))
    page = client.get(reverse("residents:person", args=[person.public_id])).content.decode()
    assert "Marie Lebrun" in page
    assert "a colleague of another site" in page
    assert "Jeanne Ailleurs" not in page


def test_what_a_task_read_is_told_by_its_job(house):
    person, user = housed(at=house), make_user(Role.COORDINATOR, at=house)

    @Celery(set_as_current=False).task(name="shelter.exports.tasks.write", shared=False)
    def job():
        opens(user, person)

    job.apply()
    with acting_as(user.pk):
        [access] = AccessLog(person)[:]
    with translation.override("en"):
        assert access.where == "named list, by a worker"
