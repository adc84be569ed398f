"""The pages of a case file: what each role finds there, and what closes them."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from casework import services
from casework.kinds import Kind
from casework.models import Consent, Document, Note
from residents.models import KeyWorker
from shelter.accounts.models import User
from shelter.accounts.policy import InfoClass, Role
from shelter.audit import Action
from tests.exports.taking import take_out
from tests.factories import make_document, make_key_worker, make_note, make_person, make_site, make_user
from tests.security.crawl import text_of

pytestmark = pytest.mark.django_db

SECRET = "Abebe told of the journey"


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def person(site):
    return make_person(at=site)


@pytest.fixture
def worker(site, person):
    user = make_user(Role.SOCIAL_WORKER, at=site, language="en")
    make_key_worker(person, user, at=site)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def note_data(**changes: object) -> dict[str, object]:
    return {"kind": "social", "happened_on": timezone.localdate().isoformat(), "text": SECRET} | changes


def test_a_key_worker_writes_and_reads(person, worker, entries):
    client = signed_in(worker)
    answer = client.post(f"/people/{person.public_id}/social/write/", note_data())
    assert (answer.status_code, answer.url) == (302, f"/people/{person.public_id}/social/")
    assert SECRET in client.get(answer.url).content.decode()
    (row,) = entries(info_class=InfoClass.INTERVIEWS, action=Action.OPEN)
    assert (row.user_id, row.persons) == (worker.pk, [person.pk])


def test_a_key_worker_of_a_site_that_does_not_know_the_person_writes_too(site):
    """A coordination of two sites may assign a colleague of the other one before the person comes."""
    elsewhere = make_person(at=make_site(organisation=site.organisation))
    worker = make_user(Role.SOCIAL_WORKER, at=site)
    make_key_worker(elsewhere, worker, at=site)
    client = signed_in(worker)
    assert client.post(f"/people/{elsewhere.public_id}/social/write/", note_data()).status_code == 302
    assert Note.objects.get().author == worker


def test_ending_the_assignment_closes_the_file_at_the_next_request(person, site, worker):
    """A5, in the middle of a session: reading, writing and downloading alike."""
    note, document = make_note(person, Kind.SOCIAL, at=site), make_document(person, Kind.SOCIAL, at=site)
    client = signed_in(worker)
    addresses = [
        f"/people/{person.public_id}/social/",
        f"/people/{person.public_id}/social/write/",
        f"/people/{person.public_id}/social/documents/add/",
        f"/social/notes/{note.public_id}/correct/",
        f"/social/notes/{note.public_id}/versions/",
        f"/social/documents/{document.public_id}/",
    ]
    assert {client.get(address).status_code for address in addresses} == {200}
    coordinator = signed_in(make_user(Role.COORDINATOR, at=site))
    coordinator.post(f"/key-workers/{KeyWorker.objects.get(user=worker).public_id}/end/")
    assert {client.get(address).status_code for address in addresses} == {404}
    assert client.post(f"/people/{person.public_id}/social/write/", note_data()).status_code == 404
    assert Note.objects.count() == 1


def test_the_end_can_be_undone(person, site, worker):
    coordinator = signed_in(make_user(Role.COORDINATOR, at=site))
    made = KeyWorker.objects.get(user=worker)
    answer = coordinator.post(f"/key-workers/{made.public_id}/end/", follow=True)
    assert f"/key-workers/{made.public_id}/resume/" in answer.content.decode()
    coordinator.post(f"/key-workers/{made.public_id}/resume/")
    assert signed_in(worker).get(f"/people/{person.public_id}/social/").status_code == 200


def tabs(client: Client, person) -> list[str]:
    page = client.get(f"/people/{person.public_id}/").content.decode()
    nav = re.search(r'<ul class="tabs">.*?</ul>', page, re.DOTALL)
    return re.findall(r'href="/people/[0-9a-f-]+/([a-z/-]*?)/?"', nav[0]) if nav else []


@pytest.mark.parametrize(
    ("role", "alone", "assigned"),
    [
        (Role.COORDINATOR, [], []),
        (Role.DEPUTY_SOCIAL, ["social"], ["social", "health"]),
        (Role.SOCIAL_WORKER, [], ["social", "health"]),
        (Role.JURIST, [], ["legal", "health"]),
        (Role.MEDIATOR, [], ["social"]),
    ],
)
def test_a_tab_shows_if_it_opens(person, site, role, alone, assigned):
    user = make_user(role, at=site)
    assert [tab for tab in tabs(signed_in(user), person) if tab in {"social", "legal", "health"}] == alone
    make_key_worker(person, user, at=site)
    found = tabs(signed_in(user), person)
    assert [tab for tab in found if tab in {"social", "legal", "health"}] == assigned
    for tab in ("social", "legal", "health"):
        status = signed_in(user).get(f"/people/{person.public_id}/{tab}/").status_code
        assert (status == 200) is (tab in assigned), (tab, status)


def test_a_health_professional_opens_the_page_of_an_assigned_person_only(person, site):
    nurse = make_user(Role.HEALTH, at=site)
    assert signed_in(nurse).get(f"/people/{person.public_id}/").status_code == 404
    make_key_worker(person, nurse, at=site)
    assert signed_in(nurse).get(f"/people/{person.public_id}/").status_code == 200
    assert person.full_name in signed_in(nurse).get("/files/").content.decode()


def test_the_coordination_sees_that_a_follow_up_exists_and_no_word_of_it(person, site):
    jurist, coordinator = make_user(Role.JURIST, at=site), make_user(Role.COORDINATOR, at=site, language="en")
    make_key_worker(person, jurist, at=site)
    soon = timezone.localdate() + timedelta(days=3)
    make_note(person, Kind.LEGAL, at=site, text=SECRET, next_on=soon, by=jurist)
    page = signed_in(coordinator).get(f"/people/{person.public_id}/follow-up/").content.decode()
    assert "A legal follow-up exists" in page
    assert str(jurist) in page
    assert str(soon.day) in page
    assert SECRET not in page


def test_two_who_correct_the_same_note_see_both_texts(person, site, worker):
    note, deputy = make_note(person, Kind.SOCIAL, at=site), make_user(Role.DEPUTY_SOCIAL, at=site)
    address = f"/social/notes/{note.public_id}/correct/"
    first, second = signed_in(deputy), signed_in(worker)
    first.post(address, note_data(text="what the deputy wrote", version=1))
    answer = second.post(address, note_data(text="what the worker wrote", version=1))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "what the deputy wrote" in page
    assert "what the worker wrote" in page
    assert 'name="version" value="2"' in page
    assert second.post(address, note_data(text="both, brought together", version=2)).status_code == 302
    versions = second.get(f"/social/notes/{note.public_id}/versions/").content.decode()
    assert "what the deputy wrote" in versions
    assert "A quiet word" in versions


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("letter.exe", b"MZ", "This kind of file is not kept"),
        ("letter.pdf", b"<html>", "not what its name says"),
        ("big.pdf", b"%PDF-" + b"0" * 20 * 1024 * 1024, "larger than 20 MB"),
    ],
)
def test_a_refused_document_says_why_next_to_the_field(person, worker, name, content, sentence):
    file = SimpleUploadedFile(name, content)
    data = {"kind": "social", "title": "Rental contract", "file": file}
    answer = signed_in(worker).post(f"/people/{person.public_id}/social/documents/add/", data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "Rental contract" in page
    assert not Document.objects.exists()


def test_a_document_is_kept_and_given_back_as_an_attachment_that_names_nobody(person, worker, entries):
    client = signed_in(worker)
    file = SimpleUploadedFile(f"{person.last_name}.pdf", b"%PDF-1.4 contract")
    data = {"kind": "social", "title": "Rental contract", "file": file}
    client.post(f"/people/{person.public_id}/social/documents/add/", data)
    document = Document.objects.get()
    answer = client.get(f"/social/documents/{document.public_id}/")
    assert answer.content == b"%PDF-1.4 contract"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert re.fullmatch(r'attachment; filename="document-[0-9a-f]{8}\.pdf"', answer["Content-Disposition"])
    assert entries(action=Action.DOWNLOAD, user_id=worker.pk)[0].persons == [person.pk]


def test_assigning_offers_the_colleagues_of_one_s_pole(person, site):
    social, jurist = make_user(Role.SOCIAL_WORKER, at=site), make_user(Role.JURIST, at=site)
    deputy = signed_in(make_user(Role.DEPUTY_LEGAL, at=site))
    address = f"/people/{person.public_id}/follow-up/assign/"
    page = deputy.get(address).content.decode()
    assert str(jurist.memberships.get().public_id) in page
    assert str(social.memberships.get().public_id) not in page
    assert deputy.post(address, {"membership": social.memberships.get().public_id}).status_code == 422
    assert deputy.post(address, {"membership": jurist.memberships.get().public_id}).status_code == 302
    assert KeyWorker.objects.get().user == jurist


@pytest.mark.parametrize("persons", [1, 20])
def test_the_list_of_followed_persons_costs_the_same_however_long(site, worker, assert_page_queries, persons):
    for _ in range(persons):
        make_key_worker(make_person(at=site), worker, at=site)
    client = signed_in(worker)
    with assert_page_queries(4):
        client.get("/files/")


@pytest.mark.parametrize("notes", [1, 20])
def test_a_section_costs_the_same_however_much_is_written(person, site, worker, assert_page_queries, notes):
    for _ in range(notes):
        make_note(person, Kind.SOCIAL, at=site)
        make_document(person, Kind.SOCIAL, at=site)
    client = signed_in(worker)
    with assert_page_queries(13):
        client.get(f"/people/{person.public_id}/social/")


def test_a_closed_file_offers_no_writing(person, site, worker):
    note = make_note(person, Kind.SOCIAL, at=site)
    services.close_case_file(file=note.case_file, by=None)
    page = signed_in(worker).get(f"/people/{person.public_id}/social/").content.decode()
    assert "/social/write/" not in page
    assert signed_in(worker).get(f"/people/{person.public_id}/social/write/").status_code == 200


def test_an_intern_reads_under_supervision_and_no_longer(person, site):
    """The supervisor's own rights are looked up beneath row-level security, which hides colleagues' roles from interns."""
    intern, supervisor = make_user(Role.INTERN, at=site), make_user(Role.SOCIAL_WORKER, at=site)
    make_key_worker(person, intern, at=site, supervisor=supervisor)
    make_note(person, Kind.SOCIAL, at=site, text=SECRET)
    address = f"/people/{person.public_id}/social/"
    assert SECRET in signed_in(intern).get(address).content.decode()
    supervisor.memberships.all().delete()
    assert signed_in(intern).get(address).status_code == 404


def test_a_jurist_reads_shared_interviews_until_the_consent_is_taken_back(person, site, worker):
    jurist = make_user(Role.JURIST, at=site)
    make_key_worker(person, jurist, at=site)
    make_note(person, Kind.SOCIAL, at=site, text=SECRET)
    reader, asker, address = signed_in(jurist), signed_in(worker), f"/people/{person.public_id}/social/"
    assert reader.get(address).status_code == 404
    asker.post(f"/people/{person.public_id}/consents/add/", {"what": "share_with_jurist", "how": "spoken"})
    assert SECRET in reader.get(address).content.decode()
    assert reader.get(f"{address}write/").status_code == 403
    asker.post(f"/consents/{Consent.objects.get().public_id}/withdraw/")
    assert reader.get(address).status_code == 404


def test_the_list_leaves_the_house_as_a_named_list_does(person, worker):
    """A10, and no word of what was confided in it."""
    make_note(person, Kind.SOCIAL, at=person.registered_at, text=SECRET)
    text = text_of(take_out(signed_in(worker), "/files/export/"))
    assert person.full_name in text
    assert str(worker) in text
    assert SECRET not in text
