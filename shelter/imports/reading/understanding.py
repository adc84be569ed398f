"""From a workbook to a reading: every table found and mapped, every non-empty row accounted for, people put together."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from .checks import check_beds
from .columns import Layout, map_area, night_columns
from .context import Context, book_reference
from .forms import Form, find_forms
from .grid import Grid, column_letters
from .headings import day_of_month
from .layout import Area, Head, find_areas
from .legends import Legend, read_legend
from .people import find_people
from .rows import is_note, is_section_title, is_total
from .tables import RowPart, TableReader
from .types import Kind, Mapping, Reading, Reason, Row, Status, Table, Value, Workbook
from .values.codes import text_of
from .values.dates import month_in
from .values.persons import NameOrder

LEGEND_ROWS = 4000  # of a longer sheet only the end may explain its marks
WORST: tuple[Status, ...] = ("not_data", "data", "ambiguous", "error")


@dataclass(slots=True)
class Found:
    """A table with what is needed to read it. Of a form, ``grid`` is the ordinary table that it was turned into."""

    index: int
    grid: Grid
    layout: Layout
    context: Context
    form: Form | None = None

    @property
    def rows(self) -> set[int]:
        """The rows of the sheet that are the table's own, headings aside."""
        if self.form:
            return self.form.rows
        return set(range(self.layout.area.first, self.layout.area.last + 1))


def understand(
    workbook: Workbook, *, today: date, year_hint: int | None = None, mapping: Mapping | None = None
) -> Reading:
    """What the workbook says.

    ``today`` bounds births and ages; ``year_hint`` serves sheets that never name a year; ``mapping`` holds a person's
    corrections by ``Table.index``.
    """
    grids = [Grid(sheet) for sheet in workbook.sheets]
    reference = book_reference(grids, [workbook.name, *(sheet.name for sheet in workbook.sheets)], today, year_hint)
    names = NameOrder()
    reading = Reading([], [], people=None)  # type: ignore[arg-type]
    found: list[tuple[Grid, list[Found]]] = []
    for grid in grids:
        tables = []
        for form, area in _areas(grid, today):
            index = len(reading.tables)
            context = _context(grid, area, workbook, today, reference, names, year_hint)
            cells = Grid(form.sheet) if form else grid
            layout = _layout(cells, area, context, workbook.name, mapping, index)
            _learn_names(cells, layout, names)
            reading.tables.append(_table(grid, layout, index, form))
            tables.append(Found(index, cells, layout, context, form))
        found.append((grid, tables))
    for grid, tables in found:  # after all names are known
        reading.rows += _rows(grid, tables)
    check_beds(reading)
    reading.people = find_people(reading)
    return reading


def _areas(grid: Grid, today: date) -> list[tuple[Form | None, Area]]:
    """The sheet's tables: forms where it is made of them, else tables with headings, else one without."""
    if forms := find_forms(grid):
        return [(form, form.area) for form in forms]
    return [(None, area) for area in find_areas(grid, today) or _without_header(grid)]


def _without_header(grid: Grid) -> list[Area]:
    """A sheet without headings: a table all the same when its rows are alike and its columns say what they hold."""
    rows = [row for row in range(1, min(grid.height, 60) + 1) if len(grid.cells(row)) >= 3]
    if len(rows) < 3:
        return []
    columns = sorted({column for row in rows for column, _ in grid.cells(row)})
    return [Area([], {c: Head(c, "") for c in columns}, rows[0], grid.height, [], columns[0], columns[-1])]


def _context(
    grid: Grid, area: Area, workbook: Workbook, today: date, reference: date, names: NameOrder, year_hint: int | None
) -> Context:
    """The month and year of a table: from its titles, its tab, the file's name, the hint, in that order."""
    context = Context(today, reference, titles=area.titles, names=names)
    group_texts = [head.group for head in area.heads.values() if head.group][:1]
    top = [
        text_of(value)
        for row in range(1, min(4, grid.height) + 1)
        for _, value in grid.cells(row)[:6]
        if isinstance(value, str)
    ]
    for text in [*area.titles, *group_texts, grid.sheet.name, *top, workbook.name.rsplit(".", 1)[0]]:
        if len(text) > 90:
            continue
        month, year = month_in(text)
        context.month = context.month or month
        context.year = context.year or year
    context.year = context.year or year_hint
    return context


def _layout(grid: Grid, area: Area, context: Context, file_name: str, mapping: Mapping | None, index: int) -> Layout:
    year = context.year or context.reference.year
    days = night_columns(area, year=year, month=context.month, today=context.today)
    names = [*area.titles, grid.sheet.name, file_name.rsplit(".", 1)[0].replace("_", " ")]
    return map_area(grid, area, today=context.today, days=days, names=names, asked=(mapping or {}).get(index))


def _learn_names(grid: Grid, layout: Layout, names: NameOrder) -> None:
    """Which words are family names and given names, from all tables before any is read."""
    area = layout.area
    rows = range(area.first, min(area.last, area.first + 3000) + 1)
    full = layout.column_of("name")
    if full is not None:
        names.learn(text for row in rows if isinstance(text := grid.value(row, full), str))
    last, first = layout.column_of("last_name"), layout.column_of("first_name")
    if last is not None and first is not None and layout.kind is not None:
        names.learn(
            f"{grid.text(row, last)}, {grid.text(row, first)}"
            for row in rows
            if grid.text(row, last) and grid.text(row, first)
        )


