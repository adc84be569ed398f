"""What the beat asks for about accounts. Safe to run twice."""

from celery import shared_task

from shelter.accounts import services, sessions


@shared_task
def end_sessions_of_leavers() -> None:
    """Every half minute: whose role is over is signed out (A13, A14)."""
    sessions.end_of_leavers()


@shared_task
def look_after_accounts() -> None:
    """Every night: suspend accounts that nobody uses, forget old sessions."""
    services.suspend_unused()
    sessions.forget_old()
