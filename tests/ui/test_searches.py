"""A name that is looked for stands in no address (E4)."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.test import Client
from django.urls import reverse

from shelter.accounts.policy import Role
from shelter.exports.models import Export
from shelter.ui.lists import FilterForm
from shelter.ui.searches import SEARCH, TYPED
from tests.factories import make_person, make_site, make_stay, make_user
from tests.searching import searched

pytestmark = pytest.mark.django_db
PEOPLE, SEARCHES = reverse("residents:people"), reverse("ui:search")
OVER = "This search is over"


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def worker(site, client):
    user = make_user(Role.SOCIAL_WORKER, at=site, language="en")
    client.force_login(user)
    return user


@pytest.fixture(autouse=True)
def people(site):
    return [make_stay(make_person(name, "Awa", at=site), at=site).person for name in ("Zyxtraore", "Kaltenesh")]


def test_a_search_leads_to_an_address_that_names_nobody_and_finds(client, worker):
    answer = client.post(SEARCHES, {"page": PEOPLE, "q": "Zyxtraore", "state": "here", "gender": ""})
    assert answer.status_code == 302
    assert answer.url.startswith(f"{PEOPLE}?")
    assert "state=here" in answer.url
    assert "zyxtraore" not in answer.url.lower()
    page = client.get(answer.url)
    assert [row.person.last_name for row in page.context["rows"]] == ["Zyxtraore"]
    assert 'value="Zyxtraore"' in page.text


def test_the_links_of_the_page_carry_the_search_on_and_name_nobody(client, worker):
    page = client.get(client.post(SEARCHES, {"page": PEOPLE, "q": "Zyxtraore"}).url)
    links = [link["href"] for link in BeautifulSoup(page.text, "html.parser").select("#list a[href*='?']")]
    assert any("export" in link for link in links)
    assert any("sort=name" in link for link in links)
    for link in links:
        assert "zyxtraore" not in link.lower()
        assert len(client.get(link if link.startswith("/") else PEOPLE + link).text.split("Kaltenesh")) == 1


def test_choices_alone_stay_readable_in_the_address(client, worker):
    assert client.post(SEARCHES, {"page": PEOPLE, "q": "  ", "state": "all"}).url == f"{PEOPLE}?state=all"
    assert client.post(SEARCHES, {"page": PEOPLE}).url == PEOPLE


def test_a_name_in_the_clear_asks_for_nothing(client, worker):
    assert len(client.get(PEOPLE, {"q": "Zyxtraore"}).context["rows"]) == 2


def colleagues(client, worker):
    return searched(make_user(Role.SOCIAL_WORKER), q="Zyxtraore")


def old(client, worker):
    return searched(worker, q="Zyxtraore")


def broken(client, worker):
    token = searched(worker, q="Zyxtraore")[SEARCH]
    return {SEARCH: token[:-8] + "AAAAAAA="}


def nonsense(client, worker):
    return {SEARCH: "é\0{}"}


@pytest.mark.parametrize("query", [colleagues, old, broken, nonsense])
def test_a_search_that_does_not_open_narrows_nothing_and_says_so(client, worker, query, monkeypatch):
    asked = query(client, worker)
    if query is old:
        monkeypatch.setattr("shelter.ui.searches.LIVES", timedelta(seconds=-1))
    page = client.get(PEOPLE, asked)
    assert page.status_code == 200
    assert OVER in page.text
    assert len(page.context["rows"]) == 2


def test_an_export_whose_search_is_over_holds_nobody(client, worker):
    asked = f"{reverse('residents:export_people')}?{SEARCH}=x"
    answer = client.post(asked, {"purpose": "fire drill"}, follow=True)
    assert answer.redirect_chain == [(reverse("exports:list"), 302)]
    assert OVER in answer.text
    assert not Export.objects.exists()


@pytest.mark.parametrize("page", ["https://example.org/", "//example.org/", "/nowhere/", ""])
def test_a_search_leads_to_pages_of_ours_only(client, worker, page):
    assert client.post(SEARCHES, {"page": page, "q": "a"}).status_code == 404


def test_whoever_is_signed_out_searches_nothing():
    assert Client().post(SEARCHES, {"page": PEOPLE, "q": "a"}).url.startswith(reverse("account_login"))


def test_searching_costs_no_question_to_the_database(client, worker, assert_page_queries):
    """But who asks: a search as one types goes there and back."""
    with assert_page_queries(1):
        client.post(SEARCHES, {"page": PEOPLE, "q": "Zyxtraore"})


def test_the_first_facts_of_a_new_file_come_with_the_search(client, site):
    client.force_login(make_user(Role.COORDINATOR, at=site, language="en"))
    asked = {"page": reverse("residents:admit"), "name": "Awa Zyxnouveau", "born_in": "1999", "nationality": "ERI"}
    page = BeautifulSoup(client.get(client.post(SEARCHES, asked).url).text, "html.parser")
    [link] = page.select(f"a[href^='{reverse('residents:admit_new')}']")
    assert not {"Zyxnouveau", "1999"} & set(link["href"].replace("=", "+").split("+"))
    form = client.get(link["href"]).context["person_form"]
    assert (form["first_name"].value(), form["last_name"].value(), form["birth"].value()) == (
        "Awa",
        "Zyxnouveau",
        "1999",
    )


def test_each_field_of_free_text_of_a_filter_is_sealed():
    free = {
        name
        for form in FilterForm.__subclasses__()
        if not form.__module__.startswith("tests.")
        for name, field in form.base_fields.items()
        if type(field) in {forms.CharField, forms.IntegerField}
    }
    assert free
    assert free <= TYPED
