"""Fills an empty house with the demo network: sites, beds and closures first, then people, through the importer."""

from collections.abc import Callable
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from random import Random

from django.db import transaction

from residents.models import Person
from residents.nights import tonight
from shelter.accounts.models import User
from shelter.accounts.policy import Role
from shelter.demo.accounts import make_demo_accounts
from shelter.demo.confided import confide
from shelter.demo.readings import leave_readings
from shelter.demo.story import Chronicle, Story, tell
from shelter.demo.workbooks import Batch, write_unfinished, write_workbooks
from shelter.imports import services
from shelter.imports.headless import import_files, let_in
from shelter.imports.models import ImportJob, Likeness
from sites import services as places
from sites.models import Bed, BedClosure, Site
from sites.network import load_network

CLOSURES = (
    (BedClosure.Reason.WORKS, "Plafond à réparer"),
    (BedClosure.Reason.PESTS, "Punaises de lit, traitement en cours"),
    (BedClosure.Reason.DAMAGE, "Sommier cassé"),
    (BedClosure.Reason.SAFETY, "Détecteur de fumée à remplacer"),
)


def is_loaded() -> bool:
    """Whether somebody lives here already: then the demo keeps its hands off."""
    return Person.objects.exists() or ImportJob.objects.exists()


def load(*, folder: Path, share: float = 1.0, say: Callable[[str], None] = lambda _: None) -> Story:
    """Everything, once. ``share`` below 1 keeps the first rooms of each floor; ``say`` hears how it goes.

    The workbooks stay in ``folder``: visitors may upload them again and see them recognised.
    """
    story = tell(tonight=tonight(), share=share)
    build_houses(story)
    make_demo_accounts()
    for batch in write_workbooks(story, folder):
        bring_in(batch)
        say(f"{batch.site}: {', '.join(path.name for path in batch.paths)}")
    say(f"{confide(tonight=story.tonight)} persons are followed")
    unfinished = write_unfinished(story, folder)
    import_files(unfinished.paths, site=Site.objects.get(name=unfinished.site), by=_data_administrator(unfinished.site))
    say(f"{unfinished.site}: {unfinished.paths[0].name}, left to review")
    leave_readings(Site.objects.filter(name__in=[chronicle.house.site for chronicle in story.chronicles]))
    return story


@transaction.atomic
def build_houses(story: Story) -> None:
    """The sites of the network, and their rooms, beds and closures."""
    sites = {site.name: site for site in load_network()}
    for chronicle in story.chronicles:
        site = sites[chronicle.house.site]
        if not site.rooms.exists():
            _furnish(site, chronicle)
            _close(site, chronicle, story)


def _furnish(site: Site, chronicle: Chronicle) -> None:
    for floor, slots in groupby(chronicle.slots, key=lambda slot: slot.floor):
        rooms = dict.fromkeys(slot.room for slot in slots)
        places.add_rooms(site=site, names=list(rooms), labels=list(chronicle.house.labels), floor=floor)


def _close(site: Site, chronicle: Chronicle, story: Story) -> None:
    rng = Random(site.name)  # noqa: S311 — a repeatable demo, no secret
    for slot in chronicle.closed:
        bed = Bed.objects.get(room__site=site, room__name=slot.room, label=slot.bed)
        reason, note = rng.choice(CLOSURES)
        until = story.tonight + timedelta(days=rng.randrange(2, 12)) if rng.random() < 0.5 else None
        from_on = story.tonight - timedelta(days=rng.randrange(1, 25))
        places.close_beds(beds=[bed], from_on=from_on, until_on=until, reason=reason, note=note)


def bring_in(batch: Batch) -> ImportJob:
    """Upload, decide what is open, let in: what a data administrator does in the browser."""
    site, by = Site.objects.get(name=batch.site), _data_administrator(batch.site)
    job = import_files(batch.paths, site=site, by=by)
    for likeness in Likeness.objects.filter(staged__job=job, answer=Likeness.Answer.OPEN):
        services.answer_likeness(likeness, Likeness.Answer.TWO, by=by)  # nobody of the story stays at two sites
    let_in(job, by=by)
    return job


def _data_administrator(site: str) -> User:
    return User.objects.get(memberships__site__name=site, memberships__role=Role.DATA_ADMIN)
