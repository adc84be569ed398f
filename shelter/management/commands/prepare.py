import os
import subprocess
import sys
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    help = (
        "Bring the house up to date before it opens: migrations, static files and, in demo mode, people the first time."
    )
    requires_system_checks = ()
    requires_migrations_checks = False

    def handle(self, **_options: object) -> None:
        if self.has_migrations_to_apply():
            self.stdout.write("Migrating…")
            migrate = [
                sys.executable,
                str(settings.BASE_DIR / "manage.py"),
                "migrate",
                "--no-input",
                "--verbosity",
                "0",
            ]
            subprocess.run(migrate, check=True)  # a process of its own: as the owner of the tables
        if self.has_new_static_files():
            call_command("collectstatic", interactive=False, verbosity=0)
        if settings.DEMO:
            self.receive_the_demo_network()

    def has_migrations_to_apply(self) -> bool:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))

    def has_new_static_files(self) -> bool:
        manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
        if not manifest.exists():
            return True
        sources = (storage.path(path) for finder in get_finders() for path, storage in finder.list([]))
        return max(map(os.path.getmtime, sources), default=0) > manifest.stat().st_mtime

    def receive_the_demo_network(self) -> None:
        known = get_commands()
        if "demo" in known and not apps.get_model("residents", "Person").objects.exists():
            self.stdout.write("Loading the demo network, about a minute, this once…")
            call_command("demo")
        if "demo_accounts" in known:
            call_command("demo_accounts", stdout=self.stdout)
