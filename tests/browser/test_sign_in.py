import gzip

import pytest

from shelter.accounts.policy import Role
from tests.factories import PASSWORD, make_site, make_user

FIRST_LOAD_BYTES = 120_000


def test_a_coordinator_signs_in_by_keyboard_alone(page):
    user = make_user(Role.COORDINATOR, at=make_site())
    page.goto("/account/login/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.get_by_label("Adresse e-mail").focus()
    page.keyboard.type(user.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("/account/factors/")


def test_a_wrong_passphrase_is_said_and_the_address_kept(page, assert_accessible):
    page.goto("/account/login/")
    page.get_by_label("Adresse e-mail").fill("nobody@example.org")
    page.get_by_label("Phrase de passe").fill("wrong")
    page.get_by_role("button", name="Se connecter").click()
    assert page.get_by_role("alert").is_visible()
    assert page.get_by_label("Adresse e-mail").input_value() == "nobody@example.org"
    assert_accessible(page)


@pytest.mark.parametrize(
    ("language", "heading"), [("Français", "Se connecter"), ("Nederlands", "Aanmelden"), ("English", "Sign in")]
)
def test_sign_in_speaks_three_languages(page, language, heading, look):
    page.goto("/account/login/")
    if language != "Français":
        page.get_by_role("button", name=language).click()
    assert page.get_by_role("heading", level=1).inner_text() == heading
    look(page, f"sign-in-{heading}")


def test_the_chosen_language_stays_with_the_user(page_as):
    user = make_user(Role.COORDINATOR, at=make_site())
    page = page_as(user)
    page.goto("/account/password/change/")
    page.locator("details.menu summary").last.click()
    page.get_by_role("button", name="Nederlands").click()
    assert page.locator("html").get_attribute("lang") == "nl"
    user.refresh_from_db()
    assert user.language == "nl"


def test_the_first_page_that_one_sees_is_light(page):
    assert sum(weights_of(page, "/account/login/").values()) <= FIRST_LOAD_BYTES


def test_the_first_page_inside_is_light(page_as):
    page = page_as(make_user(Role.COORDINATOR, at=make_site()))
    weights = weights_of(page, "/")
    assert sum(weights.values()) <= FIRST_LOAD_BYTES, weights


def weights_of(page, path):
    """The bytes of each file that this page loads into an empty browser, compressed as the server sends them."""
    answers = {}
    page.on("response", lambda answer: answers.setdefault(answer.url, answer))
    page.goto(path, wait_until="networkidle")
    return {url: len(gzip.compress(answer.body())) for url, answer in answers.items() if answer.ok}
