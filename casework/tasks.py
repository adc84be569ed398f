"""What the beat asks for about case files."""

from celery import shared_task

from casework import services


@shared_task
def sweep_documents() -> None:
    """Every night: remove what uploads that came to nothing left on the disk."""
    services.sweep_documents()
