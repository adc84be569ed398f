"""The pictures of the README, from a running demonstration: ``make run`` in one terminal, ``make screenshots`` in another."""

import os
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import chromium

ADDRESS = f"http://localhost:{os.environ.get('PORT') or 8000}"
SIGN_IN = "coordination-generale.belrefugees@demo.example"
PICTURES = Path("docs/screenshots")
# name: (path, width, height, colour scheme)
PAGES = {
    "tonight": ("/", 1440, 1000, "light"),
    "beds": ("/sites/casa-tamam/beds/", 1440, 1000, "light"),
    "tonight-phone": ("/", 390, 844, "dark"),
}


def main() -> None:
    path = chromium.find() or sys.exit(chromium.ADVICE)
    cookie = subprocess.run(
        [sys.executable, "manage.py", "demo_session", SIGN_IN], check=True, capture_output=True, text=True
    )
    name, _, value = cookie.stdout.strip().partition("=")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for picture, (where, width, height, scheme) in PAGES.items():
            context = browser.new_context(
                base_url=ADDRESS, viewport={"width": width, "height": height}, color_scheme=scheme, locale="fr-BE"
            )
            context.add_cookies([{"name": name, "value": value, "url": ADDRESS}])
            page = context.new_page()
            page.goto(where, wait_until="networkidle")
            page.screenshot(path=PICTURES / f"{picture}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
