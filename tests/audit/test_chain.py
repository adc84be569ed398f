"""Tampering is found: an edit, a deletion, a swap, an insertion, a cut tail (C6). Only a superuser gets so far."""

from datetime import timedelta
from io import StringIO

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from residents.models import Person
from shelter.audit import Action, chain, record, tasks
from shelter.embedded.home import Home
from tests.factories import make_person, make_site

pytestmark = pytest.mark.django_db(transaction=True)


def session(user: str, password: str) -> psycopg.Connection:
    there = connection.settings_dict
    return psycopg.connect(
        host=there["HOST"],
        port=there["PORT"] or None,
        dbname=there["NAME"],
        user=user,
        password=password,
        autocommit=True,
    )


def tamper(*statements: str) -> None:
    """As somebody who owns the server, and switches every guard off."""
    with session("postgres", Home.from_environment().secrets["postgres"]) as master:
        master.execute("SET session_replication_role = replica")
        for statement in statements:
            assert master.execute(statement).rowcount, f"touches nothing: {statement}"


# The chain made anew over what stands there, as nobody but a test does.
HASH_ANEW = """
DO $$ DECLARE one record; previous bytea; BEGIN
    FOR one IN SELECT * FROM audit_seal ORDER BY number LOOP
        UPDATE audit_seal SET hash = audit_hash(previous, number, closed_at, horizon) WHERE number = one.number
        RETURNING hash INTO previous;
    END LOOP;
END $$
"""


def let_time_pass() -> None:
    """So that seals settle: nobody in flight can bring a row below their marks any more.

    The horizon goes back too: it counts transactions of the whole server, and tests beside this one keep theirs open.
    """
    tamper("UPDATE audit_seal SET closed_at = closed_at - interval '5 minutes', horizon = 0", HASH_ANEW)


def found() -> set[tuple[int | None, str, str]]:
    return {(one.seal, one.journal, one.what) for one in chain.verify()}


@pytest.fixture
def sealed() -> Person:
    """Two seals: three entries and a person's history in the first, one entry in the second."""
    person = make_person("Sealed", at=make_site())
    for number in (1, 2, 3):
        record(Action.OPEN, persons=[number])
    assert chain.seal() == 1
    record(Action.OPEN, persons=[4])
    assert chain.seal() == 2
    assert not found()
    return person


def test_nothing_new_makes_no_seal(sealed):
    assert chain.seal() is None


@pytest.mark.parametrize(
    ("statements", "finding"),
    [
        (["UPDATE audit_entry SET persons = '{9}' WHERE persons = '{2}'"], (1, "audit_entry", "changed")),
        (["DELETE FROM audit_entry WHERE persons = '{2}'"], (1, "audit_entry", "missing")),
        (["DELETE FROM audit_entry WHERE persons = '{4}'"], (2, "audit_entry", "missing")),
        (
            [
                "UPDATE audit_entry SET id = -1 WHERE persons = '{1}'",
                "UPDATE audit_entry SET id = 1 WHERE persons = '{2}'",
                "UPDATE audit_entry SET id = 2 WHERE id = -1",
            ],
            (1, "audit_entry", "changed"),
        ),
        (["UPDATE residents_personevent SET last_name = 'Other'"], (1, "residents_personevent", "changed")),
        (["UPDATE audit_segment SET count = 2 WHERE journal = 'audit_entry' AND seal_id = 1"], (1, "", "chain")),
        (["DELETE FROM audit_seal WHERE number = 1"], (1, "", "gap")),
    ],
    ids=["edit", "deletion", "deletion at the end", "reordering", "history", "segment", "seal"],
)
def test_tampering_is_found_and_its_segment_named(sealed, statements, finding):
    tamper(*statements)
    assert finding in found()


