"""What happens to an export: asked for, written, allowed or refused, fetched, destroyed (A10)."""

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from celery import current_app
from django.db import connection, transaction
from django.db.models import F
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

from shelter.accounts.mails import tell
from shelter.accounts.models import User
from shelter.accounts.policy import InfoClass
from shelter.audit import Action, Purpose, record
from shelter.db import DomainError
from shelter.exports import files
from shelter.exports.lists import NamedList, list_of
from shelter.exports.models import LIVES, Export, ExportDownload
from shelter.identity import acting_as
from shelter.ui.export import ListBook
from shelter.vault import new_data_key

logger = logging.getLogger(__name__)
State = Export.State
AT_ONCE = 500  # rows; a longer list is written by a worker
PIECE = 200  # rows written in one transaction
MAX_ATTEMPTS = 3
DISPATCH_AGAIN = timedelta(seconds=30)
WAITS = "exports/mails/waits.txt"
TASK = "shelter.exports.tasks.write"  # by name: tasks stand above services


@dataclass(frozen=True, slots=True)
class Asked:
    """What ``sealed_selection`` holds: the filters as an address and in words, and the keys that the file was written of."""

    query: str
    filters: list[tuple[str, str]]
    keys: list[int]


class NobodyMayAllow(DomainError):
    def __init__(self, roles: Sequence[str], *, several_sites: bool) -> None:
        text = (
            _(
                "A second person has to allow this list, and nobody may at all of its sites together. At a single site one "
                "of these may: %(roles)s. Choose one site, or fewer people."
            )
            if several_sites
            else _(
                "A second person has to allow this list, and nobody but you may. It takes one of these roles: %(roles)s. "
                "Ask for such a colleague, or choose fewer people."
            )
        )
        super().__init__(text % {"roles": ", ".join(roles)})


class NothingToExport(DomainError):
    message = _("This list is empty.")


class NotWaiting(DomainError):
    message = _("This export is no longer waiting for a decision.")


class NotToOneself(DomainError):
    message = _("Nobody allows their own export.")


class NotReady(DomainError):
    message = _("This file cannot be fetched.")


def ask(named_list: NamedList, *, query: str, purpose: str, by: User) -> Export:
    """An export of what ``query``, the filters of an address, finds for this user. A short one is written at once.

    Raises ``NothingToExport``, ``NobodyMayAllow``.
    """
    selection = named_list.select(by, QueryDict(query))
    if not selection.keys:
        raise NothingToExport
    export = Export(
        kind=named_list.kind,
        info_class=named_list.info_class,
        asked_by=by,
        site_ids=sorted(selection.sites),
        approver=named_list.approver.value,
        purpose=purpose,
        count=len(selection.keys),
        wrapped_key=new_data_key()[1],
        dispatched_at=timezone.now(),  # beat need not hurry
    )
    if export.needs_a_second and not approvers_of(export):
        raise NobodyMayAllow(named_list.approving_roles(), several_sites=len(export.site_ids) != 1)
    _seal(export, Asked(query, list(selection.filters), []))
    export.save()
    export.refresh_from_db(fields=["created_at"])
    if export.count <= AT_ONCE:
        write(export.pk, by.pk)
        export.refresh_from_db()
    else:
        transaction.on_commit(lambda: _dispatch(export.pk, by.pk))
    return export


