"""``manage.py demo``: fill an empty house with the demo network."""

from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from shelter.demo import network


class Command(BaseCommand):
    help = "Load the demo network (sites, about 1,200 invented people, ninety nights) through the importer. DEMO mode only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--share", type=float, default=1.0, help="part of each house's rooms to fill, 0 to 1")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo network is loaded in DEMO mode only: people of a real house are not invented.")
        if network.is_loaded():
            self.stdout.write("People live here already: nothing was changed.")
            return
        started = monotonic()
        folder = settings.VAR_DIR / "demo-workbooks"
        network.load(
            folder=folder, share=options["share"], say=self.stdout.write if options["verbosity"] > 1 else _quiet
        )
        self.stdout.write(f"The demo network is loaded, in {monotonic() - started:.0f} s. Its workbooks: {folder}")


def _quiet(_: str) -> None:
    """Said only with --verbosity 2."""
