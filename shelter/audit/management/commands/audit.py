"""``manage.py audit verify``: is the record as it was written?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shelter.audit import chain


class Command(BaseCommand):
    help = "The record and its chain: verify it, seal it now, say its head, remove what is older than two years."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        verify = acts.add_parser("verify", help="recompute every seal; fails when anything is not as it was sealed")
        verify.add_argument(
            "--head", type=chain.Head.parse, help="NUMBER:HASH, the last one published: finds a cut tail"
        )
        acts.add_parser("seal", help="close over all that was committed since the last seal")
        acts.add_parser("head", help="say the last seal, to be kept outside the house")
        acts.add_parser("retire", help="remove entries older than two years, by whole sealed segments")

    def handle(self, *, act: str, **options: Any) -> None:
        match act:
            case "verify":
                self._verify(options["head"])
            case "seal":
                self.stdout.write(str(chain.seal() or "nothing to seal"))
            case "head":
                self.stdout.write(chain.head() or "nothing is sealed yet")
            case "retire":
                self.stdout.write(f"{chain.retire()} entries removed")

    def _verify(self, head: chain.Head | None) -> None:
        findings = list(chain.verify(head))
        for finding in findings:
            self.stderr.write(str(finding))
        if findings:
            raise CommandError(f"{len(findings)} findings: the record is not as it was sealed")
        self.stdout.write(f"The record is as it was sealed, up to {chain.head() or 'now: nothing is sealed yet'}")
