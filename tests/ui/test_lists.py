import pytest
from django import forms
from django.test import RequestFactory

from shelter.ui.lists import FilterForm, Page, Sorting, address_with
from sites.models import Site
from tests.factories import make_organisation, make_site

COLUMNS = {"name": ["name"], "capacity": ["-declared_capacity", "name"]}


class SiteFilter(FilterForm):
    q = forms.CharField(required=False)
    capacity = forms.IntegerField(required=False)

    def filter_q(self, sites, value):
        return sites.filter(name__icontains=value)

    def filter_capacity(self, sites, value):
        return sites.filter(declared_capacity=value)


def get(query=""):
    return RequestFactory().get(f"/?{query}")


@pytest.fixture
def sites(db):
    organisation = make_organisation()
    for name, capacity in (("Alpha", 10), ("Beta", 20), ("Gamma", 10)):
        make_site(name, organisation=organisation, declared_capacity=capacity)
    return Site.objects.all()


def names(rows):
    return [site.name for site in rows]


def test_each_field_of_a_filter_narrows(sites):
    assert names(SiteFilter(get("q=a&capacity=10").GET).apply(sites)) == ["Alpha", "Gamma"]


def test_a_value_that_cannot_be_read_says_so_and_filters_nothing(sites):
    filters = SiteFilter(get("q=beta&capacity=many").GET)
    assert names(filters.apply(sites)) == ["Beta"]
    assert filters.errors.keys() == {"capacity"}


@pytest.mark.parametrize(("query", "narrowing"), [("", False), ("q=", False), ("page=2", False), ("q=a", True)])
def test_a_filter_knows_whether_it_narrows(query, narrowing):
    assert SiteFilter(get(query).GET).is_narrowing is narrowing


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Alpha", "Beta", "Gamma"]),
        ("sort=-name", ["Gamma", "Beta", "Alpha"]),
        ("sort=capacity", ["Beta", "Alpha", "Gamma"]),
        ("sort=-capacity", ["Gamma", "Alpha", "Beta"]),
        ("sort=password", ["Alpha", "Beta", "Gamma"]),
    ],
)
def test_the_address_sorts_by_public_columns_only(sites, query, expected):
    assert names(Sorting.of(get(query), COLUMNS, default="name").apply(sites)) == expected


def test_a_click_on_the_sorted_column_turns_it_around():
    sorting = Sorting.of(get("sort=capacity"), COLUMNS, default="name")
    assert (sorting.next("capacity"), sorting.next("name")) == ("-capacity", "name")
    assert (sorting.direction("capacity"), sorting.direction("name")) == ("ascending", "")


@pytest.mark.parametrize(
    ("query", "expected", "first", "last", "more"),
    [
        ("", ["Alpha", "Beta"], 1, 2, True),
        ("page=2", ["Gamma"], 3, 3, False),
        ("page=9", [], 0, 16, False),
        ("page=-1", ["Alpha", "Beta"], 1, 2, True),
        ("page=two", ["Alpha", "Beta"], 1, 2, True),
        ("page=²", ["Alpha", "Beta"], 1, 2, True),
        ("page=99999999999999999999", ["Alpha", "Beta"], 1, 2, True),
    ],
)
def test_a_page_is_read_without_counting(sites, django_assert_num_queries, query, expected, first, last, more):
    with django_assert_num_queries(1):
        page = Page.of(get(query), sites, per_page=2)
    assert (names(page), page.first, page.last, page.has_next) == (expected, first, last, more)


def test_changing_one_key_keeps_the_others():
    assert address_with(get("q=a%26b&page=3").GET, page=None, sort="name") == "?q=a%26b&sort=name"


def test_a_filter_does_not_say_that_each_field_may_stay_empty():
    assert "fw-normal" not in str(SiteFilter(get().GET))
