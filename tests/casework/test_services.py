"""What may happen to a case file, and what lies in the database and on the disk afterwards."""

import io
import os
import zipfile
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from PIL import Image
from psycopg import sql

from casework import services, tasks
from casework.kinds import Kind
from casework.models import CaseFile, Consent, Document, Note, Notice
from casework.services import refusals
from casework.services.documents import folder
from residents.models import KeyWorker, PersonKey
from residents.services import merge_persons
from residents.services.refusals import HasCaseFile
from shelter.accounts.policy import Role
from shelter.identity import acting_as
from shelter.vault import Unreadable
from tests.conftest import as_application
from tests.factories import make_document, make_key_worker, make_note, make_person, make_site, make_user

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


def test_a_note_is_sealed_and_opens_with_the_person_s_key(person, site):
    note = make_note(person, Kind.SOCIAL, at=site, text=SECRET)
    assert SECRET.encode() not in bytes(note.sealed_text)
    assert Note.objects.get().text(note.case_file.data_key()) == SECRET


def test_a_text_moved_to_another_note_is_refused(person, site):
    one, other = (make_note(person, Kind.SOCIAL, at=site, text=text) for text in (SECRET, "other"))
    Note.objects.filter(pk=other.pk).update(sealed_text=one.sealed_text)
    other.refresh_from_db()
    with pytest.raises(Unreadable):
        other.text(other.case_file.data_key())


def test_a_text_moved_to_another_person_is_refused_even_with_the_same_key(person, site):
    """The key is the person's own; and where two persons shared one, the place would still refuse."""
    note = make_note(person, Kind.SOCIAL, at=site, text=SECRET)
    stranger = make_note(make_person(at=site), Kind.SOCIAL, at=site)
    key = note.case_file.data_key()
    note.case_file = stranger.case_file
    with pytest.raises(Unreadable):
        note.text(key)
    with pytest.raises(Unreadable):
        note.text(stranger.case_file.data_key())


def test_an_earlier_text_put_back_is_refused(person, site):
    note = make_note(person, Kind.SOCIAL, at=site, text=SECRET)
    earlier = note.sealed_text
    corrected = services.correct_note(note=note, seen_version=1, changes={}, text="corrected", by=None)
    corrected.sealed_text = earlier
    with pytest.raises(Unreadable):
        corrected.text(corrected.case_file.data_key())


def test_correcting_keeps_every_version(person, site):
    note = make_note(person, Kind.SOCIAL, at=site, text=SECRET)
    corrected = services.correct_note(note=note, seen_version=1, changes={}, text="corrected", by=None)
    key = corrected.case_file.data_key()
    kept = [corrected.as_it_was(event).text(key) for event in corrected.events.order_by("version")]
    assert (corrected.version, kept) == (2, [SECRET, "corrected"])


def test_two_who_correct_the_same_note_are_told(person, site):
    note = make_note(person, Kind.SOCIAL, at=site)
    services.correct_note(note=note, seen_version=1, changes={}, text="first to save", by=None)
    with pytest.raises(refusals.ChangedMeanwhile):
        services.correct_note(note=note, seen_version=1, changes={}, text="second to save", by=None)
    assert Note.objects.get().text(note.case_file.data_key()) == "first to save"


def test_without_the_person_s_key_nothing_can_be_read(person, site):
    document = make_document(person, Kind.LEGAL, at=site, text=SECRET)
    note = make_note(person, Kind.LEGAL, at=site, text=SECRET)
    PersonKey.objects.all().delete()
    for read in (lambda: services.read_document(document), lambda: note.case_file.data_key()):
        with pytest.raises(Unreadable):
            read()


def test_no_word_of_it_is_in_the_database_or_on_the_disk(person, site, tmp_path):
    """D6: as a dump would show it, history included."""
    note = make_note(person, Kind.SOCIAL, at=site, text=SECRET)
    services.correct_note(note=note, seen_version=1, changes={}, text=f"{SECRET} again", by=None)
    make_document(person, Kind.OUTCOME, at=site, text=SECRET)
    begins = SECRET[:12]
    for table in connection.introspection.table_names():
        if not table.startswith("audit_"):  # which the application cannot read, and which holds no words
            assert not holds(table, begins), table
            assert not holds(table, begins.encode().hex()), table
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not any(begins.encode() in path.read_bytes() for path in files)


