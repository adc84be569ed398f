"""What forms of every page share."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django import forms
from django.db.models import Model
from django.utils.crypto import salted_hmac
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from shelter.db import DomainError

Thing = TypeVar("Thing", bound=Model)


def refuse(form: forms.BaseForm, refusal: DomainError, *, instead_of: Mapping[str, str] | None = None) -> None:
    """Put a service's refusal onto the field it belongs to, or onto the form if it has no such field.

    ``instead_of`` maps the refusal's field to the form's own name for it.
    """
    field = (instead_of or {}).get(refusal.field or "", refusal.field)
    form.add_error(field if field in form.fields else None, str(refusal))


def held(thing: Thing, data: object) -> Thing:
    """The thing as it is now. When something was sent, nobody else changes it before this request is over."""
    if data is not None:
        now = type(thing)._default_manager.select_for_update(of=("self",), no_key=True)
        thing.refresh_from_db(from_queryset=now)
    return thing


class EditsTogether(forms.BaseForm):
    """A form over something that exists already: two people may edit it at once and neither overwrites the other (G1).

    A hidden field remembers what each field showed when the form was opened. What this person left alone keeps the
    other's value; what both changed is refused once, with the other's value beside it, and let through when sent again.
    Subclasses build ``initial`` from the thing as ``held`` gives it, and then call ``remember()``.
    """

    data: Any  # a QueryDict of our own, once something was sent
    _changed_meanwhile: Sequence[str] = ()

    def remember(self) -> None:
        now = json.dumps({name: self._digest(name, self._current(name)) for name in self.fields})
        self.fields["as_opened"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=now)
        if self.is_bound:
            self.data = self.data.copy()
            opened, self.data[self.add_prefix("as_opened")] = self._as_opened(), now
            changed = [name for name, seen in opened.items() if seen != json.loads(now)[name]]
            untouched = [name for name in changed if self._digest(name, self._sent(name)) == opened[name]]
            self._changed_meanwhile = [name for name in changed if name not in untouched]
            for name in untouched:
                self._keep_the_other_s(name)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned.pop("as_opened", None)
        for name in self._changed_meanwhile:
            theirs, mine = self._current(name), self._sent(name)
            if self._digest(name, theirs) != self._digest(name, mine):
                told = _("Somebody has changed this meanwhile: “%(value)s”. Send again to keep yours.")
                self.add_error(name, told % {"value": self._in_words(name, theirs)})
        return cleaned

    def _as_opened(self) -> dict[str, str]:
        """What the form showed, by field; nothing when the page did not say."""
        try:
            opened = json.loads(self.data.get(self.add_prefix("as_opened")) or "{}")
        except ValueError:
            return {}
        return {name: seen for name, seen in opened.items() if name in self.fields} if isinstance(opened, dict) else {}

    def _keep_the_other_s(self, name: str) -> None:
        value, key = self._current(name), self.add_prefix(name)
        if isinstance(value, list | tuple):
            self.data.setlist(key, list(map(str, value)))
        elif value is False:
            self.data.pop(key, None)
        else:
            self.data[key] = "on" if value is True else _text(value)

    def _current(self, name: str) -> Any:
        field = self.fields[name]
        return field.prepare_value(self.get_initial_for_field(field, name))

    def _sent(self, name: str) -> Any:
        return self.fields[name].widget.value_from_datadict(self.data, self.files, self.add_prefix(name))

    def _digest(self, name: str, value: Any) -> str:
        """Of the value as people see it: a hidden field must not spell out what its page may not show."""
        plain = sorted(map(str, value)) if isinstance(value, list | tuple) else _text(value)
        return salted_hmac(f"as opened:{name}", json.dumps(plain), algorithm="sha256").hexdigest()[:16]

    def _in_words(self, name: str, value: Any) -> str:
        labels = {str(key): str(label) for key, label in getattr(self.fields[name], "choices", ())}
        if isinstance(self.fields[name], forms.BooleanField):
            return _("yes") if value else _("no")
        values = value if isinstance(value, list | tuple) else [value]
        return capfirst(", ".join(labels.get(_text(one), _text(one)) for one in values)) or "–"


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    return str(value.pk if isinstance(value, Model) else value).replace("\r\n", "\n").strip()
