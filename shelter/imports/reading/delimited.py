"""Reads .csv: finds the encoding and the delimiter, and counts records as the importer's users do.

A quoted line break does not start a new row; a blank line is a row.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator

DELIMITERS = (";", ",", "\t", "|")
MAX_FIELD = 1_000_000
SAMPLE_LINES = 60
Text = tuple[str | None, ...]


def decode(data: bytes) -> str:
    """The text of ``data``: by its mark, else UTF-8, else what Windows writes in Belgium."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def delimiter_of(text: str) -> str:
    """The delimiter that parts the first lines most evenly; ``;`` when nothing speaks for another."""
    best, best_score = ";", 0.0
    sample = "\n".join(text.splitlines()[:SAMPLE_LINES])
    for delimiter in DELIMITERS:
        try:
            widths = Counter(
                len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row
            )
        except csv.Error:
            continue
        width, rows = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(1, 0))
        score = rows * (width - 1) ** 0.5 if width > 1 else 0.0
        if score > best_score:
            best, best_score = delimiter, score
    return best


def records(data: bytes) -> Iterator[Text]:
    """Every record of the file in order, empty cells as ``None``; a blank line gives an empty tuple."""
    csv.field_size_limit(MAX_FIELD)
    text = decode(data)
    # "sep=;" is Excel's own hint; it is a line of the file like any other.
    delimiter = text[4:5] if text[:4].lower() == "sep=" else delimiter_of(text)
    lines = io.StringIO(text, newline="")
    if _quote_runs_away(text, delimiter):
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(lines, delimiter=delimiter)
    for row in reader:
        yield tuple(cell if cell and not cell.isspace() else None for cell in row)


def _quote_runs_away(text: str, delimiter: str) -> bool:
    """Whether one quote that is never closed swallows a large part of the file."""
    try:
        return any(
            cell.count("\n") > 200
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            for cell in row
        )
    except csv.Error:
        return True
