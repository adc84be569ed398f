"""What changed in a file, who changed it and why, read back from the versions that the triggers keep."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from residents.models import BedAssignment, Person, Stay
from residents.reference import country_name, language_name
from shelter.accounts.names import names_of
from shelter.accounts.policy import InfoClass
from sites.models import Bed, Site

AT_MOST = 40
# Not facts of the person: keys, and what the page shows in its own place.
LEFT_OUT = frozenset({"id", "public_id", "created_at", "organisation", "merged_into"})
CONTACT = frozenset(name for name, kind in Person.field_classes.items() if kind == InfoClass.CONTACT)
CODES = {"nationalities": country_name, "languages": language_name}


@dataclass(frozen=True, slots=True)
class Field:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One version of a person, a stay or a bed assignment. ``fields`` is empty when the thing was new or removed."""

    at: datetime
    what: str | Promise
    who: str | Promise  # empty: nobody acted, the house itself did
    reason: str
    fields: Sequence[Field]


WORDS: Mapping[tuple[type[Model], str], Promise] = {
    (Person, "insert"): _("File opened"),
    (Person, "update"): _("File corrected"),
    (Stay, "insert"): _("Stay written"),
    (Stay, "update"): _("Stay changed"),
    (Stay, "delete"): _("Stay taken back"),
    (BedAssignment, "insert"): _("Bed given"),
    (BedAssignment, "update"): _("Bed changed"),
    (BedAssignment, "delete"): _("Bed taken back"),
}


def changes_of(person: Person, stays: Sequence[Stay], *, with_contact: bool) -> list[Change]:
    """The latest changes of the file and of these stays, the last first. Contact facts only if the reader may see them."""
    ids = [stay.pk for stay in stays]
    events = [
        *_versions(Person, id=person.pk),
        *_versions(Stay, id__in=ids),
        *_versions(BedAssignment, stay__in=ids),
    ]
    hidden = LEFT_OUT if with_contact else LEFT_OUT | CONTACT
    names = _Names.of(events)
    changes = [names.change(model, before, after, hidden) for model, before, after in events]
    told = [change for change in changes if change]
    return sorted(told, key=lambda change: change.at, reverse=True)[:AT_MOST]


# A model, the version before (None: the first), the version itself.
Versions = tuple[type[Model], Any, Any]


def _versions(model: type[Model], **which: Any) -> Iterable[Versions]:
    """Each version with the one before it, of the same row."""
    last: dict[int, Any] = {}
    events: Iterable[Any] = _event_model(model)._default_manager.filter(**which).order_by("pgh_id")
    for event in events:
        yield model, last.get(event.id), event
        last[event.id] = event


def _event_model(model: type[Model]) -> type[Model]:
    """Where pghistory keeps the versions of this model."""
    return apps.get_model(model._meta.app_label, f"{model.__name__}Event")


@dataclass(frozen=True)
class _Names:
    """What ids in the versions stand for: fetched at once."""

    users: Mapping[int, str | None]  # None: a name that is not the reader's to know
    sites: Mapping[int, Site]
    beds: Mapping[int, Bed]

    @classmethod
    def of(cls, events: Iterable[Versions]) -> "_Names":
        versions = [after for _model, _before, after in events]
        metadata = [version.pgh_context for version in versions if version.pgh_context]
        return cls(
            names_of({data["user"] for data in metadata if data.get("user")}),
            Site.objects.in_bulk({version.site_id for version in versions if hasattr(version, "site_id")}),
            Bed.objects.select_related("room").in_bulk(
                {version.bed_id for version in versions if hasattr(version, "bed_id")}
            ),
        )

    def change(self, model: type[Model], before: Any, after: Any, hidden: frozenset[str]) -> Change | None:
        """None when nothing changed that the reader may see."""
        data = after.pgh_context or {}
        fields = self._fields(model, before, after, hidden) if after.pgh_label == "update" and before else []
        if after.pgh_label == "update" and not fields:
            return None
        what: str | Promise = WORDS[model, after.pgh_label]
        if model is BedAssignment and after.bed_id in self.beds:
            what = f"{what} · {self.beds[after.bed_id]}"
        return Change(after.pgh_created_at, what, self._who(data.get("user")), data.get("reason", ""), fields)

    def _who(self, user_id: int | None) -> str | Promise:
        return (self.users.get(user_id) or _("a colleague of another site")) if user_id else ""

    def _fields(self, model: type[Model], before: Any, after: Any, hidden: frozenset[str]) -> list[Field]:
        tracked = [field for field in model._meta.fields if hasattr(after, field.attname) and field.name not in hidden]
        return [
            Field(capfirst(str(field.verbose_name)), self._words(field.name, before), self._words(field.name, after))
            for field in tracked
            if getattr(before, field.attname) != getattr(after, field.attname)
        ]

    def _words(self, name: str, version: Any) -> str:
        if name == "bed":
            return str(self.beds.get(version.bed_id, ""))
        if name == "site":
            return str(self.sites.get(version.site_id, ""))
        if name == "household":
            return f"M-{version.household_id:05d}" if version.household_id else ""
        if name in CODES:
            return ", ".join(CODES[name](code) for code in getattr(version, name))
        shown = getattr(version, f"get_{name}_display", None)
        value = shown() if shown else getattr(version, name)
        if isinstance(value, date):
            return date_format(value, "SHORT_DATE_FORMAT")
        return "" if value is None else str(value)
