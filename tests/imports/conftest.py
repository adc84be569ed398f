from collections.abc import Callable
from typing import Any

import pytest

from shelter.imports import headless, services
from shelter.imports.models import ImportJob
from shelter.imports.reading.types import Row
from shelter.imports.services.upload import Upload
from sites.models import Site
from tests.imports.readings import Reader


@pytest.fixture
def reader(monkeypatch):
    return Reader(monkeypatch)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def stage(reader) -> Callable[..., ImportJob]:
    """Upload a file with these rows and have it read."""

    def stage(site: Site, *rows: Row, by: Any = None, name: str = "") -> ImportJob:
        upload = Upload(reader.gives(*rows, name=name), b"content")
        job = services.start_import(site=site, uploads=[upload], by=by, dispatch=False)
        services.work_on(job.pk, by.pk if by else None)
        job.refresh_from_db()
        return job

    return stage


@pytest.fixture
def let_in(stage) -> Callable[..., ImportJob]:
    """Upload, read and commit a file with these rows."""

    def let_in(site: Site, *rows: Row, by: Any = None, name: str = "") -> ImportJob:
        job = stage(site, *rows, by=by, name=name)
        headless.let_in(job, by=by)
        return job

    return let_in
