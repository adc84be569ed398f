"""Look for holes from outside, as night watch and as social worker, and in the code (security requirements H1 and H2).

Starts the demonstration in a folder of its own on loopback, then: semgrep with our rules and bandit over the code; wapiti
over every page that the two can reach; sqlmap over every parameter of the lists and searches. First all three are shown
something planted: what does not find that fails. Ends with 1 on any finding above low.

    python -m scan [--url http://localhost:8000/] [--seconds 300]     (`make scan`; --url: a demonstration that runs already)
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scan import control

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".venv-scan" / "bin"
CODE = [name for name in ("shelter", "sites", "residents", "casework") if (ROOT / name).is_dir()]
PORT, CONTROL_PORT = 8165, 8166
WHO = ("veille", "social")  # the beginnings of their demo addresses
# Not `ssrf`, `xxe`, `log4shell`: they need a server of the scanner's makers. Not `nikto`, `wapp`: they fetch lists.
MODULES = (
    "backup,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,permanentxss,redirect,sql,upload,xss"
)
LOW = 1  # wapiti's levels: 0 a note, 1 low, 2 medium, 3 high, 4 critical
# Where a sign-out, or an end of everybody's sessions, would end the scan.
NOT_ASKED = ("account/logout", "panic", "sessions", "language")
# Every parameter that lists, searches, boards and exports read.
ASKED = (
    "people/?state=all&site=x&nationality=BE&gender=m&language=fr&sort=name&page=1",
    "?site=x&night=2026-01-01",
    "beds/?site=x",
    "waiting/?site=x&sort=name&page=1",
    "sites/?organisation=x&scheme=URG&sort=name&page=1",
    "admit/?site=x&nationality=BE",
    "exports/?page=1",
)
# What their lists take as free text: path of the list, and its field.
TYPED = {"people/": "q=ali", "sites/": "q=a", "admit/": "name=ali"}
QUIET = {"SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0", "PYTHONWARNINGS": "ignore"}


def run(command: list[str], seconds: int = 900) -> str:
    """What a scanner says. Its exit code differs by version; its words are judged."""
    environment = {**os.environ, **QUIET, "PATH": f"{TOOLS}:{os.environ['PATH']}"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )
    return done.stdout + done.stderr


def semgrep(paths: list[str]) -> list[str]:
    """Findings of our own rules, ``file:line rule``."""
    rules = ["--config", "scan/rules.yml", "--metrics=off", "--disable-version-check", "--quiet"]
    report = run(["semgrep", "scan", *rules, "--json", *paths])
    found = json.loads(report[report.index("{") : report.rindex("}") + 1])["results"]
    return [f"{each['path']}:{each['start']['line']} {each['check_id'].split('.')[-1]}" for each in found]


def bandit() -> list[str]:
    command = [
        sys.executable,
        "-m",
        "bandit",
        "-c",
        "pyproject.toml",
        "-q",
        "-ll",
        "-f",
        "json",
        "-r",
        *CODE,
        "manage.py",
    ]
    report = run(command)
    found = json.loads(report[report.index("{") : report.rindex("}") + 1])["results"]
    return [f"{each['filename']}:{each['line_number']} {each['test_id']}" for each in found]


def wapiti(url: str, *, cookie: str = "", seconds: int) -> list[str]:
    """Findings above low, ``category: path parameter``."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = ["wapiti", "-u", url, "--scope", "folder", "-m", MODULES, "-f", "json", "-o", str(report)]
        command += ["--flush-session", "--store-session", folder, "--no-bugreport", "--verbose", "0"]
        command += ["--max-scan-time", str(seconds), "--max-attack-time", str(max(30, seconds // 8))]
        command += ["--depth", "6", "--max-links-per-page", "40", "--max-files-per-dir", "12", "--tasks", "4"]
        command += [word for path in NOT_ASKED for word in ("-x", f"{url}{path}*")]
        if cookie:
            command += ["-H", f"Cookie: {cookie}"]
        said = run(command, 4 * seconds + 600)
        if not report.exists():
            raise SystemExit(f"wapiti wrote no report:\n{said[-2000:]}")
        told = json.loads(report.read_text())
    print(f"  wapiti asked {told['infos'].get('crawled_pages_nbr', '?')} pages")
    return [
        f"{category}: {each['method']} {each['path']} {each.get('parameter') or ''} {each['info']}"
        for category, found in told["vulnerabilities"].items()
        for each in found
        if each["level"] > LOW
    ]


def sqlmap(urls: list[str], *, cookie: str = "", seconds: int) -> list[str]:
    """Parameters that take SQL."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "urls.txt"
        listed.write_text("\n".join(urls))
        return _sqlmap(["-m", str(listed)], cookie=cookie, seconds=seconds)


def sqlmap_typed(url: str, *, cookie: str, seconds: int) -> list[str]:
    """The same of what people type to search: posted, and asked again by the sealed address that it leads to."""
    return [
        finding
        for path, typed in TYPED.items()
        for finding in _sqlmap(
            [
                *("-u", f"{url}search/", "--data", f"page=/{path}&{typed}", "-p", typed.partition("=")[0]),
                *("--csrf-token", "csrfmiddlewaretoken", "--csrf-url", url + path),
            ],
            cookie=cookie,
            seconds=seconds,
        )
    ]


def _sqlmap(asked: list[str], *, cookie: str, seconds: int) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        command = ["sqlmap", *asked, "--batch", "--level", "1", "--risk", "1", "--technique", "BEU"]
        command += [
            "--disable-coloring",
            "--flush-session",
            "--output-dir",
            folder,
            "--threads",
            "2",
            "--timeout",
            "20",
        ]
        command += ["--ignore-code", "404,422"]
        if cookie:
            command += ["--cookie", cookie]
        said = run(command, seconds + 600)
    print(f"  sqlmap tried {said.count('testing if')} parameters")
    return [line.strip() for line in said.splitlines() if line.startswith("Parameter: ") or "is vulnerable" in line]


@contextmanager
def house(folder: Path) -> Iterator[str]:
    """The demonstration, started for this scan and stopped after it."""
    environment = {**os.environ, "VAR_DIR": str(folder), "PORT": str(PORT), "DEMO": "yes"}
    with subprocess.Popen([sys.executable, "-m", "shelter.embedded.supervisor"], cwd=ROOT, env=environment) as running:
        try:
            yield wait_for(f"http://localhost:{PORT}/")
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(60)


def wait_for(url: str, seconds: int = 900) -> str:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}readyz", timeout=10):  # noqa: S310  # nosec B310 -- loopback
                return url
        except OSError:
            time.sleep(2)
    raise SystemExit(f"{url} did not become ready.")


def cookies(folder: str) -> dict[str, str]:
    """A signed-in session for one account of each kind, as ``demo_session`` gives it."""
    environment = {**os.environ, "VAR_DIR": folder, "DEMO": "yes"}

    def manage(*words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout

    addresses = [word for word in manage("demo_accounts").split() if "@" in word]
    chosen = {who: next(address for address in addresses if address.startswith(who)) for who in WHO}
    return {who: manage("demo_session", address).strip().splitlines()[-1] for who, address in chosen.items()}


def prove_the_scanners(seconds: int) -> None:
    """Each finds what was planted for it, or the scan means nothing."""
    planted = [line for line in (ROOT / "scan/planted.py").read_text().splitlines() if "# ruleid: " in line]
    if len(semgrep(["scan/planted.py"])) != len(planted):
        raise SystemExit("semgrep does not find what scan/planted.py holds.")
    with control.served(CONTROL_PORT) as url:
        kinds = {finding.split(":")[0] for finding in wapiti(url, seconds=min(seconds, 120))}
        if not any("SQL" in kind for kind in kinds) or not any("XSS" in kind or "Cross" in kind for kind in kinds):
            raise SystemExit(f"wapiti does not find the holes of scan/control.py, only {kinds or 'nothing'}.")
        if not sqlmap([f"{url}?q=A"], seconds=120):
            raise SystemExit("sqlmap does not find the hole of scan/control.py.")
    print("The scanners find what was planted.")


def look(url: str, folder: str, seconds: int) -> list[str]:
    findings = []
    for who, cookie in cookies(folder).items():
        print(f"As {who}:", flush=True)
        seen = wapiti(url, cookie=cookie, seconds=seconds)
        seen += sqlmap([url + path for path in ASKED], cookie=cookie, seconds=seconds)
        seen += sqlmap_typed(url, cookie=cookie, seconds=seconds)
        print(*seen, sep="\n", flush=True)
        findings += [f"{who}: {each}" for each in seen]
    return findings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="of a demonstration that runs already, from the folder VAR_DIR")
    parser.add_argument("--seconds", type=int, default=300, help="how long wapiti may take for each of the two")
    options = parser.parse_args()
    findings = [*semgrep(CODE), *bandit()]
    prove_the_scanners(options.seconds)
    if options.url:
        findings += look(options.url, os.environ.get("VAR_DIR", str(ROOT / "var")), options.seconds)
    else:
        with tempfile.TemporaryDirectory(prefix="maisonnee-scan-") as folder, house(Path(folder)) as url:
            findings += look(url, folder, options.seconds)
    print("\n".join(findings) or "Nothing above low.")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
