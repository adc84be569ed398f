"""The list of one's own exports: how it sorts, and what its file shows."""

from django.utils.translation import gettext_lazy as _

from shelter.exports.lists import list_of
from shelter.exports.models import Export
from shelter.ui.export import Column
from shelter.ui.lists import SortField

SORTABLE: dict[str, list[SortField]] = {
    "when": ["created_at"],
    "list": ["kind", "-created_at"],
    "names": ["count", "-created_at"],
    "state": ["state", "-created_at"],
}

OWN: list[Column[Export]] = [
    Column(_("List"), lambda export: list_of(export.kind).title, 26),
    Column(_("Asked at"), lambda export: export.created_at, 18),
    Column(_("Purpose"), lambda export: export.purpose, 50),
    Column(_("Names"), lambda export: export.count, 8),
    Column(_("State"), lambda export: _state(export), 26),
]


def _state(export: Export) -> str:
    """As ``exports/_state.html`` says it."""
    if export.is_over and export.state != Export.State.REFUSED:
        return str(Export.State.EXPIRED.label)
    return export.get_state_display()
