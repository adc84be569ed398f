from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import makemessages

SHOWN = 20


class Command(makemessages.Command):
    help = "Collect the texts to translate into locale/*.po, or, with --check, say what lacks a translation."
    # No guesses: a fuzzy entry is a wrong translation that nobody chose.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--check", action="store_true", help="Change nothing; fail when a text is not translated.")
        parser.set_defaults(
            locale=[code for code, _name in settings.LANGUAGES if code != "en"],
            ignore_patterns=[".venv", "node_modules", "var", "tests", "static/vendor"],
            no_location=True,
            no_wrap=True,
            no_obsolete=True,
            verbosity=0,
        )

    def handle(self, *args: Any, **options: Any) -> None:
        only_look = options.pop("check")
        before = {path: path.read_text() for path in self.catalogues()}
        try:
            super().handle(*args, **options)
            lacking = [line for path in self.catalogues() for line in self.lacking_in(path)]
        finally:
            for path in self.catalogues():
                if only_look:
                    path.write_text(before.get(path, ""))
                else:
                    self.forget_the_hour(path)
        if only_look and lacking:
            more = f"\n  … and {len(lacking) - SHOWN} more" if len(lacking) > SHOWN else ""
            listed = "\n  ".join(lacking[:SHOWN])
            raise CommandError(
                f"{len(lacking)} texts lack a translation (`make messages` adds them):\n  {listed}{more}"
            )

    def catalogues(self) -> list[Path]:
        return sorted(path for folder in settings.LOCALE_PATHS for path in Path(folder).glob("*/LC_MESSAGES/*.po"))

    def lacking_in(self, path: Path) -> list[str]:
        catalogue = polib.pofile(str(path))
        return [
            f"{path.parents[1].name}: {entry.msgid}"
            for entry in [*catalogue.untranslated_entries(), *catalogue.fuzzy_entries()]
        ]

    def forget_the_hour(self, path: Path) -> None:
        """The moment of the extraction says nothing and makes every two branches conflict."""
        lines = path.read_text().splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not line.startswith('"POT-Creation-Date')))
