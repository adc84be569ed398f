"""``manage.py import_workbook``: as somebody, with their rights (A25)."""

import json

import pytest
from django.core.management import CommandError, call_command

from residents.models import Person
from shelter.accounts.policy import Role
from shelter.imports.models import ImportJob
from tests.conftest import as_application
from tests.factories import make_site, make_user
from tests.imports.readings import row, title

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return make_site("Maison Claire")


@pytest.fixture
def path(reader, tmp_path):
    path = tmp_path / reader.gives(title("Liste"), row(last_name="Ngono", arrival="2026-05-01"))
    path.write_bytes(b"content")
    return path


def run(path, user, *options):
    with as_application():
        call_command("import_workbook", str(path), "--as", user.email, *options)


def test_it_reads_and_lets_in_as_the_user_it_names(path, site, tmp_path):
    user = make_user(Role.DATA_ADMIN, at=site)

    run(path, user, "--site", site.slug, "--commit", "--output", str(tmp_path))

    job = ImportJob.objects.get()
    assert (job.state, job.uploaded_by, job.committed_by) == (ImportJob.State.COMMITTED, user, user)
    assert Person.objects.get().registered_at == site
    assert json.loads((tmp_path / f"{path.name}.json").read_text())["rows"]


def test_whoever_holds_the_server_imports_in_nobodys_name(path, site, tmp_path):
    call_command("import_workbook", str(path), "--site", site.slug, "--commit", "--output", str(tmp_path))

    job = ImportJob.objects.get()
    assert (job.state, job.uploaded_by) == (ImportJob.State.COMMITTED, None)
    assert json.loads((tmp_path / f"{path.name}.json").read_text())["rows"]


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.NIGHT_WATCH])
def test_who_may_not_import_is_told_so(path, site, role):
    with pytest.raises(CommandError, match="may not import"):
        run(path, make_user(role, at=site), "--site", site.slug)
    assert not ImportJob.objects.exists()


def test_another_site_is_as_if_it_were_not_there(path, site):
    with pytest.raises(CommandError, match="There is no site"):
        run(path, make_user(Role.DATA_ADMIN, at=make_site()), "--site", site.slug)


def test_nobody_of_that_name_imports_nothing(path, site):
    with pytest.raises(CommandError, match="Nobody signs in"), as_application():
        call_command("import_workbook", str(path), "--as", "nobody@example.org")