def approvers_of(export: Export) -> list[User]:
    """Everybody but whoever acts who may allow it: at all of its sites, or in the whole house."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT exports_approvers(%s, %s)", [export.approver, export.site_ids])
        return list(User.objects.filter(pk__in=[key for (key,) in cursor.fetchall()]))


def write(export_id: int, user_id: int) -> None:
    """Write the file, as far as the asker may see by now (A25). Safe to run twice: the first to finish has written it."""
    with acting_as(user_id):
        building = Export.objects.filter(pk=export_id, state=State.BUILDING)
        if not building.update(attempts=F("attempts") + 1, rows_done=0):
            return
        export = Export.objects.select_related("asked_by").get(pk=export_id)
        if export.attempts > MAX_ATTEMPTS:
            _destroy(export, State.FAILED)
            return
    with translation.override(export.asked_by.language):
        book, keys = _written(export)
    with acting_as(user_id):
        _seal(export, replace(asked_in(export), keys=keys))
        export.count = export.rows_done = len(keys)
        export.state = State.WAITING if export.needs_a_second else State.READY
        export.expires_at = timezone.now() + LIVES
        export.stored_as = files.keep(export, book.finish())
        written = ("count", "rows_done", "state", "expires_at", "stored_as", "sealed_selection")
        if not building.update(**{name: getattr(export, name) for name in written}):
            files.destroy(export.stored_as)  # another worker was first
            return
        _record(Action.EXPORT, export, keys)
        if export.state == State.WAITING:
            tell(approvers_of(export), WAITS)


def _written(export: Export) -> tuple[ListBook, list[int]]:
    """The whole list, in pieces of one transaction each, so that progress shows and nothing is held for long."""
    named_list, asker, asked = list_of(export.kind), export.asked_by, asked_in(export)
    query = QueryDict(asked.query)
    book: ListBook = ListBook(
        named_list.columns,
        title=str(named_list.title),
        who=str(asker),
        purpose=export.purpose,
        filters=asked.filters,
    )
    with acting_as(asker.pk):
        still_may = asker.is_active and named_list.opens_to(asker)
        keys = list(named_list.select(asker, query).keys) if still_may else []
    try:
        for start in range(0, len(keys), PIECE):
            with acting_as(asker.pk):
                book.add(named_list.rows(asker, keys[start : start + PIECE], query))
                Export.objects.filter(pk=export.pk).update(rows_done=book.count)
    except BaseException:
        book.discard()
        raise
    return book, keys


@transaction.atomic
def allow(export: Export, *, by: User) -> None:
    """A second person lets the file go out. Raises ``NotToOneself``, ``NotWaiting``."""
    _decide(export, by, state=State.READY, expires_at=timezone.now() + LIVES)
    tell([export.asked_by], WAITS)


@transaction.atomic
def refuse(export: Export, *, reason: str, by: User) -> None:
    """A second person says no, and why: the file is destroyed. Raises ``NotToOneself``, ``NotWaiting``."""
    name = export.stored_as
    _decide(export, by, state=State.REFUSED, reason=reason, wrapped_key=None, sealed_selection=None, stored_as="")
    transaction.on_commit(lambda: files.destroy(name))
    tell([export.asked_by], WAITS)


def _decide(export: Export, by: User, **values: object) -> None:
    """One row updated means that this decision was the first."""
    if by.pk == export.asked_by_id:
        raise NotToOneself
    waiting = Export.objects.waiting_for(by).filter(pk=export.pk, expires_at__gt=timezone.now())
    if not waiting.update(decided_by=by, decided_at=timezone.now(), **values):
        raise NotWaiting
    export.refresh_from_db()
    _record(Action.EXPORT, export)


@transaction.atomic
def fetch(export: Export, *, by: User) -> bytes:
    """The file, for the one who asked, while they may still see the list. Raises ``NotReady``."""
    if export.asked_by_id != by.pk or export.state != State.READY or export.is_over or not _still_sees(by, export):
        raise NotReady
    ExportDownload.objects.create(export=export, user=by)
    _record(Action.DOWNLOAD, export, asked_in(export).keys)
    return files.content_of(export)


def _still_sees(user: User, export: Export) -> bool:
    """At all of its sites; of a list that a key worker may take out, whether its rows still open."""
    named_list = list_of(export.kind)
    if user.access.everywhere(named_list.can):
        return True
    if export.site_ids and set(export.site_ids) <= user.access.sites(named_list.can):
        return True
    asked = asked_in(export)
    return (
        named_list.if_assigned
        and named_list.opens_to(user)
        and any(True for _row in named_list.rows(user, asked.keys, QueryDict(asked.query)))
    )


@transaction.atomic
def give_up(export: Export) -> None:
    """The asker needs it no longer: destroyed before its day is over. Twice is once."""
    _destroy(export, State.EXPIRED)


def _destroy(export: Export, state: Export.State) -> None:
    name = export.stored_as
    Export.objects.filter(pk=export.pk).update(state=state, wrapped_key=None, sealed_selection=None, stored_as="")
    transaction.on_commit(lambda: files.destroy(name))


def expire() -> int:
    """Destroy every file whose day is over, with its key. Acts for nobody: the database function sees these rows only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT exports_expire()")
        names = [name for (name,) in cursor.fetchall()]
    for name in names:
        files.destroy(name)
    return len(names)


def dispatch_unattended() -> int:
    """Hand over again what is still to be written: a broker that lost its messages loses nothing (G3)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT export, asker FROM exports_unattended(%s)", [timezone.now() - DISPATCH_AGAIN])
        waiting = cursor.fetchall()
    for export_id, user_id in waiting:
        _dispatch(export_id, user_id)
    return len(waiting)


def _dispatch(export_id: int, user_id: int) -> None:
    try:
        current_app.send_task(TASK, [export_id, user_id])
    except (OSError, OperationalError):
        logger.warning("No broker for export %s: beat will hand it over", export_id)


def asked_in(export: Export) -> Asked:
    """What was asked for. Raises ``vault.Unreadable`` once the key is destroyed."""
    sealed = bytes(export.sealed_selection or b"")
    return Asked(**json.loads(export.data_key.open_sealed(sealed, export.sealed_place("selection"))))


def _seal(export: Export, asked: Asked) -> None:
    content = json.dumps(asdict(asked)).encode()
    export.sealed_selection = export.data_key.seal(content, export.sealed_place("selection"))


def _record(action: Action, export: Export, keys: Sequence[int] = ()) -> None:
    record(
        action,
        info_class=InfoClass(export.info_class),
        persons=list_of(export.kind).persons(keys),
        about=export,
        site=export.site_ids[0] if len(export.site_ids) == 1 else None,
        purpose=Purpose.EXPORT,
    )
