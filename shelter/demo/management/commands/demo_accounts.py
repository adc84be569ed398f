from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from shelter.demo.accounts import PASSWORD, make_demo_accounts


class Command(BaseCommand):
    help = "Make the demo sign-ins that are missing, and print those of one site."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo sign-ins exist in demo mode only (DEMO=yes).")
        accounts = make_demo_accounts()
        self.stdout.write(f"\nDemo sign-ins, all with the passphrase {PASSWORD}\n")
        for account in accounts:
            if account.is_shown:
                self.stdout.write(f"  {account.email:<52} {account.role.label}, {account.site}")
        self.stdout.write(f"  … and the like at each site, {len(accounts)} in all: role.site@…\n")
