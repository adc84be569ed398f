"""Every page of the URL map, opened once: no breach of the Content-Security-Policy, no failing script, nothing that axe-core
finds, nothing that scrolls sideways. A new page is covered as soon as it has an address.
"""

from http import HTTPStatus

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page, Response

from shelter.accounts.addresses import Address, addresses
from shelter.accounts.models import Membership
from shelter.accounts.policy import Role
from tests.browser.conftest import AXE_OPTIONS
from tests.security.addresses import path_at
from tests.security.world import make_world

# One look a page, in turn: over all pages, both themes and both widths are seen.
LOOKS = (("light", 1440), ("dark", 390), ("dark", 1440), ("light", 390))


def test_every_page_keeps_the_promises_of_the_interface(page_as):
    world = make_world()
    insider = world.users[Role.COORDINATOR]
    Membership.objects.create(user=insider, role=Role.PLATFORM_ADMIN)
    page = page_as(insider)
    broken = {}
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    for turn, address in enumerate(pages()):
        theme, width = LOOKS[turn % len(LOOKS)]
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": 900})
        answer = visit(page, path_at(address, world.own))
        if answer and answer.status == HTTPStatus.OK and is_whole(page):
            found = [*complaints, *faults(page, width)]
            if found:
                broken[f"{address} ({theme}, {width})"] = found
        complaints.clear()
    assert broken == {}


def pages() -> list[Address]:
    return [address for address in addresses() if address.name not in {"healthz", "readyz"}]  # for machines


def visit(page: Page, path: str) -> Response | None:
    """The answer to a plain visit; None for a file that is downloaded, and for an address that only takes a POST."""
    try:
        return page.goto(path)
    except Error as error:
        if "Download is starting" in error.message or "ERR_HTTP_RESPONSE_CODE_FAILURE" in error.message:
            return None
        raise


def is_whole(page: Page) -> bool:
    """Whether this is a page, and not a part of one that htmx asks for by an address of its own."""
    return bool(page.locator("html").get_attribute("lang"))


def faults(page: Page, width: int) -> list[str]:
    results = Axe().run(page, options=AXE_OPTIONS)
    nodes = [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]
    overflow = page.evaluate("document.documentElement.scrollWidth") - width
    return [*nodes, *([f"{overflow} px too wide"] if overflow > 0 else [])]
