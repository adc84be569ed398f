"""The demo network comes in through the importer, and every number of tonight's page is the story's own."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from casework.kinds import Kind
from casework.models import CaseFile, Consent, Document
from residents.models import Presence, ReadingAlert, Stay
from residents.nights import tonight
from residents.selectors.tonight import sites_on
from shelter.accounts.models import User
from shelter.audit.models import Entry
from shelter.demo import network
from shelter.demo.mess.grids import ABSENT, HOSPITAL, PRESENT
from shelter.demo.story import plans, tell
from shelter.imports.models import ImportJob, StagedRow
from sites.models import BedClosure, Site

A_ROOM_A_FLOOR = 0.01


@pytest.fixture(scope="module")
def story(django_db_setup, django_db_blocker, tmp_path_factory):
    """A small network, loaded once for this module and taken back at its end."""
    folder = tmp_path_factory.mktemp("demo")
    media = override_settings(MEDIA_ROOT=folder / "media")
    with django_db_blocker.unblock(), media, transaction.atomic():
        yield network.load(folder=folder, share=A_ROOM_A_FLOOR)
        transaction.set_rollback(True)


def figures():
    return {row.site.name: row.figures for row in sites_on(tonight(), Site.objects.all())}


def test_as_many_people_sleep_at_each_house_as_its_workbook_says(story):
    shown = figures()
    assert {c.house.site: shown[c.house.site].housed for c in story.chronicles} == {
        c.house.site: len(c.present) for c in story.chronicles
    }


def test_arrivals_and_departures_of_today_are_the_story_s(story):
    shown = figures()
    for chronicle in story.chronicles:
        arriving = sum(line.arrival == story.tonight for line in chronicle.stays)
        leaving = sum(line.departure == story.tonight for line in chronicle.stays)
        assert (shown[chronicle.house.site].arriving, shown[chronicle.house.site].leaving) == (arriving, leaving)


def test_beds_are_closed_with_a_reason_and_some_are_free(story):
    shown = figures()
    closed = sum(len(chronicle.closed) for chronicle in story.chronicles)
    assert sum(row.closed for row in shown.values()) == closed == BedClosure.objects.exclude(reason="").count()
    assert all(shown[chronicle.house.site].free > 0 for chronicle in story.chronicles)


def test_the_record_shows_who_read_what_and_asks_about_some_of_it(story):
    assert Entry.objects.filter(action="open", info_class="identity").exists()
    assert ReadingAlert.objects.filter(kind=ReadingAlert.Kind.UNASSIGNED).exists()


def test_every_ticked_night_is_a_presence(story):
    ticked = sum(
        mark in (PRESENT, ABSENT, HOSPITAL)
        for chronicle in story.chronicles
        for nights in chronicle.nights.values()
        for mark in nights.values()
    )
    assert Presence.objects.count() == pytest.approx(ticked, rel=0.01)
    assert sum(row.away for row in figures().values()) > 0


def test_nobody_is_written_twice(story):
    assert Stay.objects.count() == sum(len(chronicle.stays) for chronicle in story.chronicles)


def test_waiting_lists_wait(story):
    shown = figures()
    for queue, lines in story.waiting:
        assert shown[queue.site].waiting == pytest.approx(len(lines), abs=1)


def test_one_import_is_left_to_review(story):
    job = ImportJob.objects.exclude(state=ImportJob.State.COMMITTED).get()
    assert job.state == ImportJob.State.REVIEW
    assert {StagedRow.Status.ERROR, StagedRow.Status.MATCHED} <= set(job.staged_rows.values_list("status", flat=True))


def test_loading_again_changes_nothing(story, settings):
    settings.DEMO = True
    people = User.objects.count(), Stay.objects.count(), ImportJob.objects.count()
    said = StringIO()
    call_command("demo", stdout=said)
    assert "nothing was changed" in said.getvalue()
    assert people == (User.objects.count(), Stay.objects.count(), ImportJob.objects.count())


def test_it_stays_out_of_a_real_house(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO mode only"):
        call_command("demo")


def test_the_whole_network_is_full_but_not_quite():
    story = tell(tonight=tonight())
    beds = sum(len(chronicle.slots) - len(chronicle.closed) for chronicle in story.chronicles)
    people = sum(len(chronicle.stays) for chronicle in story.chronicles)
    assert 0.85 <= sum(len(chronicle.present) for chronicle in story.chronicles) / beds <= 0.99
    assert 1_150 <= people <= 1_350


def test_each_house_has_the_beds_that_its_plan_says():
    assert {house.site: len(house.slots) for house in plans()[0]} == {house.site: house.beds for house in plans()[0]}


def test_people_confide_something_of_each_kind_at_several_sites(story):
    """So that visitors and crawlers find every class, and something to be kept from."""
    for kind in Kind:
        sites = CaseFile.objects.filter(notes__kind=kind).values("site").distinct()
        assert sites.count() >= 3, kind
    assert {document.info_class for document in Document.objects.all()} == {"interviews", "legal", "health"}
    assert Consent.objects.valid().exists()
    assert not CaseFile.objects.filter(person__key_workers=None).exists()
