"""The browser of the browser tests: a Chromium or Chrome of this machine. ``python -m tests.machine`` installs one."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
ADVICE = "The browser tests need Chromium or Chrome. `python -m tests.machine` installs one, or says that it cannot."


def find() -> str | None:
    """The path of a browser, or None. ``CHROMIUM`` says another one."""
    named = (os.environ.get("CHROMIUM"), *map(shutil.which, NAMES), *PLACES, playwrights_own())
    return next((path for path in named if path and Path(path).exists()), None)


def playwrights_own() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path
