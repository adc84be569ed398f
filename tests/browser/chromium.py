"""The browser of the browser tests: a Chromium or Chrome of this machine, or one that ``python -m tests.browser.chromium``
installs: Debian's package where apt is at hand, Playwright's own build elsewhere.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
ADVICE = "The browser tests need Chromium or Chrome, and it could not be installed here. Install it, then try again."


def find() -> str | None:
    """The path of a browser, or None. ``CHROMIUM`` says another one."""
    named = (os.environ.get("CHROMIUM"), *map(shutil.which, NAMES), *PLACES, playwrights_own())
    return next((path for path in named if path and Path(path).exists()), None)


def playwrights_own() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def install() -> None:
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        subprocess.run([apt, "update", "-qq"], check=False)
        subprocess.run([apt, "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=False)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


if __name__ == "__main__":
    if not find():
        install()
    if not find():
        sys.exit(ADVICE)
