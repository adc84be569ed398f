"""Emergency access to one class of one person's file: asked with a reason, told at once, ended, reviewed (A7)."""

from django.db import connection, transaction
from django.utils import timezone

from residents.models import BreakGlass, PersonKey
from residents.models.break_glass import HOUR
from residents.services.history import recorded
from residents.services.refusals import NothingToOpen, NotYoursToReview, ReviewedAlready
from shelter.accounts.mails import tell
from shelter.accounts.models import Membership, User
from shelter.accounts.policy import EMERGENCIES, Can, InfoClass
from shelter.audit import Action, Purpose, record

ALERT = "residents/mails/emergency.txt"


@transaction.atomic
def break_glass(*, person_id: int, of_class: InfoClass, reason: str, by: User) -> BreakGlass:
    """Opens ``of_class`` of this person's file to ``by`` for an hour; who answers for the class is told at once.

    One that is open already is given back as it is. Raises ``NothingToOpen``: no such person at the sites where ``by`` may
    break the glass for this class, whether or not there is one elsewhere.
    """
    site_id = _site_to_open_at(person_id, of_class)
    open_already = BreakGlass.objects.open().filter(user=by, person=person_id, of_class=of_class).first()
    if open_already:
        return open_already
    now = timezone.now()
    with recorded(by):
        # The row first: it is what gives its author the key to seal the reason with.
        made = BreakGlass.objects.create(
            person_id=person_id, user=by, site_id=site_id, of_class=of_class, opened_at=now, ends_at=now + HOUR
        )
        made.sealed_reason = made.seal("sealed_reason", reason, PersonKey.objects.sealing_key_of(person_id))
        made.save(update_fields=["sealed_reason"])
    _record(Action.BREAK_GLASS, made)
    tell(alerted_by(made), ALERT)
    return made


@transaction.atomic
def end_break_glass(*, opened: BreakGlass, by: User) -> None:
    """It closes now. Twice is once, and after its hour it is nothing."""
    with recorded(by):
        ended = BreakGlass.objects.open().filter(pk=opened.pk).update(ends_at=timezone.now())
    if ended:
        _record(Action.REVOKE, opened)


@transaction.atomic
def review_break_glass(*, opened: BreakGlass, verdict: BreakGlass.Verdict, note: str, by: User) -> None:
    """Says whether it was right. One that is still open ends with that.

    Raises ``ReviewedAlready``, ``NotYoursToReview``: by its author, or by who does not answer for the class at its site.
    """
    held = BreakGlass.objects.select_for_update(of=("self",), no_key=True).get(pk=opened.pk)
    if held.reviewed_at:
        raise ReviewedAlready
    if not BreakGlass.objects.for_review_by(by).filter(pk=held.pk).exists():
        raise NotYoursToReview
    now = timezone.now()
    held.reviewed_at, held.reviewed_by, held.verdict = now, by, verdict
    held.ends_at = min(held.ends_at, now)
    if note:
        held.sealed_note = held.seal("sealed_note", note, PersonKey.objects.data_key_of(held.person_id))
    with recorded(by):
        held.save(update_fields=["reviewed_at", "reviewed_by", "verdict", "ends_at", "sealed_note"])
    _record(Action.REVIEW, held)


def alerted_by(opened: BreakGlass) -> list[User]:
    """Who reviews the class at that site, and the data-protection officer; not whoever opened it."""
    roles = EMERGENCIES[opened.emergency_class].review.roles() | Can.SEE_READINGS.roles()
    theirs = Membership.objects.valid().filter(site=opened.site_id, role__in=roles)
    told = User.objects.filter(pk__in=theirs.values("user"), is_active=True)
    return list(told.exclude(pk=opened.user_id).order_by("pk"))


def _site_to_open_at(person_id: int, of_class: InfoClass) -> int:
    """Asked past row-level security, for whoever acts may not know the person yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT residents_sites_to_open(%s, %s)", [person_id, of_class])
        [sites] = cursor.fetchone()
    if not sites:
        raise NothingToOpen
    return int(min(sites))


def _record(action: Action, opened: BreakGlass) -> None:
    record(
        action,
        info_class=opened.emergency_class,
        persons=[opened.person_id],
        about=opened,
        site=opened.site_id,
        purpose=Purpose.BREAK_GLASS,
    )
