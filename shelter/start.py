"""What the web server and the workers ask before they serve: the checks that ``manage.py`` commands run by themselves."""

from django.core.management.base import BaseCommand


def refuse_unsound_house() -> None:
    """Raises ``SystemCheckError``, which names what is wrong."""
    BaseCommand().check()
