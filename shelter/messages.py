"""Compile the translations, without gettext: ``python -m shelter.messages``."""

from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_messages() -> None:
    for source in LOCALE.glob("*/LC_MESSAGES/*.po"):
        polib.pofile(source).save_as_mofile(source.with_suffix(".mo"))


if __name__ == "__main__":
    compile_messages()
