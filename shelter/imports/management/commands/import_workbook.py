"""``manage.py import_workbook FILE… [--as EMAIL] [--site SLUG] [--commit] --output DIR``"""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from shelter.accounts.door import knock
from shelter.accounts.models import User
from shelter.accounts.policy import Can
from shelter.identity import acting_as
from shelter.imports import headless
from shelter.imports.models import ImportJob
from shelter.imports.output import described, write
from sites.models import Site


class Command(BaseCommand):
    help = (
        "Read workbooks, say of every row what was understood, and with --commit let them in. "
        "DIR gets NAME.json for each file; each is an import of its own, in the order given. "
        "With --as somebody does it, with their rights, at their sites; else whoever holds the server, in nobody's name."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--as", dest="email", metavar="EMAIL", help="who imports")
        parser.add_argument("--site", metavar="SLUG", help="by default the site that the file's name names")
        parser.add_argument("--commit", action="store_true", help="let in what can be; the doubtful is set aside")
        parser.add_argument("--output", type=Path, metavar="DIR", help="where the JSON files go")

    def handle(
        self, *, files: list[Path], email: str | None, site: str | None, commit: bool, output: Path | None, **_: object
    ) -> None:
        user = user_called(email) if email else None
        actor = user.pk if user else None
        for path in files:
            if not path.is_file():
                raise CommandError(f"There is no file {path}.")
            with acting_as(actor):
                where = self.site_for(path, site, must_be_sure=commit)
                if user and not user.access.may(Can.IMPORT, where.pk):
                    raise CommandError(f"{email} may not import at {where.slug}.")
            job = headless.import_files([path], site=where, by=user, commit=commit)
            with acting_as(actor):
                self.tell(path, job, output)

    def tell(self, path: Path, job: ImportJob, folder: Path | None) -> None:
        file = job.files.get()
        if folder is not None:
            write(described(file), folder / f"{path.name}.json")
        counts = ", ".join(f"{count} {status}" for status, count in headless.rows_by_status(job).items() if count)
        self.stdout.write(f"{path.name} → {job.site.slug}: {file.problem or f'{job.state}, {counts}'}")

    def site_for(self, path: Path, slug: str | None, *, must_be_sure: bool) -> Site:
        if slug:
            found = Site.objects.filter(slug=slug).first()
            if found is None:
                raise CommandError(f"There is no site {slug}. Sites: {', '.join(known_slugs()) or 'none yet'}.")
            return found
        found = headless.site_named_by(path)
        if found is None and not must_be_sure:
            found = Site.objects.order_by("pk").first()
            if found:
                self.stderr.write(f"{path.name} names no site; read as if for {found.slug} (--site says otherwise).")
        if found is None:
            raise CommandError(f"{path.name} names no site. Give --site, one of: {', '.join(known_slugs())}.")
        return found


def user_called(email: str) -> User:
    with acting_as(None):
        knock(email)
        user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError(f"Nobody signs in as {email}.")
    return user


def known_slugs() -> list[str]:
    return list(Site.objects.order_by("slug").values_list("slug", flat=True))