def holds(table: str, word: str) -> bool:
    query = sql.SQL("SELECT EXISTS (SELECT FROM {} AS row WHERE row::text LIKE %s)").format(sql.Identifier(table))
    with connection.cursor() as cursor:
        cursor.execute(query, [f"%{word}%"])
        return cursor.fetchone()[0]


def test_documents_lie_under_random_names_that_nobody_else_reads(person, site):
    document = make_document(person, Kind.SOCIAL, at=site)
    (path,) = folder().iterdir()
    assert path.name == document.stored_as
    assert path.stat().st_mode & 0o077 == 0
    assert services.read_document(document) == b"%PDF-1.4 A paper"


def test_the_file_of_one_document_under_the_name_of_another_is_refused(person, site):
    one, other = (make_document(person, Kind.SOCIAL, at=site, text=text) for text in "ab")
    (folder() / one.stored_as).rename(folder() / other.stored_as)
    with pytest.raises(Unreadable):
        services.read_document(other)


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("letter.exe", b"MZ", refusals.UnknownType),
        ("letter.docm", b"PK", refusals.UnknownType),
        ("letter", b"%PDF-1.4", refusals.UnknownType),
        ("letter.pdf", b"<html>", refusals.ContentDiffers),
        ("photo.png", b"%PDF-1.4", refusals.ContentDiffers),
        ("letter.docx", b"PK\x03\x04", refusals.ContentDiffers),
        ("big.pdf", b"%PDF-" + b"0" * 20 * 1024 * 1024, refusals.TooLarge),
    ],
)
def test_documents_are_refused_with_a_reason(person, site, name, content, refusal):
    with pytest.raises(refusal):
        make_document(person, Kind.SOCIAL, at=site, name=name, content=content)
    assert not Document.objects.exists()


def photo(size: tuple[int, int] = (40, 30)) -> bytes:
    """A JPEG that says where it was taken."""
    facts = Image.Exif()
    facts[0x010E] = SECRET  # its description
    facts.get_ifd(0x8825)[1] = "N"  # GPS
    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, format="JPEG", exif=facts)
    return file.getvalue()


def test_a_photo_forgets_where_it_was_taken(person, site):
    content = photo()
    assert SECRET.encode() in content
    kept = services.read_document(make_document(person, Kind.SOCIAL, at=site, name="card.jpg", content=content))
    with Image.open(io.BytesIO(kept)) as redrawn:
        assert (redrawn.format, redrawn.size, dict(redrawn.getexif())) == ("JPEG", (40, 30), {})
    assert SECRET.encode() not in kept


def test_a_photo_of_too_many_pixels_is_not_drawn(person, site):
    file = io.BytesIO()
    Image.new("1", (5000, 5001)).save(file, format="PNG")
    with pytest.raises(refusals.TooManyPixels):
        make_document(person, Kind.SOCIAL, at=site, name="card.png", content=file.getvalue())


def test_a_photo_too_large_for_the_library_to_open_is_refused_like_any_other(person, site):
    """Pillow looks at the size that the head of the file claims, and refuses by itself beyond a bound of its own."""
    content = bytearray(photo())
    size = content.index(b"\xff\xc0") + 5  # start of frame: length, precision, then height and width
    content[size : size + 4] = b"\xff\xf0\xff\xf0"
    with pytest.raises(refusals.TooManyPixels):
        make_document(person, Kind.SOCIAL, at=site, name="card.jpg", content=bytes(content))


