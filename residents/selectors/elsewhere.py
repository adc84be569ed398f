"""Whether somebody is known at a site of the organisation that the reader does not see, and nothing else (A6, A9d)."""

from django.core.cache import cache
from django.db import connection
from django.db.models import TextChoices
from django.utils.crypto import salted_hmac

from residents import names
from shelter.accounts.models import User
from shelter.accounts.policy import InfoClass
from shelter.audit import Action, record

PER_HOUR, SECONDS = 30, 60 * 60


class Elsewhere(TextChoices):
    UNKNOWN = "unknown"
    KNOWN = "known"
    TOO_MANY = "too many"


def known_elsewhere(user: User, text: str) -> Elsewhere:
    """Asked with the rights of ``user``, who acts. Each new question counts, is recorded without its words, and answers
    no more than thirty times an hour.
    """
    words = names.words(text)[:6]
    if not words:
        return Elsewhere.UNKNOWN
    if not _may_ask(user, words):
        return Elsewhere.TOO_MANY
    with connection.cursor() as cursor:
        cursor.execute("SELECT residents_known_elsewhere(%s, %s)", [words, names.sounds(*words)])
        known = cursor.fetchone()[0]
    record(Action.SEARCH, user=user, info_class=InfoClass.IDENTITY, about="elsewhere")
    return Elsewhere.KNOWN if known else Elsewhere.UNKNOWN


def _may_ask(user: User, words: list[str]) -> bool:
    """The same question within the hour, as on a page sorted anew, is one question."""
    asked, question = f"elsewhere:{user.pk}", salted_hmac("residents.elsewhere", f"{user.pk} {words}").hexdigest()
    cache.add(asked, 0, SECONDS)
    if cache.get(question):
        return True
    if cache.incr(asked) > PER_HOUR:
        return False
    cache.set(question, value=True, timeout=SECONDS)
    return True
