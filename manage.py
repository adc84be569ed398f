#!/usr/bin/env python
"""Run a management command. Starts the embedded servers when no external ones are named, and leaves them well."""

import os
import sys

# These change the schema or look at what they would change: they need the role that owns the tables.
OWNER_COMMANDS = {"migrate", "makemigrations", "create_max_migration_files", "rebase_migration"}
# Whoever runs these holds the server and acts for no user: they need the role that sees every row. So does
# import_workbook, unless it names somebody.
MAINTENANCE_COMMANDS = {"prepare", "create_administrator", "demo", "demo_accounts", "demo_session", "keys"}


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shelter.settings")
    command = "".join(arguments[1:2])
    if command in OWNER_COMMANDS:
        os.environ["DATABASE_AS"] = "owner"
    elif command in MAINTENANCE_COMMANDS or (command == "import_workbook" and not names_somebody(arguments)):
        os.environ["DATABASE_AS"] = "maintenance"

    from shelter import embedded

    embedded.ensure()

    from django.core.management import execute_from_command_line

    execute_from_command_line(arguments)


def names_somebody(arguments: list[str]) -> bool:
    return any(argument.partition("=")[0] == "--as" for argument in arguments)


if __name__ == "__main__":
    main(sys.argv)
