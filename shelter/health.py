"""Is the house standing? ``/healthz``: this process answers. ``/readyz``: everything it stands on answers, asked for real."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import cast

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare

from shelter.accounts.access import open_to
from shelter.accounts.policy import Can
from shelter.audit.models import Seal
from shelter.audit.tasks import SEALED_KEY
from shelter.celery import BEAT_KEY, app
from shelter.identity import acting_as

logger = logging.getLogger(__name__)

View = Callable[[HttpRequest], HttpResponse]
WORKER_SECONDS = 2


class NotReady(Exception):
    """What is wrong, in a few words for an operator."""


def database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def migrations() -> None:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise NotReady(f"{len(missing)} not applied")


def broker() -> None:
    with app.connection_for_write(connect_timeout=WORKER_SECONDS) as connected:
        connected.ensure_connection(max_retries=1, timeout=WORKER_SECONDS)


def worker() -> None:
    if not app.control.ping(timeout=WORKER_SECONDS, limit=1):
        raise NotReady(f"no worker answered within {WORKER_SECONDS} s")


def beat() -> None:
    if cache.get(BEAT_KEY) is None:
        raise NotReady("no tick lately")


def record() -> None:
    """Sealed within the last two minutes. A house that has just begun has nothing to seal yet."""
    if cache.get(SEALED_KEY) is None and Seal.objects.exists():
        raise NotReady("not sealed lately")


CHECKS: dict[str, Callable[[], None]] = {
    check.__name__: check for check in (database, migrations, broker, worker, beat, record)
}


def without_identity(view: View) -> View:
    """Answers even when the database does not: no scope is opened for it."""
    view.without_identity = True  # type: ignore[attr-defined]
    return cast("View", open_to("everyone")(view))  # machines, too, who are nobody


@without_identity  # asked by machines; tells nothing
def healthz(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@without_identity  # asked by machines; the detail is for those who run the house
def readyz(request: HttpRequest) -> HttpResponse:
    found = {name: outcome(check) for name, check in CHECKS.items()}
    ready = all(word == "ok" for word in found.values())
    status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    if may_see_detail(request, database_answers=found["database"] == "ok"):
        return JsonResponse({"ready": ready, "checks": found}, status=status)
    return HttpResponse("ok\n" if ready else "not ok\n", content_type="text/plain", status=status)


def outcome(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as reason:
        return str(reason)
    except Exception as error:  # whatever a driver raises means: not ready
        logger.warning("Readiness check %s failed", check.__name__, exc_info=True)
        return type(error).__name__
    return "ok"


def may_see_detail(request: HttpRequest, *, database_answers: bool) -> bool:
    """With the operator's token, or signed in as a platform administrator."""
    if settings.READYZ_TOKEN:
        offered = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if constant_time_compare(offered, settings.READYZ_TOKEN):
            return True
    if not database_answers:
        return False
    with acting_as(request.user.pk):
        return request.user.is_authenticated and request.user.access.everywhere(Can.MANAGE_TEAM)
