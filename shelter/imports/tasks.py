"""What workers and beat are asked for. Thin: an id in, a service does it; late ack and time limits are settings."""

from celery import shared_task

from shelter.imports import services


@shared_task
def work(job_id: int, actor: int | None) -> None:
    """Read or commit an import, whichever is due, as who asked for it. Safe to run twice and at once."""
    services.work_on(job_id, actor)


@shared_task
def dispatch() -> None:
    """Every few seconds: hand over what a lost broker forgot."""
    services.dispatch_unattended()


@shared_task
def purge() -> None:
    """Every night: destroy files and raw cells whose time is over."""
    services.purge()
