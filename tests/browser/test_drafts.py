"""What is being typed survives the end of a session, and a second tab (B10, G1); what is secret is not kept."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from shelter.accounts.models import Draft
from shelter.accounts.policy import Role
from tests.factories import make_person, make_site, make_user


@pytest.fixture
def coordinator():
    return make_user(Role.COORDINATOR, at=make_site("Casa Tamam"))


@pytest.fixture
def person(coordinator):
    return make_person("Diallo", "Awa", at=coordinator.memberships.get().site)


def kept(page):
    return page.expect_response(lambda response: "draft" in response.url and response.request.method == "POST")


def sign_in_again(context, user, live_server):
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])


def test_a_form_without_a_long_text_is_back_after_the_session_has_ended(
    page_as, context, live_server, coordinator, person, assert_accessible
):
    path = f"/people/{person.public_id}/edit/"
    page = page_as(coordinator)
    page.goto(path)
    with kept(page):
        page.get_by_label("Nom ou nom unique").fill("Diallo-Ba")
    context.clear_cookies()
    page.reload()
    assert "/account/login/" in page.url
    sign_in_again(context, coordinator, live_server)
    page.goto(path)
    expect(page.get_by_label("Nom ou nom unique")).to_have_value("Diallo-Ba")
    expect(page.locator("#toasts")).to_contain_text("est de retour")
    assert_accessible(page)

    person.last_name = "Changed"
    person.save(update_fields=["last_name"])
    page.goto(path)
    expect(page.locator("#toasts")).to_contain_text("Quelqu’un a modifié ceci entre-temps")
    expect(page.get_by_label("Nom ou nom unique")).to_have_value("Changed")


def test_a_second_tab_is_told_and_overwrites_nothing(page_as, context, coordinator):
    page = page_as(coordinator)
    page.goto("/admit/new/")
    second = context.new_page()
    second.goto("/admit/new/")
    with kept(page):
        page.get_by_label("Nom ou nom unique").fill("Premier")
    with kept(second):
        second.get_by_label("Nom ou nom unique").fill("Second")
    expect(second.locator("#toasts")).to_contain_text("dans un autre onglet")
    page.reload()
    expect(page.get_by_label("Nom ou nom unique")).to_have_value("Premier")


def test_no_passphrase_no_code_and_no_search_is_kept(page_as, coordinator):
    page = page_as(coordinator)
    asked = []
    page.on("request", lambda request: asked.append(request) if "draft" in request.url else None)
    for path in ("/account/password/change/", "/account/factors/app/add/", "/people/"):
        page.goto(path)
        for field in page.locator("main input:is([type=password], [type=text], [type=search]):visible").all():
            field.fill("123456")
        page.wait_for_timeout(3500)
    assert [request for request in asked if request.method == "POST"] == []
    assert not Draft.objects.exists()
