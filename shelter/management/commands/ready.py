from django.core.management.base import BaseCommand, CommandError, CommandParser

from shelter.health import CHECKS, outcome


class Command(BaseCommand):
    help = "Ask what /readyz asks, here: each check named, or all. Fails when one is not ok."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("checks", nargs="*", metavar="CHECK", help=", ".join(CHECKS))

    def handle(self, *, checks: list[str], **_options: object) -> None:
        if unknown := set(checks) - set(CHECKS):
            raise CommandError(f"No such check: {', '.join(sorted(unknown))}. There are: {', '.join(CHECKS)}.")
        found = {name: outcome(CHECKS[name]) for name in checks or CHECKS}
        for name, word in found.items():
            self.stdout.write(f"{name}: {word}")
        if set(found.values()) != {"ok"}:
            raise CommandError("The house is not ready.")
