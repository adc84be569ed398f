import pytest

from shelter.accounts.policy import Role
from shelter.ui import navigation
from tests.factories import make_site, make_user

pytestmark = pytest.mark.urls("tests.browser.gallery")

TOO_WIDE = """width => document.documentElement.scrollWidth <= width ? [] : [...document.body.querySelectorAll("*")]
    .filter(part => part.getBoundingClientRect().right > width && !part.closest(".scroll-x"))
    .map(part => part.outerHTML.slice(0, 120))"""


@pytest.fixture
def gallery(page_as):
    navigation._href.cache_clear()
    page = page_as(make_user(Role.COORDINATOR, at=make_site("Casa Tamam")))
    page.goto("/")
    yield page
    navigation._href.cache_clear()


def focused(page, attribute):
    return page.evaluate("attribute => document.activeElement.getAttribute(attribute)", attribute)


def test_every_component_is_accessible(gallery, assert_accessible, look):
    assert_accessible(gallery)
    look(gallery, "gallery")


def test_open_menus_and_dialogs_are_accessible(gallery, assert_accessible):
    for menu in gallery.locator("details.menu summary").all():
        menu.click()
        assert_accessible(gallery)
        gallery.keyboard.press("Escape")
    gallery.get_by_role("button", name="Ouvrir", exact=True).click()
    assert_accessible(gallery)


def test_no_width_scrolls_sideways(gallery):
    for width in (1440, 768, 390, 360):
        gallery.set_viewport_size({"width": width, "height": 800})
        assert gallery.evaluate(TOO_WIDE, width) == []


def test_a_dialog_takes_what_its_opener_says_and_gives_the_focus_back(gallery):
    opener = gallery.get_by_role("button", name="Ouvrir", exact=True)
    opener.click()
    assert gallery.get_by_role("dialog").get_by_text("101-A").is_visible()
    gallery.keyboard.press("Escape")
    assert focused(gallery, "data-open") == "#move"


def test_a_grid_of_beds_is_one_stop_and_arrows_move_inside(gallery):
    beds = gallery.locator(".bed")
    assert beds.evaluate_all("beds => beds.filter(bed => bed.tabIndex === 0).length") == 1
    beds.first.focus()
    visited = []
    for key in ("ArrowRight", "ArrowDown", "End", "Home"):
        gallery.keyboard.press(key)
        visited.append(focused(gallery, "data-bed"))
    assert visited == ["101-B", "101-D", "103-E", "101-A"]


def test_slash_goes_to_the_search_unless_one_is_typing(gallery):
    gallery.keyboard.press("/")
    assert focused(gallery, "id") == "site-search"
    gallery.keyboard.type("a/b")
    assert gallery.locator("#site-search").input_value() == "a/b"


def test_a_message_with_a_way_back_waits_longer_and_an_error_until_it_is_closed(context, page_as):
    page = page_as(make_user(Role.COORDINATOR, at=make_site()))
    page.clock.install()
    page.goto("/")
    toasts = page.locator(".toast-x")
    page.clock.run_for(7_000)  # the true clock goes on beside, so stay clear of the twelve seconds
    assert toasts.count() == 2
    page.clock.run_for(6_000)
    assert toasts.count() == 1
    toasts.get_by_role("button").click()
    assert toasts.count() == 0


def test_the_theme_is_kept_on_the_device(gallery):
    before = gallery.locator("html").get_attribute("data-bs-theme")
    gallery.locator("[data-theme-toggle]").first.click()
    gallery.reload()
    assert gallery.locator("html").get_attribute("data-bs-theme") != before


def test_the_pill_says_when_the_network_is_gone(gallery, context):
    context.set_offline(True)
    gallery.get_by_text("Hors ligne").wait_for()
    context.set_offline(False)
    gallery.get_by_text("En ligne").wait_for()


@pytest.mark.parametrize("path", ["/nothing/", "/broken/"])
def test_error_pages_are_accessible(gallery, live_server, path, assert_accessible, look):
    gallery.goto(path)
    assert_accessible(gallery)
    look(gallery, f"error{path.replace('/', '-')}")


def test_everything_is_there_without_script(browser, live_server, page_as, context):
    page_as(make_user(Role.COORDINATOR, at=make_site()))
    bare = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    bare.add_cookies(context.cookies())
    page = bare.new_page()
    page.goto("/")
    page.locator(".top details.menu summary").last.click()
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    bare.close()
