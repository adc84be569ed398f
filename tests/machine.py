"""What the tests need of the machine and no wheel brings: a browser and PgBouncer.

``python -m tests.machine`` installs what is not there: Debian's packages where apt is at hand, Playwright's own build of the
browser elsewhere.
"""

import os
import shutil
import subprocess
import sys

from tests.browser import chromium

ADVICE = "The tests need {}, and it could not be installed here. Install it, then try again."


def main() -> None:
    needed = {
        "Chromium or Chrome": (chromium.find, "chromium"),
        "PgBouncer": (lambda: shutil.which("pgbouncer"), "pgbouncer"),
    }
    packages = [package for found, package in needed.values() if not found()]
    if packages:
        install(packages)
    for name, (found, _package) in needed.items():
        if not found():
            sys.exit(ADVICE.format(name))


def install(packages: list[str]) -> None:
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        subprocess.run([apt, "update", "-qq"], check=False)
        subprocess.run([apt, "install", "-y", "-qq", "--no-install-recommends", *packages], check=False)
    elif "chromium" in packages:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


if __name__ == "__main__":
    main()
