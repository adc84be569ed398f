"""The components of ``docs/ui.md`` as template tags. They only draw: no tag asks the database."""

from collections.abc import Sequence
from functools import cache
from typing import cast

from django import template
from django.template import Context
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shelter.ui.charts import LineChart
from shelter.ui.lists import Page, Sorting, address_with
from shelter.ui.navigation import LinkGroup, SiteSwitcher, menu_for, search_address_for, site_switcher_for

register = template.Library()


@register.simple_tag
@cache
def icon(name: str, css: str = "") -> SafeString:
    """``{% icon "moon" %}``. Decoration: the word beside it, or an ``aria-label``, carries the meaning."""
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#{}"/></svg>', f" {css}" if css else "", _sprite(), name
    )


_icon = icon  # for tags with an argument of that name


@cache
def _sprite() -> str:
    return static("vendor/icons.svg")


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> list[LinkGroup]:
    """``{% navigation as menu %}``. A tag and no context processor, so that a part for htmx does not pay for it."""
    return menu_for(context["request"])


@register.simple_tag(takes_context=True)
def site_switcher(context: Context) -> SiteSwitcher:
    return site_switcher_for(context["request"])


@register.simple_tag(takes_context=True)
def search_address(context: Context) -> str:
    return search_address_for(context["request"])


@register.simple_tag
def tag(label: str, *, icon: str, tone: str = "") -> SafeString:
    """The state of a thing: ``{% tag _("free") tone="ok" icon="plus-lg" %}``. Tones: ok warn bad info acc."""
    return format_html('<span class="tag{}">{}{}</span>', f" {tone}" if tone else "", _icon(icon), label)


@register.inclusion_tag("components/kpi.html")
def kpi(label: str, value: object, *, icon: str, href: str = "", hint: str = "", tone: str = "") -> dict:
    """A key figure that leads somewhere. Put three to six of them into ``<section class="kpis">``."""
    return {"label": label, "value": value, "icon": icon, "href": href, "hint": hint, "tone": tone}


@register.inclusion_tag("components/occupancy.html")
def occupancy(taken: int, closed: int, capacity: int) -> dict:
    """A bar: beds taken, beds closed, and the rest free. ``capacity`` counts the beds open tonight."""
    beds = max(taken, capacity) + closed
    return {
        "taken": taken,
        "closed": closed,
        "capacity": capacity,
        "free": max(0, capacity - taken),
        "taken_width": round(100 * taken / beds, 1) if beds else 0,
        "closed_width": round(100 * closed / beds, 1) if beds else 0,
    }


@register.inclusion_tag("components/column.html", takes_context=True)
def column(context: Context, name: str, label: str, css: str = "") -> dict:
    """The head of a column that sorts: ``{% column "bed" _("Bed") %}``. The view gives its ``Sorting`` as ``sorting``."""
    sorting: Sorting = context["sorting"]
    return {
        "label": label,
        "css": css,
        "direction": sorting.direction(name),
        "href": address_with(context["request"].GET, sort=sorting.next(name), page=None),
    }


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page) -> dict:
    """The foot of a list: "51 to 100 of 303", and the pages before and after."""
    query = context["request"].GET
    return {
        "page": page,
        "previous": address_with(query, page=page.number - 1 if page.number > 2 else None),
        "next": address_with(query, page=page.number + 1),
    }


@register.inclusion_tag("components/export_button.html", takes_context=True)
def export_button(context: Context, url: str) -> dict:
    """A button that asks what the list is taken out for, then posts to ``url`` with the filters of this page."""
    query = context["request"].GET.urlencode()
    return {"action": f"{url}?{query}" if query else url, "csrf_token": context["csrf_token"]}


@register.inclusion_tag("components/steps.html")
def steps(labels: Sequence[str], current: int) -> dict:
    """Where one is in a sequence of pages. ``current`` counts from 1; beyond the last, all are done."""
    return {"labels": labels, "current": current}


@register.inclusion_tag("components/progress.html")
def progress(label: str, value: int, maximum: int, *, id: str = "progress") -> dict:
    """How far a long job is: a bar with its count."""
    return {"label": label, "value": value, "maximum": maximum, "id": id}


@register.inclusion_tag("components/confidence.html")
def confidence(percent: int) -> dict:
    """How sure the software is of a guess, in percent."""
    return {"percent": percent, "level": "" if percent >= 85 else "mid" if percent >= 60 else "low"}


@register.inclusion_tag("components/line_chart.html")
def line_chart(chart: LineChart, *, id: str) -> dict:
    return {"chart": chart, "id": id}


@register.simple_block_tag
def note(content: SafeString, title: str = "", *, tone: str = "info", icon: str = "info-circle") -> SafeString:
    """A message inside the page: ``{% note _("Read this") tone="warn" icon="…" %}<p>…</p>{% endnote %}``."""
    return _component("note", content=content, title=title, tone=tone, icon=icon)


@register.simple_block_tag
def empty(content: SafeString, title: str, *, icon: str) -> SafeString:
    """An empty list: why it is empty, and the one useful action."""
    return _component("empty", content=content, title=title, icon=icon)


@register.simple_block_tag
def dialog(content: SafeString, title: str, *, id: str, css: str = "") -> SafeString:
    """A native dialog, opened by ``data-open="#id"``. Its buttons go into ``<div class="acts">``."""
    return _component("dialog", content=content, title=title, id=id, css=css)


def _component(name: str, **context: object) -> SafeString:
    return cast("SafeString", get_template(f"components/{name}.html").render(context))
