from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format

from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_signed_in_user_reads_their_own_language(client):
    client.force_login(make_user(language="nl"))
    page = client.get("/account/password/change/", headers={"accept-language": "fr"})
    assert 'lang="nl"' in page.content.decode()


def test_choosing_a_language_keeps_it_on_device_and_user(client):
    user = make_user(language="fr")
    client.force_login(user)
    response = client.post("/language/", {"language": "en", "next": "/account/password/change/"})
    user.refresh_from_db()
    assert (response.url, user.language) == ("/account/password/change/", "en")
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


@pytest.mark.parametrize("language", ["xx", "de", "zh-hans"])  # Django itself speaks the last two
def test_a_language_that_the_house_does_not_speak_changes_nothing(client, language):
    user = make_user(language="fr")
    client.force_login(user)
    client.post("/language/", {"language": language})
    user.refresh_from_db()
    assert user.language == "fr"


def test_one_is_not_sent_to_another_host(client):
    assert client.post("/language/", {"language": "nl", "next": "https://example.org/"}).url == "/"


def test_a_get_changes_nothing(client):
    assert client.get("/language/").status_code == 405


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_the_day_stands_before_the_month_in_every_language(language):
    """In English, too: 3/11 is one day in Brussels and another in America."""
    moment = datetime(2026, 11, 3, 22, 30, tzinfo=UTC)
    with translation.override(language):
        assert date_format(moment, "SHORT_DATETIME_FORMAT") in {"03/11/2026 22:30", "3-11-2026 22:30"}
        assert date_format(moment, "TIME_FORMAT") == "22:30"
