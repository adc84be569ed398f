"""Where a page leads without writing anything: its links, the addresses htmx gets, and its search forms as they stand."""

from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from django.urls import reverse

from tests.security.world import FIRST_NAME


class Links(HTMLParser):
    """``gets``: (address, whether htmx asks). ``searches``: the fields of the forms that ``ui:search`` takes."""

    def __init__(self, page: str, html: str) -> None:
        super().__init__()
        self.page = page
        self.gets: set[tuple[str, bool]] = set()
        self.searches: set[tuple[tuple[str, str], ...]] = set()
        self.form: dict[str, str] | None = None
        self.fields: list[tuple[str, str]] = []
        self.select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in found:
            self.found(found["href"])
        if "hx-get" in found and tag != "form":
            self.found(found["hx-get"], by_htmx=True)
        if tag == "form":
            self.form, self.fields = found, []
        elif self.form is not None:
            self.field(tag, found)

    def field(self, tag: str, found: dict[str, str]) -> None:
        """As a browser would send it at once; what is looked for is the name that everybody has."""
        name = found.get("name", "")
        kind = found.get("type", "text")
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in found:
            self.fields.append((self.select, found.get("value", "")))
        elif tag == "input" and name and (kind not in {"checkbox", "radio"} or "checked" in found):
            looked_for = kind == "search" or name in {"q", "name"}
            self.fields.append((name, FIRST_NAME if looked_for else found.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        if tag == "form" and self.form is not None:
            where = self.form.get("action") or self.page
            if self.form.get("method", "get").lower() == "get":
                self.found(f"{urlsplit(where).path}?{urlencode(self.fields)}", by_htmx="hx-get" in self.form)
            elif urlsplit(where).path == reverse("ui:search"):
                self.searches.add(tuple(self.fields))
            self.form = None

    def found(self, href: str, *, by_htmx: bool = False) -> None:
        address = urlsplit(urljoin(self.page, href))
        if not address.scheme and not address.netloc and not address.path.startswith("/static/"):
            self.gets.add((address._replace(fragment="").geturl(), by_htmx))
