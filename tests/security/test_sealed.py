"""What is confided is readable nowhere but on the pages of who may read it (D1, D6)."""

import base64
import json
import logging
import secrets
from collections import Counter

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from casework.kinds import Kind
from casework.models import Document, Note
from shelter.accounts.policy import Role
from shelter.celery import app
from tests.accounts.second_factors import code_now, sign_in
from tests.factories import make_key_worker, make_person, make_site, make_user
from tests.security.remains import forms, remains

SECTIONS = {"social": Kind.SOCIAL, "legal": Kind.LEGAL, "health": Kind.INSTRUCTION}
WRITERS = {Kind.SOCIAL: Role.SOCIAL_WORKER, Kind.LEGAL: Role.JURIST, Kind.INSTRUCTION: Role.HEALTH}
WORDS = ("note", "corrected", "title", "content", "draft")


def planted(what: str) -> str:
    """A value that stands nowhere else on this machine."""
    return f"{what}-{secrets.token_hex(12)}"


@pytest.fixture
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.mark.django_db(transaction=True)
def test_planted_words_lie_nowhere_in_the_clear(media, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    site = make_site()
    person = make_person(at=site)
    names, codes, shown = {}, set(), ""
    for section, kind in SECTIONS.items():
        client, seed, recovery = enrolled(writer_of(kind, person, site))
        codes |= recovery
        words = {name: planted(f"{section}-{name}") for name in WORDS}
        names |= {word: f"{section} {name}" for name, word in words.items()}
        names[seed] = "seed"
        pages = confide(client, f"/people/{person.public_id}/{section}/", kind, words)
        shown += "".join(page.content.decode() for page in pages)
        with monkeypatch.context() as broken:
            broken.setattr("casework.views.notes.render_page", lambda *_, **__: 1 / 0)  # with all of it in memory
            client.raise_request_exception = False
            error = client.get(f"/people/{person.public_id}/{section}/")
        assert error.status_code == 500
        assert not [word for word in words.values() if word in error.text]
    unread = {name for word, name in names.items() if word not in shown and name.split()[-1] in WORDS}
    assert not unread, "or nothing is proven"
    logged = "\n".join(logging.Formatter("%(message)s").format(line) for line in caplog.records if no_statement(line))
    found = remains([*names, *codes], logged=logged)
    assert not {(names[value], place) for value, place in found if value in names}
    # Eight digits may stand in a large file by chance, most of thirty such codes may not.
    places = Counter(place for value, place in found if value in codes)
    assert not {place for place, number in places.items() if number > len(codes) / 3}


def writer_of(kind, person, site):
    """Somebody who follows the person and may write this kind."""
    worker = make_user(WRITERS[kind], at=site)
    make_key_worker(person, worker, at=site)
    return worker


def enrolled(user):
    """Signed in by the forms, with an app set up on the page; and all that the page has shown once."""
    client = Client()
    sign_in(client, user)
    secret = client.get("/account/factors/app/add/").context["form"].secret
    client.post("/account/factors/app/add/", {"code": code_now(secret)})
    return client, secret, set(client.get("/account/factors/recovery-codes/").context["unused_codes"])


def confide(client, page, kind, words):
    """Write, correct, file and begin a draft, by the pages; what they show then."""
    section = page.split("/")[3]
    note = {"kind": kind.value, "happened_on": timezone.localdate().isoformat(), "text": words["note"]}
    assert client.post(f"{page}write/", note).status_code == 302
    written = f"/{section}/notes/{Note.objects.get(kind=kind).public_id}"
    assert client.post(f"{written}/correct/", note | {"text": words["corrected"], "version": 1}).status_code == 302
    paper = SimpleUploadedFile("scan.pdf", f"%PDF-1.4 {words['content']}".encode())
    sent = {"kind": kind.value, "title": words["title"], "file": paper}
    assert client.post(f"{page}documents/add/", sent).status_code == 302
    draft = {"page": f"{page}write/", "fields": json.dumps({"text": ["", words["draft"]]})}
    assert client.post("/profile/draft/", draft).status_code == 200
    document = f"/{section}/documents/{Document.objects.get(kind=kind).public_id}/"
    addresses = (page, f"{written}/versions/", document, f"/profile/draft/?page={page}write/")
    return [client.get(address) for address in addresses]


def no_statement(line: logging.LogRecord) -> bool:
    return line.name != "django.db.backends"  # logged in DEBUG alone, never in a house


@pytest.mark.django_db(transaction=True)
def test_the_search_finds_what_lies_open(media, caplog):
    """Or the test above proves nothing: a name lies in the dump and the data directory, and each other place is looked into."""
    name, mailed, logged, filed, queued = (planted(place) for place in ("name", "mail", "log", "file", "queue"))
    make_person(name, at=make_site())
    mail.send_mail("subject", mailed, None, ["somebody@example.org"])
    (media / "open").write_text(filed)
    broker_holds(queued)
    found = remains([name, mailed, logged, filed, queued], logged=logged)
    assert {(name, "dump"), (mailed, "mails"), (logged, "logs")} <= found
    assert {value for value, place in found if place not in {"dump", "mails", "logs"}} == {name, filed, queued}


def broker_holds(value: str) -> None:
    with app.connection_for_write() as broker:
        broker.SimpleQueue("planted").put({"value": value})


def test_a_value_is_found_in_whatever_form():
    value = planted("value")
    for before in range(6):
        text = base64.b64encode(b"x" * before + value.encode() + b"yz")
        assert any(form in text for form in forms(value))
    assert any(form in value.encode().hex().encode() for form in forms(value))
