#!/usr/bin/env python
"""Run a management command. Starts the embedded servers when no external ones are named, and leaves them well."""

import os
import sys

# These change the schema or look at what they would change: they need the role that owns the tables.
OWNER_COMMANDS = {"migrate", "makemigrations", "create_max_migration_files", "rebase_migration"}


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shelter.settings")
    if arguments[1:2] and arguments[1] in OWNER_COMMANDS:
        os.environ["DATABASE_AS"] = "owner"

    from shelter import embedded

    embedded.ensure()

    from django.core.management import execute_from_command_line

    execute_from_command_line(arguments)


if __name__ == "__main__":
    main(sys.argv)
