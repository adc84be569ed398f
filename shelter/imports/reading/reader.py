"""Reads a file in a child process with limits, and gives what it holds (security requirement F3).

The child gets one gibibyte, sixty seconds of processor and an empty environment: no database address, no keys. However it
ends, the caller gets a ``Workbook`` or a ``FileRefused``.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from .guard import EXTENSIONS, refusal
from .types import Merge, Sheet, Style, Workbook

WALL_SECONDS = 120
# The child finds this package under its bare name, so that nothing of the project is loaded there.
START = "import sys; sys.path.insert(0, sys.argv[1]); from reading.child import main; main(sys.argv[2], sys.argv[3])"
Progress = Callable[[int, int], None]


def read_file(path: str | os.PathLike[str], *, name: str, on_progress: Progress | None = None) -> Workbook:
    """The content of the file at ``path``, which its sender calls ``name``.

    ``on_progress(rows read, rows in all)`` is called every few hundred rows. Raises ``FileRefused``.
    """
    workbook = Workbook(name, [], form=EXTENSIONS.get(Path(name).suffix.lower(), ""))
    command = [sys.executable, "-I", "-c", START, str(Path(__file__).parents[1]), os.fspath(path), name]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONIOENCODING": "utf-8", "LC_ALL": "C.UTF-8"},
        text=True,
        encoding="utf-8",
    ) as child:
        watchdog = threading.Timer(WALL_SECONDS, child.kill)
        watchdog.start()
        try:
            if not _collect(child, workbook, on_progress):
                child.wait()
                raise refusal("unreadable" if child.returncode == 1 else "limits")
        finally:
            watchdog.cancel()
            child.kill()
    return workbook


def _collect(child: "subprocess.Popen[str]", workbook: Workbook, on_progress: Progress | None) -> bool:
    """Fill ``workbook`` from the child's lines. False when the child died before its end."""
    done = total = 0
    for message in _messages(child):
        if "rows" in message:
            rows = message["rows"]
            workbook.sheets[-1].rows.extend(map(tuple, rows))
            done += len(rows)
            if on_progress:
                on_progress(done, max(total, done))
        elif "sheet" in message:
            workbook.sheets.append(_sheet(message["sheet"]))
        elif "total" in message:
            total = message["total"]
        elif "refused" in message:
            raise refusal(message["refused"])
        elif "end" in message:
            return True
    return False


def _messages(child: "subprocess.Popen[str]") -> Iterator[dict[str, Any]]:
    for line in child.stdout or ():
        try:
            yield json.loads(line, object_hook=_decoded)
        except ValueError:  # the child died in the middle of a line
            return


def _decoded(value: dict[str, Any]) -> Any:
    """The reverse of the child's encoding of dates and times."""
    if "$" not in value:
        return value
    text = value["$"]
    if "T" in text:
        return datetime.fromisoformat(text)
    return time.fromisoformat(text) if ":" in text else date.fromisoformat(text)


def _sheet(given: dict[str, Any]) -> Sheet:
    looks = [Style(*look) for look in given["looks"]]
    return Sheet(
        name=given["name"],
        hidden=given["hidden"],
        styles={(row, column): looks[look] for row, column, look in given["styles"]},
        merges=[Merge(*merge) for merge in given["merges"]],
        comments={(row, column): text for row, column, text in given["comments"]},
        faults={(row, column): text for row, column, text in given["faults"]},
        mended={(row, column): text for row, column, text in given["mended"]},
        formulas={(row, column) for row, column in given["formulas"]},
        runs={(row, column): [(text, struck) for text, struck in runs] for row, column, runs in given["runs"]},
        hidden_rows=set(given["hidden_rows"]),
        hidden_columns=set(given["hidden_columns"]),
        date1904=given["date1904"],
    )