def _table(grid: Grid, layout: Layout, index: int, form: Form | None) -> Table:
    """The table as others see it. A form has no header rows; its labels stand under numbered letters, in their order."""
    area = layout.area
    top = area.header_rows[0] if area.header_rows else area.first
    if form:
        rows = sorted(form.rows)
        place = f"{rows[0]}:{rows[-1]}"
    else:
        place = f"{column_letters(area.left)}{top}:{column_letters(area.right)}{area.last}"
    return Table(
        index=index,
        sheet=grid.sheet.name,
        kind=layout.kind,
        header_rows=() if form else tuple(area.header_rows),
        columns={column_letters(number): column for number, column in layout.columns.items()},
        range=place,
        title=area.titles[0] if area.titles else "",
        confidence=layout.confidence,
    )


def _rows(grid: Grid, tables: list[Found]) -> list[Row]:
    """Every non-empty row of a sheet, once."""
    legend = Legend()
    long = grid.height > LEGEND_ROWS
    read_legend(grid, range(grid.height - 60 if long else 1, grid.height + 1), legend, beside_table=False)
    inside = {row for table in tables for row in table.rows} if not long else set()
    headers = {row: table.index for table in tables if not table.form for row in table.layout.area.header_rows}
    parts: dict[int, list[tuple[int, RowPart]]] = defaultdict(list)
    for table in tables:
        for part in _parts(grid, table, legend):
            parts[part.row].append((table.index, part))
    rows = []
    for number in range(1, grid.height + 1):
        if grid.is_empty(number):
            continue
        if number in headers:
            rows.append(_row(grid, number, headers[number], "not_data", [Reason("header")]))
        elif found := parts.get(number):
            rows.append(_joined(grid, number, found))
        else:
            rows.append(_outside(grid, number, legend, tables=bool(tables), inside=number in inside))
    return rows


def _parts(grid: Grid, table: Found, legend: Legend) -> list[RowPart]:
    """What a table makes of its rows."""
    if _is_lookup(table.layout, grid):
        return [
            RowPart(row, "not_data", [Reason("lookup_list")]) for row in sorted(table.rows) if not grid.is_empty(row)
        ]
    parts = TableReader(table.grid, table.layout, legend, table.context).read()
    if table.form is None:
        return parts
    led_back = [table.form.led_back(part) for part in parts]
    firsts = {part.row for part in led_back}
    others = [
        RowPart(row, "not_data", [Reason("part_of_record", params={"row": str(entry.rows[0])})])
        for entry in table.form.entries
        for row in entry.rows
        if row not in firsts
    ]
    return led_back + list({part.row: part for part in others}.values())


def _row(grid: Grid, number: int, table: int | None, status: Status, reasons: list[Reason]) -> Row:
    return Row(grid.sheet.name, number, table, status, reasons, raw_cells=grid.sheet.rows[number - 1])


def _joined(grid: Grid, number: int, parts: list[tuple[int, RowPart]]) -> Row:
    """One row of several tables side by side: data wins over titles, errors over data."""
    index, best = max(parts, key=lambda item: (bool(item[1].records), WORST.index(item[1].status)))
    status = max((part.status for _, part in parts), key=WORST.index)
    row = _row(grid, number, index, status, [])
    for _, part in parts:
        row.records += part.records
        if part.status != "not_data" or best.status == "not_data":
            row.reasons += [reason for reason in part.reasons if reason not in row.reasons]
    return row


def _is_lookup(layout: Layout, grid: Grid) -> bool:
    """A list of choices or initials: no kind, few narrow columns, or a hidden sheet that names nobody."""
    if layout.kind is not None and not grid.sheet.hidden:
        return False
    names = layout.column_of("name", "last_name", "person", "text")
    dates = layout.column_of("date", "arrival", "birth_date", "interview_date", "appointment_date", "request_date")
    if layout.kind is None and len(layout.area.heads) <= 3:
        return True
    return (
        grid.sheet.hidden and (names is None or dates is None) and not layout.grid_days and len(layout.area.heads) <= 3
    )


def _outside(grid: Grid, number: int, legend: Legend, *, tables: bool, inside: bool) -> Row:
    """A row that belongs to no table."""
    cells = grid.cells(number)
    texts = [text_of(value) for _, value in cells]
    if not tables:
        why = _why_without_table(grid, number, cells, texts, legend)
    elif number in legend.rows:
        why = "legend"
    elif is_total(texts):
        why = "total"
    elif (any(is_note(text) for text in texts) and number > 3) or inside:
        why = "free_note"
    else:
        why = "section_title" if all(is_section_title(text) for text in texts) else "title"
    return _row(grid, number, None, "not_data", [Reason(why)])


def _why_without_table(
    grid: Grid, number: int, cells: list[tuple[int, Value]], texts: list[str], legend: Legend
) -> str:
    if number in legend.rows:
        return "legend"
    if grid.sheet.hidden or (len(cells) <= 3 and not any(day_of_month(value) and len(cells) > 2 for _, value in cells)):
        return "title" if number == 1 and len(cells) == 1 else "lookup_list"
    return "free_note" if any(is_note(text) for text in texts) else "unknown_table"


def kind_names() -> tuple[Kind, ...]:
    """The kinds of table, for choices on a screen."""
    return Kind.__args__  # type: ignore[attr-defined,no-any-return]
