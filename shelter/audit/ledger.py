"""Writing the record. What one request shows is gathered, and written by one statement in its own transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from celery import current_app
from django.db import connection
from django.db.models import Model
from django.http import HttpRequest

from shelter.accounts.policy import InfoClass
from shelter.audit.actions import Action, Purpose
from shelter.identity import acting
from shelter.logs import current_request

# No RETURNING, and no choice of number or moment: the application may write these columns and read none.
WRITE = """
INSERT INTO audit_entry (user_id, site_id, info_class, action, persons, about, page, purpose, address, request)
SELECT user_id, site_id, info_class, action, persons, about, %(page)s, purpose, %(address)s, %(request)s
FROM jsonb_to_recordset(%(lines)s) AS line (
    user_id bigint, site_id bigint, info_class text, action text, persons bigint[], about text, purpose text
)
"""


@dataclass
class Ledger:
    """The lines of one request, or of none: a task, a command."""

    request: HttpRequest | None = None
    lines: list[dict[str, Any]] = field(default_factory=list)

    def add(
        self,
        action: Action,
        *,
        user: Model | int | None = None,
        info_class: InfoClass = InfoClass.ACCOUNTS,
        persons: Iterable[Model | int] = (),
        about: Model | str = "",
        site: Model | int | None = None,
        purpose: Purpose = Purpose.ROUTINE,
    ) -> None:
        self.lines.append(
            {
                "user_id": acting() or _key(user),
                "site_id": _key(site),
                "info_class": info_class,
                "action": action,
                "persons": sorted({_key(person) for person in persons}),
                "about": f"{about._meta.label_lower}:{about.pk}" if isinstance(about, Model) else about,
                "purpose": purpose,
            }
        )

    def write(self) -> None:
        """One statement. The page is the name of its URL, or of a task, for paths hold identifiers and searches hold names."""
        from allauth.account.adapter import get_adapter  # needs the models, and models may record

        match = self.request.resolver_match if self.request else None
        values = {
            "lines": json.dumps(self.lines),
            "page": match.view_name if match else _job(),
            "address": get_adapter().get_client_ip(self.request) if self.request else None,
            "request": current_request.get() or "",
        }
        with connection.cursor() as cursor:
            cursor.execute(WRITE, values)


_open: ContextVar[Ledger | None] = ContextVar("ledger", default=None)


@contextmanager
def gathering(request: HttpRequest) -> Iterator[Ledger]:
    """Inside, what is recorded waits for the ledger's ``write``."""
    request.ledger = Ledger(request)  # type: ignore[attr-defined]
    token = _open.set(request.ledger)  # type: ignore[attr-defined]
    try:
        yield request.ledger  # type: ignore[attr-defined]
    finally:
        _open.reset(token)


def reading(
    request: HttpRequest,
    info_class: InfoClass,
    persons: Iterable[Model | int],
    *,
    action: Action = Action.OPEN,
    about: Model | str = "",
    site: Model | int | None = None,
    purpose: Purpose = Purpose.ROUTINE,
) -> None:
    """This page shows data of ``info_class`` about ``persons`` (or their ids): no row, no page (C2).

    A list is one call with all whom it shows. Who is shown without being a person yet (a row of an import) is named
    through ``about``, the thing that holds them. Nobody and nothing shown leaves no row.
    """
    persons = list(persons)
    if persons or about:
        request.ledger.add(  # type: ignore[attr-defined]  # set by ReadingMiddleware: without it no page
            action, info_class=info_class, persons=persons, about=about, site=site, purpose=purpose
        )


def record(
    action: Action,
    *,
    user: Model | int | None = None,
    info_class: InfoClass = InfoClass.ACCOUNTS,
    persons: Iterable[Model | int] = (),
    about: Model | str = "",
    site: Model | int | None = None,
    purpose: Purpose = Purpose.ROUTINE,
) -> None:
    """Something happened that the record keeps (C3), by whoever acts; by ``user`` where nobody is signed in yet.

    Inside a request the row is written with the request's others; a task or a command writes it at once.
    """
    ledger = _open.get() or Ledger()
    ledger.add(action, user=user, info_class=info_class, persons=persons, about=about, site=site, purpose=purpose)
    if ledger.request is None:
        ledger.write()


def _job() -> str:
    """The task that runs, in place of a page."""
    task = current_app.current_task
    return task.name or "" if task else ""


def _key(thing: Model | int | None) -> int | None:
    return thing.pk if isinstance(thing, Model) else thing
