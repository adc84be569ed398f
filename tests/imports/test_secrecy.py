"""Values of a secrecy class: sealed at rest, absent from the page of whoever does not hold the class (A9b, D6, F4)."""

import json
import os
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from shelter.accounts.models import Membership
from shelter.accounts.policy import InfoClass, Role
from shelter.imports import files, output, services, tasks
from shelter.imports.forms import TableForm
from shelter.imports.models import ImportJob, Likeness, StagedRow
from shelter.imports.reading.types import Reason
from shelter.imports.services.upload import TooMuchToday, Upload
from tests.conftest import as_application
from tests.factories import make_person, make_site, make_user
from tests.imports.readings import row

pytestmark = pytest.mark.django_db
MARKER = "Zyxmarker"
PAGES = ("imports:file", "imports:columns", "imports:review", "imports:people")


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def job(site, stage):
    return stage(
        site,
        row(last_name="Ngono", note=f"{MARKER} note", procedure="CGRA", sp_number="9059358"),
        row("interview", last_name="Ngono", motive=f"{MARKER} motive", interview_date="2026-02-02"),
        row(last_name="Sow", reason=Reason("free_note", "", "", {"value": f"{MARKER} of no field"})),
        row(
            last_name="Bah",
            reason=Reason("sp_wrong_length", "sp_number", "B", {"value": f"{MARKER} number"}),
        ),
    )