def test_a_row_inserted_among_sealed_ones_is_found(sealed):
    """Below the marks nothing may come any more: not in the gap that a rolled-back request left either."""
    tamper("SELECT setval(pg_get_serial_sequence('audit_entry', 'id'), 20)")
    record(Action.OPEN, persons=[5])
    chain.seal()
    let_time_pass()
    assert not found()
    tamper(
        "INSERT INTO audit_entry (id, info_class, action, persons, about, page, purpose, request)"
        " VALUES (10, '', 'open', '{6}', '', '', '', '')"
    )
    assert found() == {(None, "audit_entry", "inserted")}


def test_a_cut_tail_is_found_by_the_head_that_was_published(sealed):
    head = chain.head()
    tamper(
        "DELETE FROM audit_entry WHERE persons = '{4}'",
        "DELETE FROM audit_segment WHERE seal_id = 2",
        "DELETE FROM audit_seal WHERE number = 2",
    )
    assert not found(), "nothing inside the house can tell"
    with pytest.raises(CommandError):
        call_command("audit", "verify", "--head", head, stderr=(told := StringIO()))
    assert "seal 2" in told.getvalue()


def test_the_command_says_that_all_is_well(sealed):
    call_command("audit", "verify", "--head", chain.head(), stdout=(told := StringIO()))
    assert chain.head() in told.getvalue()


def test_who_commits_late_with_a_lower_number_is_sealed_all_the_same(sealed):
    app = settings.APP_DATABASE
    late = session(app["USER"], app["PASSWORD"])
    late.autocommit = False
    late.execute("INSERT INTO audit_entry (info_class, action, persons, about, page, purpose, request) "
                 "VALUES ('', 'open', '{50}', '', '', '', '')")  # fmt: skip
    record(Action.OPEN, persons=[51])
    assert chain.seal() == 3
    late.commit()
    late.close()
    assert chain.seal() == 4
    assert not found()
    tamper("DELETE FROM audit_entry WHERE persons = '{50}'")
    assert found() == {(4, "audit_entry", "missing")}


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal", "audit_segment", "residents_personevent"])
@pytest.mark.parametrize("act", ["UPDATE {} SET {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_owner_and_who_sees_every_row_cannot_change_the_record_either(sealed, table, act):
    column = {"audit_entry": "page = ''", "residents_personevent": "last_name = ''", "audit_seal": "horizon = 0"}
    role = settings.OWNER_DATABASE if act.startswith("TRUNCATE") else settings.MAINTENANCE_DATABASE
    statement = act.format(table, column.get(table, "count = 0"))
    with (
        session(role["USER"], role["PASSWORD"]) as there,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="only grows"),
    ):
        there.execute(statement)


def test_after_two_years_entries_go_by_whole_segments_and_the_chain_stays(sealed):
    assert chain.retire() == 0
    tamper(
        "UPDATE audit_entry SET at = at - interval '3 years' WHERE persons <> '{4}'",
        "UPDATE audit_seal SET closed_at = closed_at - interval '3 years' WHERE number = 1",
    )
    assert chain.retire() == 3
    assert chain.retire() == 0
    assert (1, "audit_entry", "missing") not in found(), "gone by their age"
    assert (2, "audit_entry", "missing") not in found()


def test_the_head_is_sent_without_a_word_about_the_house(sealed, settings, mailoutbox):
    tasks.publish()
    assert not mailoutbox, "nobody was named"
    settings.AUDIT_HEAD_TO = ["keeper@example.org"]
    tasks.publish()
    (mail,) = mailoutbox
    assert (mail.subject, mail.body) == ("Maisonnée", chain.head())


def test_the_seal_is_at_most_a_minute_behind(settings):
    turn = settings.CELERY_BEAT_SCHEDULE["seal the record"]
    assert turn["task"] == tasks.seal.name
    assert turn["schedule"] <= 30
    record(Action.OPEN, persons=[1])
    before = timezone.now()
    tasks.seal()
    assert chain.head().startswith("1:")
    assert timezone.now() - before < timedelta(seconds=10)
