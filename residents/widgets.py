"""Controls of forms about people."""

from functools import lru_cache
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class LongSelect(forms.Select):
    """A select of countries or languages, without groups. Django renders a template for each option, which took half of
    the page's time with 256 of them; here they are one string, the same for every reader of a language."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        choices = tuple((str(code), str(label)) for code, label in self.choices)
        attributes = self.build_attrs(self.attrs, {**(attrs or {}), "name": name, "class": "form-select"})
        return format_html(
            "<select{}>{}</select>", flatatt(attributes), _options(choices, tuple(self.format_value(value)))
        )


@lru_cache(maxsize=64)
def _options(choices: tuple[tuple[str, str], ...], chosen: tuple[str, ...]) -> SafeString:
    rows = ((flatatt({"value": code, "selected": code in chosen}), label) for code, label in choices)
    return format_html_join("", "<option{}>{}</option>", rows)
