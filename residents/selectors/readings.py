"""The record, as the database gives it to those who answer for it: a person's access log, what an account has seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from residents.models import Person
from shelter.accounts.models import User
from shelter.accounts.policy import InfoClass
from shelter.audit import Action, Purpose
from shelter.audit.actions import READINGS

LOG = """
SELECT at, reader, info_class, action, page, purpose FROM residents_access_log(%s, %s, %s, %s)
LIMIT %s OFFSET %s
"""
# Pages in words, by the name of their URL; any other page is called by its name.
PAGES: Mapping[str, Promise] = {
    "residents:person": _("the person’s file"),
    "residents:people": _("list of people"),
    "residents:export_people": _("list of people"),
    "residents:edit_person": _("correcting the file"),
    "residents:bed_board": _("bed plan"),
    "residents:bed_nights": _("bed plan over 14 nights"),
    "residents:night_list": _("night list"),
    "residents:bed": _("a bed’s page"),
    "residents:waiting_list": _("waiting list"),
    "residents:doubles": _("search for duplicates"),
    "residents:merge": _("merging two files"),
    "residents:join_household": _("household"),
    "residents:admit": _("search before an admission"),
    "residents:access_log": _("access log"),
    "residents:export_access_log": _("access log"),
    "residents:readings": _("report on readings"),
    "residents:export_readings": _("report on readings"),
    "residents:seen": _("what an account has seen"),
    "residents:export_seen": _("what an account has seen"),
    "residents:emergencies": _("emergency accesses"),
    "residents:export_emergencies": _("emergency accesses"),
    "residents:emergency": _("review of an emergency access"),
    "residents:end_emergency": _("end of an emergency access"),
    "residents:break_glass_identity": _("request for emergency access"),
    "casework:break_glass_social": _("request for emergency access"),
    "casework:break_glass_legal": _("request for emergency access"),
    "casework:social": _("social follow-up"),
    "casework:legal": _("legal procedure"),
    "casework:health": _("health"),
    "casework:follow_up": _("follow-up"),
    "exports:download": _("fetching an export"),
    "imports:people": _("review of an import"),
    "shelter.imports.tasks.work": _("import, by a worker"),
    "shelter.exports.tasks.write": _("named list, by a worker"),
}


@dataclass(frozen=True, slots=True)
class Access:
    """One line: who saw what of the person, when, through which page, why."""

    at: datetime
    reader: str
    info_class: str
    action: str
    page: str
    purpose: str

    @property
    def what(self) -> str:
        return str(InfoClass(self.info_class).label)

    @property
    def how(self) -> str:
        return str(Action(self.action).label)

    @property
    def where(self) -> str:
        return str(PAGES.get(self.page, self.page))

    @property
    def why(self) -> str:
        return str(Purpose(self.purpose).label)


@dataclass(frozen=True)
class AccessLog:
    """The lines of one person, the latest first, read when they are sliced. Raises what the database refuses."""

    person: Person
    since: date | None = None
    until: date | None = None  # its day included
    info_class: str = ""

    def __getitem__(self, lines: slice) -> list[Access]:
        first = lines.start or 0
        most = None if lines.stop is None else lines.stop - first
        after = self.until + timedelta(1) if self.until else None
        values: list[Any] = [
            self.person.pk,
            _midnight(self.since),
            _midnight(after),
            self.info_class or None,
            most,
            first,
        ]
        with connection.cursor() as cursor:
            cursor.execute(LOG, values)
            return [Access(*row) for row in cursor.fetchall()]


SEEN = "SELECT person_id, first_at, last_at, times, classes, actions FROM residents_seen_by(%s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Seen:
    """A person whose data an account has seen, by number: who looks into a breach need not know names."""

    person_id: int
    first_at: datetime
    last_at: datetime
    times: int
    classes: list[str]
    actions: list[str]

    @property
    def reference(self) -> str:
        return Person(pk=self.person_id).reference

    @property
    def what(self) -> str:
        return ", ".join(sorted(str(InfoClass(name).label) for name in self.classes))

    @property
    def how(self) -> str:
        return ", ".join(sorted(str(Action(name).label) for name in self.actions))


def seen_by(reader: User, since: date, until: date) -> list[Seen]:
    """Whose data ``reader`` saw from ``since`` to ``until``, its day included: the latest first, one query (H5).

    Of the persons known at the sites where the acting user answers for readings; the database refuses anybody else.
    """
    values = [reader.pk, _midnight(since), _midnight(until + timedelta(1)), list(READINGS)]
    with connection.cursor() as cursor:
        cursor.execute(SEEN, values)
        return [Seen(*row) for row in cursor.fetchall()]


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time())) if day else None
