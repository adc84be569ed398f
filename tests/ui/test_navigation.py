import pytest
from django.test import RequestFactory
from django.urls import resolve

from shelter.accounts.models import Membership
from shelter.accounts.policy import Role
from shelter.ui import navigation
from shelter.ui.navigation import menu_for, search_address_for, site_switcher_for
from tests.factories import make_site, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.ui.doors")]


@pytest.fixture(autouse=True)
def other_addresses():
    navigation._href.cache_clear()
    yield
    navigation._href.cache_clear()


def visit(user, path="/elsewhere/"):
    request = RequestFactory().get(path)
    request.user, request.resolver_match = user, resolve(path.partition("?")[0])
    return request


def links(user, path="/elsewhere/"):
    return [link for group in menu_for(visit(user, path)) for link in group.links]


def works_at(*names):
    first, *others = (make_site(name, slug=name.lower()) for name in names)
    user = make_user(Role.COORDINATOR, at=first)
    for site in others:
        Membership.objects.create(user=user, site=site, role=Role.COORDINATOR)
    return user


def test_the_menu_offers_what_the_role_may_do_and_no_empty_group():
    assert menu_for(visit(make_user())) == []
    volunteer = {link.href for link in links(make_user(Role.VOLUNTEER))}
    coordinator = {link.href for link in links(make_user(Role.COORDINATOR))}
    assert volunteer < coordinator


def test_a_membership_that_is_over_opens_no_door():
    assert links(make_user(Role.COORDINATOR, over=True)) == []


@pytest.mark.parametrize(
    ("path", "current"),
    [("/", "page"), ("/residents/people/", "page"), ("/elsewhere/", "")],
)
def test_the_menu_shows_where_one_is(path, current):
    found = {link.href: link.current for link in links(make_user(Role.COORDINATOR), path) if link.current}
    assert found == ({path: current} if current else {})


def test_the_frame_costs_one_query(django_assert_num_queries):
    user = works_at("Here", "There")
    with django_assert_num_queries(1):
        menu_for(visit(user))
        site_switcher_for(visit(user))
        search_address_for(visit(user))


def test_the_switcher_offers_only_sites_where_one_works():
    make_site("Elsewhere")
    assert site_switcher_for(visit(works_at("Alone"))).choices == ()
    switcher = site_switcher_for(visit(works_at("Here", "There")))
    assert [choice.name for choice in switcher.choices[1:]] == ["Here", "There"]


@pytest.mark.parametrize(
    ("path", "choice"),
    [
        ("/elsewhere/", "/?site=there"),
        ("/residents/people/?q=ali&page=2", "/residents/people/?site=there"),
        ("/beds/here/", "/beds/there/"),
    ],
)
def test_choosing_a_site_keeps_the_page_where_it_knows_sites(path, choice):
    switcher = site_switcher_for(visit(works_at("Here", "There"), path))
    assert switcher.choices[-1].href == choice


def test_the_switcher_names_the_site_of_the_page():
    user = works_at("Here", "There")
    assert site_switcher_for(visit(user, "/?site=there")).current == "There"
    assert site_switcher_for(visit(user, "/beds/here/")).current == "Here"
    assert site_switcher_for(visit(user, "/?site=unknown")).current == ""


def test_one_looks_for_people_only_where_one_may_see_them():
    assert search_address_for(visit(make_user(Role.COORDINATOR))) == "/residents/people/"
    assert search_address_for(visit(make_user(Role.LOGISTICS))) == ""