def odt(**changes: int) -> bytes:
    """A text document whose package says something strange of its first member, at these places of its directory."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    content = bytearray(file.getvalue())
    directory = content.index(b"PK\x01\x02")
    for place, value in ((6, changes.get("version")), (8, changes.get("flags")), (10, changes.get("packing"))):
        if value is not None:
            content[directory + place] = value
            content[place - 2] = value
    return bytes(content)


@pytest.mark.parametrize("strange", [{"version": 200}, {"flags": 1}, {"packing": 99}], ids=repr)
def test_a_package_that_python_does_not_open_is_refused(person, site, strange):
    assert make_document(person, Kind.SOCIAL, at=site, name="letter.odt", content=odt())
    with pytest.raises(refusals.ContentDiffers):
        make_document(person, Kind.SOCIAL, at=site, name="letter.odt", content=odt(**strange))


def test_a_broken_photo_is_refused(person, site):
    with pytest.raises(refusals.ContentDiffers):
        make_document(person, Kind.SOCIAL, at=site, name="card.jpg", content=photo()[:300])


@pytest.mark.parametrize(
    ("command", "refusal"),
    [("false", refusals.Infected), ("sh -c 'exit 2'", refusals.ScannerSilent), ("/none", refusals.ScannerSilent)],
)
def test_the_scanner_refuses_and_its_silence_too(person, site, settings, command, refusal):
    settings.SCANNER = command
    with pytest.raises(refusal):
        make_document(person, Kind.SOCIAL, at=site)


def test_a_clean_document_passes_the_scanner(person, site, settings):
    settings.SCANNER = "true"
    make_document(person, Kind.SOCIAL, at=site)


def test_a_file_holds_a_hundred_documents(person, site, monkeypatch):
    monkeypatch.setattr("casework.services.documents.MAX_IN_A_FILE", 2)
    for _ in range(2):
        make_document(person, Kind.SOCIAL, at=site)
    with pytest.raises(refusals.TooManyDocuments):
        make_document(person, Kind.SOCIAL, at=site)


def test_the_limits_count_what_one_may_not_see(person, site, monkeypatch):
    worker = make_user(Role.SOCIAL_WORKER, at=site)
    make_key_worker(person, worker, at=site)
    for _ in range(2):
        make_document(person, Kind.LEGAL, at=site)
    with acting_as(worker.pk):
        assert not Document.objects.exists()
        with monkeypatch.context() as full:
            full.setattr("casework.services.documents.MAX_IN_A_FILE", 2)
            with pytest.raises(refusals.TooManyDocuments):
                make_document(person, Kind.SOCIAL, at=site)
        with monkeypatch.context() as full:
            full.setattr("casework.services.documents.MAX_BYTES_A_DAY", 20)
            with pytest.raises(refusals.TooMuchToday):
                make_document(person, Kind.SOCIAL, at=site)
        make_document(person, Kind.SOCIAL, at=site)


def test_what_a_rolled_back_upload_left_is_swept(person, site):
    kept = make_document(person, Kind.SOCIAL, at=site)
    with transaction.atomic():
        make_document(person, Kind.SOCIAL, at=site)
        transaction.set_rollback(True)
    [left] = [path for path in folder().iterdir() if path.name != kept.stored_as]
    under_way = folder() / "of-an-upload-under-way"
    under_way.touch()
    for path in (left, folder() / kept.stored_as):
        os.utime(path, (0, 0))

    with as_application():
        tasks.sweep_documents()

    assert {path.name for path in folder().iterdir()} == {kept.stored_as, under_way.name}


def test_a_site_sends_so_much_a_day(person, site, monkeypatch):
    monkeypatch.setattr("casework.services.documents.MAX_BYTES_A_DAY", 20)
    make_document(person, Kind.SOCIAL, at=site)
    with pytest.raises(refusals.TooMuchToday):
        make_document(person, Kind.SOCIAL, at=site)


def test_removing_a_document_removes_its_file(person, site, django_capture_on_commit_callbacks):
    document = make_document(person, Kind.SOCIAL, at=site)
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_document(document=document, by=None)
    assert not list(folder().iterdir())


def test_nothing_is_written_in_a_closed_file(person, site):
    note = make_note(person, Kind.SOCIAL, at=site)
    file = services.close_case_file(file=note.case_file, by=None)
    with pytest.raises(refusals.FileClosed):
        services.write_note(file=file, kind=Kind.SOCIAL, text="late", happened_on=timezone.localdate(), by=None)
    with pytest.raises(refusals.FileClosed):
        services.correct_note(note=note, seen_version=1, changes={}, text="late", by=None)
    services.reopen_case_file(file=file, by=None)
    make_note(person, Kind.SOCIAL, at=site)


def test_a_notice_says_the_next_date_and_forgets_none(person, site):
    soon = timezone.localdate() + timedelta(days=3)
    make_note(person, Kind.LEGAL, at=site, next_on=soon)
    make_note(person, Kind.LEGAL, at=site)
    assert Notice.objects.get().next_on == soon


def test_the_file_that_is_followed_up_is_the_one_that_is_kept(person, site):
    """What it holds is sealed for its person, and cannot become another's."""
    make_note(person, Kind.SOCIAL, at=site)
    double = make_person(at=site)
    with pytest.raises(HasCaseFile):
        merge_persons(survivor=double, absorbed=person, reason="same paper", by=None)
    merge_persons(survivor=person, absorbed=double, reason="same paper", by=None)


