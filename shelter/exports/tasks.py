"""What workers and beat are asked for. Thin: ids in, a service does it; late ack and time limits are settings."""

from celery import shared_task

from shelter.exports import files, services


@shared_task
def write(export_id: int, user_id: int) -> None:
    """Write the file, in the scope of who asked. Safe to run twice and at once."""
    services.write(export_id, user_id)


@shared_task
def dispatch() -> None:
    """Every few seconds: hand over what a lost broker forgot."""
    services.dispatch_unattended()


@shared_task
def expire() -> None:
    """Every few minutes: destroy files whose day is over."""
    services.expire()


@shared_task
def sweep() -> None:
    """Every night: remove files that were written and never kept."""
    files.sweep()
