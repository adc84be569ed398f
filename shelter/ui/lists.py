"""What every list page shares: filters, sorting and pages, all three in the address, what is typed sealed in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

from django import forms
from django.core.validators import EMPTY_VALUES
from django.db.models import Func, Model, OrderBy, QuerySet
from django.http import QueryDict

from shelter.http import Request

M = TypeVar("M", bound=Model)
SortField = str | Func


class FilterForm(forms.Form):
    """A form that owns its queryset's filter: field ``bed`` narrows by the method ``filter_bed(rows, value)``.

    A value that cannot be read shows its message and filters nothing; the other fields still count.
    """

    use_required_attribute = False

    def apply(self, rows: QuerySet[M]) -> QuerySet[M]:
        for name, value in self._chosen():
            rows = getattr(self, f"filter_{name}")(rows, value)
        return rows

    def in_words(self) -> list[tuple[str, str]]:
        """What the form narrows by, as people read it: ``[("Site", "Sisters House")]``."""
        return [(str(self.fields[name].label), self._in_words(name, value)) for name, value in self._chosen()]

    def _in_words(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            value = dict(field.choices).get(value, value)  # type: ignore[arg-type]  # flat choices, all of them
        return str(value)

    @property
    def is_narrowing(self) -> bool:
        return any(self._chosen())

    def _chosen(self) -> Iterator[tuple[str, Any]]:
        self.full_clean()
        if self.is_bound:
            yield from ((name, value) for name, value in self.cleaned_data.items() if not _is_empty(value))


@dataclass(frozen=True)
class Sorting:
    """How a list is sorted: ``?sort=bed`` ascending, ``?sort=-bed`` descending; anything else is the default.

    ``columns`` maps each public name to the ``order_by`` fields behind it. The primary key settles ties, or a row could show
    on two pages.
    """

    columns: Mapping[str, Sequence[SortField]]
    column: str
    descending: bool

    @classmethod
    def of(cls, request: Request, columns: Mapping[str, Sequence[SortField]], *, default: str) -> Self:
        asked = request.GET.get("sort", "")
        if asked.removeprefix("-") not in columns:
            asked = default
        return cls(columns, asked.removeprefix("-"), asked.startswith("-"))

    def apply(self, rows: QuerySet[M]) -> QuerySet[M]:
        fields: list[SortField] = [*self.columns[self.column], "pk"]
        return rows.order_by(*(_opposite(field) for field in fields) if self.descending else fields)

    def direction(self, column: str) -> str:
        """The value of ``aria-sort`` for a column; empty when the list is not sorted by it."""
        if column != self.column:
            return ""
        return "descending" if self.descending else "ascending"

    def next(self, column: str) -> str:
        """The ``sort`` that a click on this column asks for."""
        return f"-{column}" if self.direction(column) == "ascending" else column


@dataclass(frozen=True)
class Page(Generic[M]):
    """The rows of one page. ``total`` is None when counting would cost more than the page itself."""

    rows: list[M]
    number: int
    per_page: int
    total: int | None
    has_next: bool

    @classmethod
    def of(cls, request: Request, rows: QuerySet[M], *, per_page: int = 50, total: int | None = None) -> Self:
        """The page that ``?page=`` asks for, the first if it asks for nonsense. One query: it reads one row too many."""
        asked = request.GET.get("page", "1")
        number = int(asked) if asked.isdecimal() and 1 <= int(asked) <= 100_000 else 1
        first = (number - 1) * per_page
        found = list(rows[first : first + per_page + 1])
        return cls(found[:per_page], number, per_page, total, len(found) > per_page)

    @property
    def first(self) -> int:
        """The rank of the first row, from 1; 0 on an empty page."""
        return (self.number - 1) * self.per_page + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return (self.number - 1) * self.per_page + len(self.rows)

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    def __iter__(self) -> Iterator[M]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def address_with(query: QueryDict, **changes: str | int | None) -> str:
    """The query string with these keys changed, or left out when None: ``?site=north&page=2``."""
    query = query.copy()
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


def _opposite(field: SortField) -> str | OrderBy:
    if isinstance(field, Func):
        return field.desc()
    return field.removeprefix("-") if field.startswith("-") else f"-{field}"


def _is_empty(value: object) -> bool:
    return value in EMPTY_VALUES or (isinstance(value, QuerySet) and not value)
