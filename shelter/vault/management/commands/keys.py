"""``manage.py keys``: what the key ring wraps, and bringing it under a new key. docs/security/keys.md says when."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from shelter.audit import Action, record
from shelter.vault import Unreadable, rotation
from shelter.vault.ring import key_ring


class Command(BaseCommand):
    help = (
        "The key ring (VAULT_KEYS): what each of its keys wraps, whether it opens all, and wrapping all by the first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("list", help="each key with what it wraps, and whether it may go")
        acts.add_parser("check", help="open every wrapped key with this ring: a copy of it may be tried in VAULT_KEYS")
        acts.add_parser(
            "rotate", help="wrap every data key by the first key; may be stopped, and runs while people work"
        )

    def handle(self, *, act: str, **_options: Any) -> None:
        match act:
            case "list":
                self._list()
            case "check":
                self._check()
            case "rotate":
                self._rotate()
                self._list()

    def _check(self) -> None:
        tried, unopened = rotation.open_all()
        if unopened:
            raise CommandError(f"{unopened} of {tried} keys do not open with this ring.")
        self.stdout.write(f"This ring opens all {tried} keys.")

    def _rotate(self) -> None:
        total = 0
        try:
            for count in rotation.rotate():
                total += count
                self.stdout.write(f"{total} wrapped anew")
        except Unreadable as error:
            raise CommandError(str(error) or "A wrapped key is damaged: no key of the ring opens it.") from error
        finally:
            if total:
                record(Action.KEY, about=f"rotated to {key_ring().current}: {total}")
        if left := sum(use.keys for use in rotation.old_uses()):
            raise CommandError(f"{left} keys are left: somebody holds their rows. Run it again.")

    def _list(self) -> None:
        ring = key_ring()
        with connection.cursor() as cursor:
            uses = rotation.uses(cursor)
        for name in dict.fromkeys([*ring.keys, *(use.ring_key for use in uses)]):
            wrapped = [use for use in uses if use.ring_key == name]
            self.stdout.write(
                f"{name}: {sum(use.keys for use in wrapped)} keys, {self._word(name, needed=bool(wrapped))}"
            )
            for use in wrapped:
                self.stdout.write(f"    {use.place}: {use.keys}")

    def _word(self, name: str, *, needed: bool) -> str:
        ring = key_ring()
        if name == ring.current:
            return "in use"
        if name not in ring.keys:
            return "MISSING from VAULT_KEYS"
        return "still needed" if needed else "may be taken out of VAULT_KEYS"