class TestAssigning:
    def test_a_coordinator_assigns_and_a_file_opens(self, person, site):
        worker, coordinator = make_user(Role.SOCIAL_WORKER, at=site), make_user(Role.COORDINATOR, at=site)
        made = services.assign_key_worker(person=person, membership=worker.memberships.get(), by=coordinator)
        assert KeyWorker.objects.valid().get() == made
        assert CaseFile.objects.get().site == site

    @pytest.mark.parametrize(
        ("by", "whom", "refusal"),
        [
            (Role.DEPUTY_LEGAL, Role.SOCIAL_WORKER, refusals.NotForThisRole),
            (Role.DEPUTY_SOCIAL, Role.JURIST, refusals.NotForThisRole),
            (Role.SOCIAL_WORKER, Role.JURIST, refusals.NotForThisRole),
            (Role.COORDINATOR, Role.NIGHT_WATCH, refusals.NotForThisRole),
            (Role.COORDINATOR, Role.INTERN, refusals.SupervisorMissing),
        ],
    )
    def test_each_within_their_pole(self, person, site, by, whom, refusal):
        membership = make_user(whom, at=site).memberships.get()
        with pytest.raises(refusal):
            services.assign_key_worker(person=person, membership=membership, by=make_user(by, at=site))

    def test_nobody_assigns_themselves(self, person, site):
        deputy = make_user(Role.DEPUTY_SOCIAL, at=site)
        with pytest.raises(refusals.NotToOneself):
            services.assign_key_worker(person=person, membership=deputy.memberships.get(), by=deputy)

    def test_nobody_of_another_organisation(self, person):
        stranger = make_user(Role.SOCIAL_WORKER, at=make_site())
        with pytest.raises(refusals.OtherOrganisation):
            services.assign_key_worker(person=person, membership=stranger.memberships.get(), by=None)

    def test_once_at_a_time_and_again_after_the_end(self, person, site):
        membership = make_user(Role.SOCIAL_WORKER, at=site).memberships.get()
        made = services.assign_key_worker(person=person, membership=membership, by=None)
        with pytest.raises(refusals.FollowsAlready):
            services.assign_key_worker(person=person, membership=membership, by=None)
        services.end_assignment(key_worker=made, by=None)
        services.assign_key_worker(person=person, membership=membership, by=None)
        with pytest.raises(refusals.FollowsAlready):
            services.resume_assignment(key_worker=made, by=None)

    @pytest.mark.parametrize(
        ("by", "refusal"),
        [("themselves", refusals.NotToOneself), (Role.DEPUTY_HOUSING, refusals.NotForThisRole)],
    )
    def test_who_may_not_assign_takes_back_no_end_either(self, person, site, by, refusal):
        """A5: nobody opens a secrecy class to themselves, or beyond their pole, by way of "undo"."""
        deputy = make_user(Role.DEPUTY_LEGAL, at=site)
        ended = services.end_assignment(key_worker=make_key_worker(person, deputy, at=site), by=None)
        with pytest.raises(refusal):
            services.resume_assignment(key_worker=ended, by=deputy if by == "themselves" else make_user(by, at=site))
        services.resume_assignment(key_worker=ended, by=make_user(Role.COORDINATOR, at=site))
        assert KeyWorker.objects.valid().get() == ended

    def test_a_supervisor_holds_what_the_intern_reads(self, person, site):
        intern = make_user(Role.INTERN, at=site).memberships.get()
        with pytest.raises(refusals.SupervisorLacksRight):
            services.assign_key_worker(
                person=person, membership=intern, supervisor=make_user(Role.NIGHT_WATCH, at=site), by=None
            )


def test_a_consent_is_given_once_until_it_is_taken_back(person):
    given = {"person": person, "what": Consent.What.SHARE_WITH_JURIST, "how": Consent.How.SPOKEN, "by": None}
    first = services.give_consent(**given)
    with pytest.raises(refusals.AlreadyAgreed):
        services.give_consent(**given)
    services.withdraw_consent(consent=first, by=None)
    assert not Consent.objects.valid().exists()
    services.give_consent(**given)
