"""What stands around a table: titles above it, totals, legends and notes below, and tabs that hold no people."""

from datetime import date

from shelter.demo.mess.book import Book
from shelter.demo.mess.page import GREY, RED, YELLOW, Cell, Page
from shelter.demo.mess.words import chance, pick, read


def title_rows(book: Book, page: Page, key: str, *, month: str = "", always: bool = False) -> int:
    """A title, sometimes a line that dates the list, sometimes nothing. Gives the row of the headings."""
    rng = book.rng
    if not (month or always) and chance(rng, 0.25):
        return 1
    text = pick(rng, key, book.language, site=book.site, date=f"{book.today:%d/%m/%Y}", month=month)
    page.put(1, rng.choice((1, 1, 3)), Cell(text, bold=True))
    book.ledger.set_aside(page, 1, "title")
    row = 2
    if chance(rng, 0.4):
        page.put(row, 1, pick(rng, "updated", book.language))
        today: date | str = f"{book.today:%d/%m/%Y}" if book.is_csv else book.today
        page.put(row, 2, Cell(today, number_format="dd/mm/yyyy"))
        book.ledger.set_aside(page, row, "title")
        row += 1
    return row + rng.choice((0, 1, 1))


def total_row(book: Book, page: Page, row: int, column: int, count: int) -> int:
    if chance(book.rng, 0.4):
        return row
    label = pick(book.rng, "total", book.language)
    page.put(row, column, Cell(label, bold=True))
    page.put(row, column + 1, count)
    book.ledger.set_aside(page, row, "total")
    return row + 1


def legend_rows(book: Book, page: Page, row: int, column: int, *, red: bool, strike: bool, yellow: bool) -> int:
    """The lines that say what the colours mean; the ones that begin with "=" stand beside a coloured cell."""
    wanted = [("legend_red", RED, red), ("legend_yellow", YELLOW, yellow), ("legend_strike", "", strike)]
    row += 1
    for key, fill, shown in wanted:
        if not shown:
            continue
        text = pick(book.rng, key, book.language)
        page.put(row, column, Cell(None, fill))
        page.put(row, column + 1 if text.startswith("=") else column, Cell(text, fill if text[0] != "=" else ""))
        book.ledger.set_aside(page, row, "legend")
        row += 1
    return row


def free_note(book: Book, page: Page, row: int, column: int) -> int:
    if chance(book.rng, 0.6):
        return row
    page.put(row + 1, column, pick(book.rng, "free_notes", book.language))
    book.ledger.set_aside(page, row + 1, "free_note")
    return row + 2


def template_rows(book: Book, page: Page, row: int, column: int, start: int) -> int:
    """Numbered lines that nobody has filled in yet."""
    for number in range(start, start + book.rng.choice((2, 3, 5))):
        page.put(row, column, number)
        book.ledger.set_aside(page, row, "empty_template_row")
        row += 1
    return row


def lookup_tab(book: Book) -> None:
    """A hidden tab with the choices of a drop-down list."""
    page = book.page(pick_name(book), hidden=True)
    countries = [community[book.language][0] for community in read("communities").values()]
    for row, text in enumerate(book.rng.sample(countries, 6), start=1):
        page.put(row, 1, Cell(text, GREY if chance(book.rng, 0.1) else ""))
        book.ledger.set_aside(page, row, "lookup_list")


def pick_name(book: Book) -> str:
    return book.rng.choice(read("wording")["sheet_names"]["lookup"][book.language])
