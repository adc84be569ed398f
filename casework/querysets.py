"""What is asked of case files and what is confided in them. Every view starts with ``visible_to``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q, QuerySet
from django.utils import timezone

from casework import access
from casework.kinds import Kind
from shelter.accounts.policy import Can, InfoClass

if TYPE_CHECKING:
    from casework.models import CaseFile, Confided, Consent, Notice  # noqa: F401
    from residents.models import Person
    from shelter.accounts.models import User


class CaseFileQuerySet(QuerySet["CaseFile"]):
    def visible_to(self, user: User, can: Can = Can.ASSIGN_KEY_WORKERS) -> Self:
        """Files for which a site is responsible where ``user`` may do ``can``."""
        return self.filter(site__in=user.access.sites(can))


class NoticeQuerySet(QuerySet["Notice"]):
    def visible_to(self, user: User, can: Can = Can.SEE_LEGAL_NOTICE) -> Self:
        return self.filter(
            case_file__person__in=access.persons_open_to(user, can), info_class=access.need_of(can).info_class
        )


class ConfidedQuerySet(QuerySet["Confided"]):
    def visible_to(self, user: User, can: Can) -> Self:
        """Those for which ``user`` may do ``can``, an action on one secrecy class: ``Can.READ_LEGAL``."""
        return self.filter(access.confided_to(user, can))

    def of(self, person: Person, info_class: InfoClass) -> Self:
        return self.filter(case_file__person=person, info_class=info_class)


class ConsentQuerySet(QuerySet["Consent"]):
    def visible_to(self, user: User, can: Can = Can.WRITE_INTERVIEWS) -> Self:
        """Consents of the persons whose interviews ``user`` writes: they ask for it and write it down."""
        return self.filter(person__in=access.persons_open_to(user, can, Kind.SOCIAL))

    def valid(self) -> Self:
        """Given, and not taken back: taking back counts from its own day on."""
        today = timezone.localdate()
        return self.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=today), given_on__lte=today)
