"""A workbook in the making: its tabs, its truth, and the habits of the team that keeps it."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

from shelter.demo.mess.files import WRITERS, write_csv
from shelter.demo.mess.ledger import Ledger
from shelter.demo.mess.page import Page
from shelter.demo.mess.pen import Pen
from shelter.demo.mess.words import chance, headings, read

CSV_FORMS = {"csv;": (";", "cp1252"), "csv,": (",", "utf-8"), "csv\t": ("\t", "utf-8-sig"), "csv;8": (";", "utf-8")}


@dataclass
class Book:
    """``name`` has no ending; ``form`` is ``xlsx``, ``xlsm``, ``ods`` or one of ``CSV_FORMS``. ``today`` dates it."""

    name: str
    site: str
    form: str
    language: str
    today: date
    rng: Random
    bilingual: bool = False
    tidy: bool = False
    pages: list[Page] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    messes: set[str] = field(default_factory=set)

    @property
    def is_csv(self) -> bool:
        return self.form in CSV_FORMS

    @property
    def file_name(self) -> str:
        return f"{self.name}.{'csv' if self.is_csv else self.form}"

    def page(self, name: str, *, hidden: bool = False) -> Page:
        taken = {page.name for page in self.pages}
        page = Page(name if name not in taken else f"{name} ({len(taken) + 1})", hidden)
        self.pages.append(page)
        return page

    def page_for(self, kind: str) -> Page:
        return self.page(self.rng.choice(read("wording")["sheet_names"][kind][self.language]))

    def pen(self) -> Pen:
        return Pen(self.rng, self.language, self.today, plain=self.is_csv, tidy=self.tidy)

    def heading(self, key: str) -> str:
        """How this team heads a column; in Brussels often in two languages at once."""
        if self.bilingual and chance(self.rng, 0.7):
            return f"{self.rng.choice(headings(key, 'fr'))} / {self.rng.choice(headings(key, 'nl'))}"
        return self.rng.choice(headings(key, self.language))

    def save(self, folder: Path) -> Path:
        path = folder / self.file_name
        if self.is_csv:
            delimiter, encoding = CSV_FORMS[self.form]
            write_csv(path, self.pages, delimiter=delimiter, encoding=encoding)
        else:
            WRITERS[self.form](path, self.pages)
        return path

    def truth(self) -> dict:
        return self.ledger.truth(self.file_name, self.site, self.pages, self.messes | {self.form.rstrip("8;,\t")})
