"""Finds the tables of a sheet: header rows, blocks side by side, tables stacked, and which rows each may own.

Knows words of headings and shapes of cells, never a file, an address or a fixed row.
"""

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from residents.names import fold

from .grid import Grid
from .headings import (
    LIKELY,
    MAX_HEADING,
    bed_heading,
    day_of_month,
    hours_heading,
    is_weekday,
    names_weekdays,
    roles_of,
    whole_date,
)
from .types import Value
from .values.codes import text_of
from .values.dates import DateContext, read_date
from .vocabulary import vocabulary

LOOK_CLOSELY = 80  # rows at the top that are examined in full; further down a header follows a gap or repeats words
LEAST_GRID = 5  # days in a row that make a grid
FEW_WORDS = 3  # beside dates and numbers, fewer headings than these make no header
COUNTING = 70  # a heading's least score to count


@dataclass(slots=True)
class Head:
    """One column's heading: its own text, the text of the group above it, and its cell's value."""

    column: int
    text: str
    group: str = ""
    value: Value = None

    @property
    def shown(self) -> str:
        return f"{self.group} {self.text}".strip() if self.group and self.group != self.text else self.text


@dataclass(slots=True)
class Area:
    """A table's place: header rows, columns, and the rows from ``first`` to ``last`` that are its own."""

    header_rows: list[int]
    heads: dict[int, Head]
    first: int
    last: int
    titles: list[str] = field(default_factory=list)
    left: int = 0
    right: int = 0

    @property
    def columns(self) -> list[int]:
        return sorted(self.heads)


@dataclass(slots=True)
class _Line:
    """A row that may be a header: what its cells say."""

    row: int
    headings: int = 0  # cells with a heading's words
    strong: int = 0  # different texts among them that are headings word for word
    known: int = 0  # different roles among them
    days: int = 0
    beds: int = 0
    hours: int = 0
    texts: int = 0
    weekdays: bool = False

    @property
    def is_header(self) -> bool:
        if self.days >= LEAST_GRID:
            return True
        if max(self.beds, self.hours) >= 2 and self.texts <= self.beds + self.hours + self.strong + 1:
            return True
        enough = (self.strong >= 2 and self.known >= 1) or (self.strong >= 1 and self.known >= 3)
        return enough and self.headings >= 0.5 * self.texts


def find_areas(grid: Grid, today: date) -> list[Area]:
    """Every table of the sheet, from the top, and from the left where they stand side by side."""
    lines = _header_lines(grid, today)
    groups = _grouped(grid, lines)
    areas: list[Area] = []
    for number, rows in enumerate(groups):
        end = groups[number + 1][0] - 1 if number + 1 < len(groups) else grid.height
        heads = _heads(grid, rows)
        previous = areas[-1] if areas else None
        if previous and _repeats(previous, heads, areas, today):
            for area in areas:
                if area.last == rows[0] - 1:
                    area.last = end
            continue
        titles = _titles_above(grid, rows[0], areas[-1].first if areas else 0)
        blocks = _blocks(grid, heads, rows[-1] + 1, end)
        _add_unheaded(grid, blocks, rows[-1] + 1, end)
        areas += [
            Area(rows, block, rows[-1] + 1, end, titles + _block_title(grid, rows[0], block), min(block), max(block))
            for block in blocks
        ]
    return areas


def _add_unheaded(grid: Grid, blocks: list[dict[int, Head]], first: int, last: int) -> None:
    """Columns beside a table that have no heading and belong to it all the same: names before a grid, remarks after."""
    rows = [
        row for row in range(first, min(last, first + 40) + 1) if any(grid.text(row, c) for c in list(blocks[0])[:6])
    ]
    for block, column, step, least in (
        (blocks[0], min(blocks[0]) - 1, -1, 0.4),
        (blocks[-1], max(blocks[-1]) + 1, 1, 0.25),
    ):
        while column > 0 and rows and sum(bool(grid.text(row, column)) for row in rows) >= max(2, least * len(rows)):
            block[column] = Head(column, "")
            column += step


def _header_lines(grid: Grid, today: date) -> list[_Line]:
    lines = []
    words: set[str] = set()
    after_gap = True
    for row in range(1, grid.height + 1):
        if row > LOOK_CLOSELY and not after_gap and not _says_again(grid, row, words):
            after_gap = grid.is_empty(row)
            continue
        cells = grid.cells(row)
        line = _line(row, cells, today)
        if line.is_header:
            lines.append(line)
            words.update(value for _, value in cells if isinstance(value, str))
        elif line.weekdays:
            lines.append(line)
        after_gap = len(cells) <= 1
    rows = {line.row for line in lines if line.is_header}
    return [line for line in lines if line.is_header or line.weekdays or {line.row - 1, line.row + 1} & rows]