def stored(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")  # noqa: S608 -- fixed names
        return cursor.fetchone()[0]


def test_nothing_of_it_is_readable_in_the_tables_or_on_disk(job):
    tables = [table for table in connection.introspection.table_names() if table.startswith("imports_")]

    for table in tables:
        assert MARKER not in stored(table), table
        assert MARKER.encode().hex() not in stored(table), table
    for path in files.folder().iterdir():
        assert b"content" not in path.read_bytes()


def test_a_data_administrator_learns_that_it_is_there_and_no_more(client, site, job):
    client.force_login(make_user(Role.DATA_ADMIN, at=site))

    pages = [client.get(reverse(name, args=[job.public_id])).content.decode() for name in PAGES]
    pages += [
        client.get(reverse("imports:row", args=[job.public_id, staged.pk])).content.decode()
        for staged in job.staged_rows.all()
    ]

    assert not any(MARKER in page or "9059358" in page for page in pages)
    assert "Gardé, pas ouvert à votre rôle" in pages[2]


def test_a_holder_of_the_class_reads_it(client, site, job):
    client.force_login(make_user(Role.DEPUTY_SOCIAL, at=site))

    page = client.get(reverse("imports:review", args=[job.public_id])).content.decode()

    assert f"{MARKER} note" in page
    assert f"{MARKER} motive" in page
    assert f"{MARKER} number" not in page  # an SP number belongs to the legal class


def test_another_sites_import_is_unknown(client, job):
    client.force_login(make_user(Role.COORDINATOR, at=make_site()))

    assert client.get(reverse("imports:review", args=[job.public_id])).status_code == 404


def test_a_role_that_does_not_import_is_refused(client, site, job):
    client.force_login(make_user(Role.SOCIAL_WORKER, at=site))

    assert client.get(reverse("imports:review", args=[job.public_id])).status_code == 403


def test_a_correction_is_refused_for_a_cell_that_is_closed_to_the_reader(client, site, job):
    client.force_login(make_user(Role.DATA_ADMIN, at=site))
    staged = job.staged_rows.first()

    answer = client.post(
        reverse("imports:row", args=[job.public_id, staged.pk]), {"column": "B", "text": "something else"}
    )

    assert answer.status_code == 422


def its_time_is_over(job):
    ImportJob.objects.filter(pk=job.pk).update(purge_on=timezone.localdate())
    job.refresh_from_db()


def test_after_thirty_days_files_and_raw_cells_are_gone_and_kept_values_are_not(site, let_in):
    job = let_in(site, row("interview", last_name="Ngono", motive="aide", interview_date="2026-02-02"))
    assert job.purge_on == timezone.localdate() + timedelta(days=30)
    its_time_is_over(job)

    services.purge()

    job = ImportJob.objects.get(pk=job.pk)
    assert job.raw_key is None
    assert list(files.folder().iterdir()) == []
    assert StagedRow.objects.get().raw is None
    kept = output.described(job.files.get())["rows"][0]["records"][0]["fields"]
    assert json.loads(json.dumps(kept))["motive"] == "aide"


def test_of_an_abandoned_import_nothing_stays(site, stage):
    job = stage(site, row(last_name="Ngono"))
    services.abandon(job, by=None)
    its_time_is_over(job)

    services.purge()

    job.refresh_from_db()
    assert (job.raw_key, job.kept_key) == (None, None)
    assert not job.staged_rows.exists()
    assert not job.persons.exists()


def test_a_person_known_beyond_ones_reach_is_only_known_elsewhere(client, site, stage):
    elsewhere = make_site(organisation=site.organisation)
    make_person(
        "Traoré", "Awa", at=elsewhere, birth_date=date(1998, 1, 1), birth_precision="year", phone="+32470999888"
    )
    job = stage(site, row(last_name="Traore", first_name="Awa", birth_date="1998-01-01", birth_date_precision="year"))
    question = Likeness.objects.get()
    client.force_login(make_user(Role.DATA_ADMIN, at=site))

    page = client.get(reverse("imports:people", args=[job.public_id])).content.decode()
    client.post(reverse("imports:answer", args=[job.public_id, question.pk]), {"answer": "same"})

    assert "autre site de l’organisation" in page
    assert not any(told in page for told in ("Traoré", question.person.reference, "+32470999888", 'value="same"'))
    question.refresh_from_db()
    assert question.answer == ""

    client.post(reverse("imports:answer", args=[job.public_id, question.pk]), {"answer": "two"})

    assert job.persons.get().state == "new"


@pytest.mark.parametrize(
    ("born", "how"),
    [
        ({"birth_date": "1998-03-02", "birth_date_precision": "day"}, "sure"),
        ({"birth_date": "1998-01-01", "birth_date_precision": "year"}, "doubtful"),
    ],
)
def test_however_sure_whom_the_importer_does_not_see_is_a_question(site, stage, born, how):
    """Taken in silence, a sure match would tell who lives at another site: an import would be an oracle (A9d)."""
    elsewhere = make_site(organisation=site.organisation)
    facts = {"birth_date": date.fromisoformat(born["birth_date"]), "birth_precision": born["birth_date_precision"]}
    hidden = make_person("Traoré", "Awa", at=elsewhere, **facts)
    importer = make_user(Role.DATA_ADMIN, at=site)

    job = stage(site, row(last_name="Traore", first_name="Awa", **born), by=importer)

    staged = job.persons.get()
    assert (staged.state, staged.person) == ("ambiguous", None), how
    assert job.questions().get().person == hidden


def test_whom_the_importer_sees_at_another_site_is_known(site, stage):
    elsewhere = make_site(organisation=site.organisation)
    person = make_person("Traoré", "Awa", at=elsewhere, birth_date=date(1998, 3, 2), birth_precision="day")
    importer = make_user(Role.DATA_ADMIN, at=site)
    Membership.objects.create(user=importer, role=Role.SOCIAL_WORKER, site=elsewhere)

    job = stage(
        site,
        row(last_name="Traore", first_name="Awa", birth_date="1998-03-02", birth_date_precision="day"),
        by=importer,
    )

    assert job.persons.get().person == person


def test_a_closed_column_cannot_be_taken_for_an_open_one(job):
    file = job.files.get()
    columns = {
        letter: {"field": field, "heading": letter, "confidence": 90}
        for letter, field in {"A": "procedure", "B": "ignore", "C": "gender"}.items()
    }
    table = {"index": 0, "kind": "resident", "columns": columns}
    wanted = {f"t{file.pk}-0-{name}": "last_name" for name in columns} | {f"t{file.pk}-0-kind": "resident"}

    def changes(*classes):
        form = TableForm(wanted, file=file, table=table, classes=frozenset(classes))
        assert form.is_valid()
        return form.changes()["columns"]

    assert changes() == {"C": "last_name"}  # what nobody recognised may hold anything: it counts as a free remark
    assert changes(InfoClass.LEGAL) == dict.fromkeys("AC", "last_name")
    assert changes(InfoClass.LEGAL, InfoClass.INTERVIEWS) == dict.fromkeys("ABC", "last_name")


def test_a_sheet_of_a_closed_kind_keeps_its_kind(job):
    file = job.files.get()
    table = {"index": 0, "kind": "interview", "columns": {}}

    form = TableForm({f"t{file.pk}-0-kind": "resident"}, file=file, table=table, classes=frozenset())

    assert form.is_valid()
    assert form.changes() == {}


def test_an_infected_workbook_is_refused_and_stages_nothing(site, settings, stage):
    """F4."""
    settings.SCANNER = "false"
    job = stage(site, row(last_name="Ngono"))
    assert (job.state, job.files.get().problem) == (ImportJob.State.REFUSED, "infected")
    assert not job.staged_rows.exists()


def test_while_the_scanner_is_silent_nothing_is_read(site, settings, stage):
    settings.SCANNER = "/none"
    job = stage(site, row(last_name="Ngono"))
    assert (job.state, job.failure) == (ImportJob.State.READING, "failed")
    settings.SCANNER = "true"
    services.work_on(job.pk)
    job.refresh_from_db()
    assert job.state == ImportJob.State.REVIEW


def test_what_a_rolled_back_upload_left_is_swept(site, stage):
    """F4: the file of an import that is there stays, and so does one of this hour."""
    [kept] = stage(site, row(last_name="Ngono")).files.values_list("stored_as", flat=True)
    with transaction.atomic():
        services.start_import(site=site, uploads=[Upload("a.csv", b"a")], by=None, dispatch=False)
        transaction.set_rollback(True)
    [left] = [path for path in files.folder().iterdir() if path.name != kept]
    under_way = files.folder() / "of-an-upload-under-way"
    under_way.touch()
    for path in (left, files.folder() / kept):
        os.utime(path, (0, 0))

    with as_application():
        tasks.purge()

    assert {path.name for path in files.folder().iterdir()} == {kept, under_way.name}


def test_a_site_sends_so_much_a_day_and_no_more(client, monkeypatch):
    """F1: the quota of one site and day, in files and in bytes; another site still sends."""
    site, other = make_site(), make_site()
    client.force_login(make_user(Role.COORDINATOR, at=site))
    upload = Upload("a.csv", b"a;b\n1;2\n")
    for name, most in (("MOST_A_DAY", 1), ("MOST_BYTES_A_DAY", len(upload.content))):
        with monkeypatch.context() as patch, transaction.atomic():
            patch.setattr(f"shelter.imports.services.upload.{name}", most)
            services.start_import(site=site, uploads=[upload], by=None, dispatch=False)
            with pytest.raises(TooMuchToday):
                services.start_import(site=site, uploads=[upload], by=None, dispatch=False)
            services.start_import(site=other, uploads=[upload], by=None, dispatch=False)
            file = SimpleUploadedFile("a.csv", upload.content)
            assert client.post("/imports/new/", {"site": site.slug, "workbooks": [file]}).status_code == 422
            transaction.set_rollback(True)
