"""What browser tests drive: a live server, Chromium, and pages that fail on any broken promise of the interface.

They run in a process of their own (``-m e2e``): Playwright's event loop disturbs database tests beside it.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from shelter.accounts.models import User
from tests.browser import chromium

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop lives in the thread of the tests

RESULTS = Path("test-results")
WIDTHS = {"wide": 1440, "phone": 390}
THEMES = ("light", "dark")
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    item.stash.setdefault(FAILED, []).append(report.failed)
    return report


FAILED = pytest.StashKey[list[bool]]()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find() or pytest.fail(chromium.ADVICE)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser, live_server, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A browser of one's own. A test that fails leaves its trace in ``test-results/``."""
    context = browser.new_context(base_url=live_server.url, locale="fr-BE", viewport={"width": 1440, "height": 900})
    context.tracing.start(screenshots=True, snapshots=True)
    yield context
    if any(request.node.stash.get(FAILED, [])):
        context.tracing.stop(path=RESULTS / f"{request.node.name}.zip")
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which no script fails and nothing breaks the Content-Security-Policy."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []


def is_complaint(message: ConsoleMessage) -> bool:
    """An error, less the note that Chromium writes for each answer of 400 and more: tests expect some of those."""
    return message.type == "error" and not message.text.startswith("Failed to load resource")


@pytest.fixture
def page_as(page: Page, context: BrowserContext, live_server) -> Callable[[User], Page]:
    """``page_as(user)``: the page, signed in by a session cookie."""

    def sign_in(user: User) -> Page:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return page

    return sign_in


@pytest.fixture
def authenticator(page, context):
    """A device that checks its holder, as a telephone does."""
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return devtools, devtools.send("WebAuthn.addVirtualAuthenticator", {"options": device})["authenticatorId"]


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """axe-core finds nothing on the page as it is now, light and dark, wide and on a phone."""

    def check(page: Page) -> None:
        for look in looks(page):
            found = Axe().run(page, options=AXE_OPTIONS)
            assert found.violations_count == 0, f"{page.url}, {look}\n{found.generate_report()}"

    return check


@pytest.fixture
def look() -> Callable[[Page, str], None]:
    """``look(page, "dashboard")``: pictures of the page as it is now, to be looked at, in ``test-results/``."""

    def take(page: Page, name: str) -> None:
        for looks_like in looks(page):
            page.evaluate("scrollTo(0, 0)")  # or bars that stick are drawn in the middle
            page.screenshot(path=RESULTS / f"{name}-{looks_like}.png", full_page=True)

    return take


def looks(page: Page) -> Iterator[str]:
    """The page at each width in each theme, without loading it anew: dialogs stay open."""
    before = page.viewport_size
    for width_name, width in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 900})
        for theme in THEMES:
            page.evaluate("theme => document.documentElement.dataset.bsTheme = theme", theme)
            page.wait_for_timeout(200)  # colours take 150 ms to change
            yield f"{width_name}-{theme}"
    page.set_viewport_size(before)
