"""The child process that opens a file: guard, then the reader for its form, then JSON lines on standard output.

Started by ``reader`` as a script of its own, with limits and without the parent's environment, so this module and those it
imports stand on the standard library and the spreadsheet library only.

Lines: ``{"total": rows}``; ``{"sheet": {...}}`` for each tab; ``{"rows": [...]}`` in pieces; ``{"end": true}`` or
``{"refused": [detail]}``. JSON and not pickle: what comes out of a hostile file is data, never code.
"""

import json
import resource
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from . import guard
from .types import FileRefused, Sheet, Value

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 60
PIECE = 500


def main(path: str, name: str) -> None:
    """Read the file at ``path`` and write what it holds to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    try:
        admitted = guard.inspect(Path(path), name)
        say({"total": admitted.rows})
        filled = False
        for sheet, rows in _sheets(Path(path), name, admitted.form):
            say({"sheet": _described(sheet)})
            for piece in _pieces(rows):
                filled = filled or any(piece)
                say({"rows": piece})
        say({"end": True} if filled else {"refused": "no_value"})
    except FileRefused as refused:
        say({"refused": refused.detail})
    except MemoryError:
        say({"refused": "limits"})


def _sheets(path: Path, name: str, form: str) -> Iterator[tuple[Sheet, Iterable[tuple[Value, ...]]]]:
    if form == "csv":
        from .delimited import records

        yield Sheet(Path(name).stem), records(path.read_bytes())
    elif form == "ods":
        from .opendocument import sheets as ods_sheets

        yield from ods_sheets(path)
    else:
        from .openxml import sheets as xlsx_sheets

        yield from xlsx_sheets(path)


def _pieces(rows: Iterable[tuple[Value, ...]]) -> Iterator[list[tuple[Value, ...]]]:
    """The rows in pieces, each row without the empty cells at its end."""
    piece: list[tuple[Value, ...]] = []
    for count, row in enumerate(rows, 1):
        end = len(row)
        while end and row[end - 1] is None:
            end -= 1
        piece.append(row[:end])
        if end > guard.MAX_COLUMNS or count > guard.MAX_ROWS:
            raise guard.refusal("extent")
        if len(piece) == PIECE:
            yield piece
            piece = []
    yield piece


def _described(sheet: Sheet) -> dict[str, Any]:
    """All of a sheet but its rows, as JSON. Styles are numbered, for a sheet has few and uses them often."""
    looks = {style: number for number, style in enumerate(dict.fromkeys(sheet.styles.values()))}
    return {
        "name": sheet.name,
        "hidden": sheet.hidden,
        "looks": list(looks),
        "styles": [(row, column, looks[style]) for (row, column), style in sheet.styles.items()],
        "merges": sheet.merges,
        "comments": [(*at, text) for at, text in sheet.comments.items()],
        "faults": [(*at, text) for at, text in sheet.faults.items()],
        "mended": [(*at, text) for at, text in sheet.mended.items()],
        "formulas": sorted(sheet.formulas),
        "runs": [(*at, runs) for at, runs in sheet.runs.items()],
        "hidden_rows": sorted(sheet.hidden_rows),
        "hidden_columns": sorted(sheet.hidden_columns),
        "date1904": sheet.date1904,
    }


def _encoded(value: object) -> dict[str, str]:
    """Dates and times, the only values that JSON does not know. Midnight is no time of day: it is a date."""
    if isinstance(value, datetime):
        return {"$": (value.date() if value.time() == time() else value).isoformat()}
    if isinstance(value, date | time):
        return {"$": value.isoformat()}
    raise TypeError(type(value).__name__)


def say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message, default=_encoded, ensure_ascii=True, separators=(",", ":")))
    sys.stdout.write("\n")
    sys.stdout.flush()
