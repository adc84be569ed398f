"""What a person agreed to, and took back."""

from django.db import transaction
from django.utils import timezone

from casework.models import Consent
from casework.services.refusals import AlreadyAgreed
from residents.models import Person
from residents.services.history import recorded
from shelter.accounts.models import User
from shelter.db import violation_raises


@transaction.atomic
def give_consent(
    *, person: Person, what: Consent.What, how: Consent.How, language: str = "", by: User | None
) -> Consent:
    """The person agrees from today. Raises ``AlreadyAgreed``."""
    with recorded(by), violation_raises("consent_given_once", AlreadyAgreed):
        return Consent.objects.create(person=person, what=what, how=how, language=language, recorded_by=by)


@transaction.atomic
def withdraw_consent(*, consent: Consent, by: User | None) -> Consent:
    """The person takes it back: what it opened is closed from the next request on. Twice is once."""
    with recorded(by):
        Consent.objects.filter(pk=consent.pk, withdrawn_on=None).update(withdrawn_on=timezone.localdate())
    consent.refresh_from_db(fields=["withdrawn_on"])
    return consent