def _says_again(grid: Grid, row: int, words: set[str]) -> bool:
    """Whether a row shows at least two of the words of a header above."""
    cells = grid.sheet.rows[row - 1]
    return sum(value in words for value in cells[:8] if isinstance(value, str)) >= 2


def _line(row: int, cells: list[tuple[int, Value]], today: date) -> _Line:
    line = _Line(row)
    if len(cells) < 2 or any(isinstance(value, str) and len(value) > MAX_HEADING for _, value in cells):
        return line
    days: list[tuple[int, int]] = []
    words: list[Value] = []
    for column, value in cells:
        day = whole_date(value, today)
        number = day.toordinal() if day else day_of_month(value)
        if number is None:
            words.append(value)
        else:
            days.append((column, number))
    _count_words(line, words)
    line.days = 0 if _counts_days(cells, days) else _longest_run(days)
    values = len(days) + sum(_is_value(text_of(value)) for value in words)
    if line.days < LEAST_GRID and (len(days) > line.strong or (values and line.strong < FEW_WORDS)):
        line.strong = line.headings = 0  # a row of data: dates and numbers outweigh words
    line.weekdays = not days and names_weekdays([text_of(value) for value in words])
    return line


def _is_value(text: str) -> bool:
    """A phone, a file number, a date that is none: what stands under headings, not among them."""
    return sum(letter.isdigit() for letter in text) >= 5


def _counts_days(cells: list[tuple[int, Value]], days: list[tuple[int, int]]) -> bool:
    """Whether the numbers are sums of days, not days: a total's word stands before them, or few of them follow each other."""
    first = days[0][0] if days else 0
    words = [text_of(value) for column, value in cells if column < first]
    if any(vocabulary().begins(kind, word) for word in words for kind in ("total", "subtotal")):
        return True
    return LEAST_GRID <= _longest_run(days) < 0.4 * len(days)


def _count_words(line: _Line, values: list[Value]) -> None:
    """Headings, beds and hours among the cells that are no days."""
    texts = [text_of(value) for value in values]
    roles: set[str] = set()
    strong: set[str] = set()
    beds = {bed for value in values if (bed := bed_heading(value))}
    for value, text in zip(values, texts, strict=True):
        line.texts += not is_weekday(text)
        if hours_heading(value):
            line.hours += 1
        elif bed_heading(value) or (len(text) <= 2 and texts.count(text) > 2):
            continue  # counted already, or a mark written again and again
        elif isinstance(value, str) and len(text) > 1 and (found := roles_of(text)) and found[0].score >= COUNTING:
            line.headings += 1
            roles.add(found[0].role)
            if found[0].score >= LIKELY:
                strong.add(text)
    line.beds, line.strong, line.known = len(beds), len(strong), len(roles - {"ignore"})


def _longest_run(days: list[tuple[int, int]]) -> int:
    """How many days follow each other, a day or a few (missing weekends) apart, in columns side by side."""
    best = run = 1 if days else 0
    for (column, day), (next_column, next_day) in pairwise(days):
        run = run + 1 if next_column - column <= 2 and 1 <= next_day - day <= 3 else 1
        best = max(best, run)
    return best


def _grouped(grid: Grid, lines: list[_Line]) -> list[list[int]]:
    """Rows that make one header together: two lines joined by a merge, by weekdays over days, or by two languages."""
    groups: list[list[int]] = []
    by_row = {line.row: line for line in lines}
    taken: set[int] = set()
    for line in lines:
        if line.row in taken:
            continue
        rows = [line.row]
        following = by_row.get(line.row + 1)
        if following and (line.weekdays or following.weekdays or _belong_together(grid, line, following)):
            rows.append(following.row)
        elif not following and line.is_header and _has_second_line(grid, line.row):
            rows.append(line.row + 1)
        dated = line.weekdays and any(
            read_date(title, DateContext(date.max)).day for title in _titles_above(grid, line.row, 0)
        )
        if not dated and not any(by_row[row].is_header for row in rows if row in by_row):
            continue
        taken.update(rows)
        groups.append(rows)
    return groups


def _belong_together(grid: Grid, first: _Line, second: _Line) -> bool:
    if any((second.row, column) in grid.down for column, _ in grid.cells(first.row)):
        return True
    if grid.wide.get(first.row):
        return True
    above, below = dict(grid.cells(first.row)), dict(grid.cells(second.row))
    if first.days >= LEAST_GRID or second.days >= LEAST_GRID:
        return not (first.days >= LEAST_GRID and second.days >= LEAST_GRID)
    same = sum(
        bool({role.role for role in roles_of(text_of(above[c]))} & {role.role for role in roles_of(text_of(below[c]))})
        for c in above
        if c in below
    )
    return same >= 2 or not (set(above) & set(below))


