"""Controls of forms about people."""

from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class LongSelect(forms.Select):
    """A select of countries or languages, without groups. Django renders a template for each option, which took half of
    the page's time with 256 of them; here they are one string."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        chosen = self.format_value(value)
        rows = ((flatatt({"value": code, "selected": str(code) in chosen}), label) for code, label in self.choices)
        attributes = self.build_attrs(self.attrs, {**(attrs or {}), "name": name, "class": "form-select"})
        return format_html(
            "<select{}>{}</select>", flatatt(attributes), format_html_join("", "<option{}>{}</option>", rows)
        )
