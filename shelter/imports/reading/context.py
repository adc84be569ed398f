"""What reading a table needs to know beyond its cells: today, the book's own time, the years of its columns, its names."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from .grid import Grid
from .headings import roles_of
from .types import Value
from .values.dates import NUMERIC, SHIFT_1904, DateContext, month_in, read_date
from .values.persons import NameOrder

MONTH_FIRST_HEADING = re.compile(r"\bmm\s*[/.\-]\s*(?:dd|jj)\b|\bus\b", re.IGNORECASE)


@dataclass(slots=True)
class Context:
    """``reference``: the day the book speaks of, for ages and years; never after ``today``."""

    today: date
    reference: date
    year: int | None = None
    month: int | None = None
    titles: list[str] = field(default_factory=list)
    names: NameOrder = field(default_factory=NameOrder)


def book_reference(grids: list[Grid], names: list[str], today: date, year_hint: int | None) -> date:
    """The latest plausible day that the book's dates reach: its titles and true dates, at most a sample of each sheet."""
    context = DateContext(today)
    days: list[date] = []
    for grid in grids:
        step = max(1, grid.height // 400)
        for row in range(1, grid.height + 1, step if grid.height > 800 else 1):
            for _, value in grid.cells(row) if grid.height <= 800 else enumerate(grid.sheet.rows[row - 1], 1):
                day = _day(value, context, row)
                if day and day <= today:
                    days.append(day)
    if days:
        days.sort()
        recent = [day for day in days if day.year >= 2010] or days
        return recent[min(len(recent) - 1, int(len(recent) * 0.985))]
    year = year_hint or next((found for text in names if (found := month_in(text)[1])), None)
    return date(min(year, today.year), 12, 31) if year and year < today.year else today


def _day(value: Value, context: DateContext, row: int) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not 6 <= len(value) <= (90 if row < 8 else 24):
        return None
    if not re.search(r"(?<!\d)(?:20\d\d|\d\d[./-]\d\d)(?!\d)", value):
        return None
    found = read_date(value, context)
    return None if found.yearless else found.day


def date_context(grid: Grid, rows: range, column: int, heading: str, context: Context, *, birth: bool) -> DateContext:
    """How a column writes its dates: which comes first, and which year its yearless ones have."""
    found = DateContext(context.today, shift=SHIFT_1904 if grid.sheet.date1904 else 0)
    first_over = second_over = 0
    first_full: date | None = None
    for row in rows:
        value = grid.value(row, column)
        if isinstance(value, datetime):
            value = value.date()
        if isinstance(value, date):
            first_full = first_full or value
        elif isinstance(value, str):
            if match := NUMERIC.search(value):
                a, b = int(match[1]), int(match[2])
                first_over += a > 12 >= b
                second_over += b > 12 >= a
            if first_full is None and not birth and (day := read_date(value, found)).day and not day.yearless:
                first_full = day.day
        if row - rows.start > 4000:
            break
    found.month_first = MONTH_FIRST_HEADING.search(heading) is not None or (second_over >= 2 and first_over == 0)
    found.mixed = second_over > 0 and not found.month_first
    if not birth:
        found.previous = first_full
        if first_full is None:
            found.previous = date(context.year, context.month or 6, 15) if context.year else context.reference
    return found


def heading_order(heading: str) -> str:
    """``last_first`` or ``first_last`` as a heading of full names says; empty when it says neither."""
    positions: dict[str, int] = {}
    text = " ".join(re.split(r"[^\w]+", heading))
    for match in re.finditer(r"\w+", text):
        for role in roles_of(match[0]):
            if role.role in ("last_name", "first_name") and role.score == 100:
                positions.setdefault(role.role, match.start())
    if len(positions) < 2:
        return ""
    return "last_first" if positions["last_name"] < positions["first_name"] else "first_last"