def _has_second_line(grid: Grid, row: int) -> bool:
    """A second line under merged groups that has too few words to be a header alone: ``Ch.`` | ``Lit``."""
    below = grid.cells(row + 1)
    if not below or len(below) > len(grid.cells(row)):
        return False
    grouped = [merge for merge in grid.wide.get(row, ()) if merge.right - merge.left < 8]
    covered = {c for merge in grouped for c in range(merge.left, merge.right + 1)}
    texts = [text_of(value) for column, value in below if column in covered and isinstance(value, str)]
    return len(texts) == len(below) and len(texts) >= 2 and all(len(text) > 2 or roles_of(text) for text in texts)


def _heads(grid: Grid, rows: list[int]) -> dict[int, Head]:
    """Each column's heading. Of two lines the lower is the heading and the upper its group, unless the lower is empty."""
    columns = sorted({column for row in rows for column, _ in grid.cells(row)})
    heads: dict[int, Head] = {}
    if len(rows) == 1:
        for column, value in grid.cells(rows[0]):
            heads[column] = Head(column, " ".join(text_of(value).split()), "", value)
        return heads
    upper, lower = rows[0], rows[-1]
    for column in columns:
        above, _ = grid.group(upper, column)
        below = grid.text(lower, column)
        if not below or (is_weekday(below) and above and not is_weekday(above)):
            if above:
                heads[column] = Head(column, " ".join(above.split()), "", grid.value(upper, column) or above)
        elif is_weekday(above):
            heads[column] = Head(column, below, "", grid.value(lower, column))
        else:
            heads[column] = Head(column, " ".join(below.split()), " ".join(above.split()), grid.value(lower, column))
    return heads


def _repeats(previous: Area, heads: dict[int, Head], areas: list[Area], today: date) -> bool:
    """Whether a header is that of the table above, written once more. A grid of days begins a new table each time."""
    line = _line(0, [(column, head.value) for column, head in heads.items()], today)
    if line.days >= LEAST_GRID:
        return False
    before: dict[int, str] = {}
    for area in areas:
        if area.header_rows == previous.header_rows:
            before |= {column: fold(head.text) for column, head in area.heads.items()}
    now = {column: fold(head.text) for column, head in heads.items()}
    same = sum(before.get(column) == text for column, text in now.items())
    return same >= 2 and same >= 0.8 * max(len(now), len(before))


def _titles_above(grid: Grid, row: int, floor: int) -> list[str]:
    """Texts of the rows directly above a header, the nearest first, as far as they are titles."""
    titles: list[str] = []
    for above in range(row - 1, max(floor, row - 6), -1):
        cells = grid.cells(above)
        if (not cells and titles) or len(cells) > (4 if floor == 0 else 2):
            break
        titles += [text_of(value) for _, value in cells if isinstance(value, str)]
    return titles


def _block_title(grid: Grid, row: int, block: dict[int, Head]) -> list[str]:
    """The text above one of several tables side by side (``ETAGE 1``), first of all titles for that block."""
    above = [(column, value) for column, value in grid.cells(row - 1) if isinstance(value, str)]
    if len(above) < 2:
        return []
    return [text_of(value) for column, value in above if min(block) <= column <= max(block)]


def _blocks(grid: Grid, heads: dict[int, Head], first: int, last: int) -> list[dict[int, Head]]:
    """The header cut where a new table begins beside: after an empty column, or where the same headings start again."""
    columns = sorted(heads)
    blocks: list[list[int]] = [[]]
    for position, column in enumerate(columns):
        current = blocks[-1]
        if current and _begins_anew(grid, heads, current, columns[position:], first, last):
            blocks.append([])
        blocks[-1].append(column)
    return [{column: heads[column] for column in block} for block in blocks]


def _begins_anew(
    grid: Grid, heads: dict[int, Head], current: list[int], rest: list[int], first: int, last: int
) -> bool:
    def roles(columns: list[int]) -> list[str]:
        return [found[0].role if (found := roles_of(heads[c].text)) else "" for c in columns]

    here, ahead = roles(current), roles(rest)
    gap = any(
        not any(grid.text(row, column) for row in range(first, min(last, first + 40) + 1))
        for column in range(current[-1] + 1, rest[0])
    )
    words_here = [fold(heads[c].text) for c in current]
    again = len(words_here) >= 2 and words_here[:2] == [fold(heads[c].text) for c in rest[:2]]
    if again:
        return True
    if not gap:
        return False
    names = {"name", "last_name", "room", "person", "room_bed"}
    return (
        len(set(here) - {"", "ignore"}) >= 2
        and len(set(ahead) - {"", "ignore"}) >= 2
        and bool(names & set(here) and names & set(ahead))
    )
