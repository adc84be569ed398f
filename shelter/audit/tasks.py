"""What keeps the chain while nobody looks. Each is safe to run twice."""

from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail

from shelter.audit import chain

SEALED_KEY, SEALED_LIVES = "audit.sealed", 120  # seconds: four turns


@shared_task
def seal() -> None:
    chain.seal()
    cache.set(SEALED_KEY, value=True, timeout=SEALED_LIVES)


@shared_task
def retire() -> None:
    chain.retire()


@shared_task
def publish() -> None:
    """Send the head of the chain to whoever keeps it outside: a number and a hash, nothing that the house knows (C6)."""
    head = chain.head()
    if head and settings.AUDIT_HEAD_TO:
        send_mail("Maisonnée", head, None, settings.AUDIT_HEAD_TO)
