"""Beds and sites, drawn in one go each: a page shows sixty beds, and rendering is what a page costs."""

from collections.abc import Mapping, Set
from datetime import date
from uuid import UUID

from django import template
from django.template.loader import get_template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from residents.selectors.beds import BedState, BoardBed, Run, Who
from residents.selectors.tonight import Figures, SiteTonight
from shelter.http import address_of
from shelter.ui.templatetags.ui import icon, occupancy

register = template.Library()


def bed_address(bed: UUID) -> str:
    return address_of("residents:bed", bed)


@register.simple_tag
def bed_link(bed: BoardBed, who: Mapping[int, Who], query: str = "") -> SafeString:
    """A bed of the plan: its label, who has it, and its state in words. ``query`` keeps the night of the page."""
    return format_html(
        '<a class="bed" data-s="{}" href="{}{}"><b>{}</b><span class="nm">{}</span>{}<span class="st">{}</span></a>',
        bed.state,
        bed_address(bed.public_id),
        query,
        bed.label,
        bed_name(bed, who),
        bed_icon(bed),
        bed_words(bed),
    )


@register.simple_tag
def bed_name(bed: BoardBed, who: Mapping[int, Who]) -> str:
    if bed.stay in who:
        return who[bed.stay].name
    if bed.state.is_free:
        return _("Free")
    return _("Closed") if bed.state is BedState.CLOSED else _("Taken")


@register.simple_tag
def bed_icon(bed: BoardBed) -> SafeString | str:
    match bed.state:
        case BedState.AWAY if bed.nights_away >= 2:
            return icon("exclamation-triangle")
        case BedState.AWAY:
            return icon("moon")
        case BedState.FREE:
            return icon("plus-lg")
        case BedState.LEAVING:
            return icon("box-arrow-right", "i-flip")
        case BedState.RESERVED:
            return icon("clock")
        case BedState.CLOSED:
            return icon("cone-striped")
    return ""


@register.simple_tag
def bed_words(bed: BoardBed) -> str:
    """The state of a bed in a few words."""
    match bed.state:
        case BedState.AWAY:
            return ngettext("Away %(n)s night", "Away %(n)s nights", bed.nights_away) % {"n": bed.nights_away}
        case BedState.FREE:
            return _("for tonight")
        case BedState.LEAVING:
            return _("Leaves today")
        case BedState.RESERVED:
            return _("Kept from %(day)s") % {"day": short_day(bed.since)}
        case BedState.CLOSED:
            return closure_words(bed)
    if not bed.stay:
        return ""
    if not bed.nights:
        return _("Arrives today")
    return ngettext("%(n)s night", "%(n)s nights", bed.nights) % {"n": bed.nights}


def closure_words(bed: BoardBed) -> str:
    if bed.closure is None:
        return _("Not in service")
    reason = bed.closure.get_reason_display()
    if bed.closure.until_on is None:
        return reason
    return _("%(reason)s, until %(day)s") % {"reason": reason, "day": short_day(bed.closure.until_on)}


def short_day(day: date | None) -> str:
    return date_format(day, "d/m") if day else ""


@register.simple_tag
def stay_link(bed: BoardBed, run: Run, who: Mapping[int, Who]) -> SafeString:
    """A run of nights of the tape chart. Dashed ends go on outside the window."""
    ends = f"{' from' if run.goes_back else ''}{' to' if run.goes_on else ''}"
    return format_html(
        '<td colspan="{}"><a class="stay {}{}" href="{}?night={}">{}<span>{}</span></a></td>',
        run.nights,
        run.use.state,
        ends,
        bed_address(bed.public_id),
        run.first.isoformat(),
        _run_icon(run),
        _run_words(run, who),
    )


def _run_icon(run: Run) -> SafeString | str:
    match run.use.state:
        case BedState.AWAY:
            return icon("moon")
        case BedState.FREE:
            return icon("plus-lg")
        case BedState.RESERVED:
            return icon("clock")
        case BedState.CLOSED:
            return icon("cone-striped")
    return ""


def _run_words(run: Run, who: Mapping[int, Who]) -> str:
    use = run.use
    match use.state:
        case BedState.FREE:
            return ngettext("%(n)s free night", "%(n)s free nights", run.nights) % {"n": run.nights}
        case BedState.CLOSED:
            return use.closure.get_reason_display() if use.closure else _("Not in service")
        case BedState.AWAY:
            return ngettext("Away %(n)s night", "Away %(n)s nights", run.nights) % {"n": run.nights}
    name = who[use.stay].name if use.stay in who else _("Taken")
    if use.until and not run.goes_on and use.until == run.until:
        return _("%(name)s · until %(day)s") % {"name": name, "day": short_day(use.until)}
    return name


SITE_ROW = """<tr>
<th scope="row" class="full">{name}<span class="d-block small fw-normal muted">{kind}</span></th>
<td class="full">{occupancy}</td>
<td class="n" data-l="{l_free}">{free}</td>
<td class="n" data-l="{l_closed}">{closed}</td>
<td class="n" data-l="{l_agreed}">{agreed}</td>
<td class="n" data-l="{l_away}">{away}</td>
<td class="n nowrap" data-l="{l_moves}">{moves}</td>
<td class="n" data-l="{l_waiting}">{waiting}</td>
</tr>"""


@register.simple_tag
def site_row(each: SiteTonight, bed_sites: Set[int], query: str = "") -> SafeString:
    """One site of tonight's table, leading to its beds where the user may see them (``bed_sites``)."""
    site, figures = each.site, each.figures
    board = reverse("residents:bed_board", args=(site.slug,)) if site.pk in bed_sites else ""
    audience = f", {site.get_audience_display()}" if site.audience else ""
    away: object = figures.away
    if board and figures.away:
        away = format_html(
            '<a href="{}{}">{}</a>', board, f"{query or '?'}{'&' if query else ''}show=away", figures.away
        )
    return format_html(
        SITE_ROW,
        name=format_html('<a href="{}{}">{}</a>', board, query, site) if board else site,
        kind=f"{site.get_scheme_display()}{audience}",
        occupancy=_occupancy(figures),
        free=_free(figures),
        closed=figures.closed,
        agreed="–" if figures.declared is None else figures.declared,
        away=away,
        moves=figures.moves,
        waiting=figures.waiting,
        l_free=pgettext("several beds", "Free"),
        l_closed=pgettext("several beds", "Closed"),
        l_agreed=_("Agreed"),
        l_away=_("Away 2 n.+"),
        l_moves=_("In / out"),
        l_waiting=_("Waiting"),
    )


def _occupancy(figures: Figures) -> SafeString:
    if not figures.beds.in_service:
        people = ngettext("%(n)s person", "%(n)s people", figures.housed) % {"n": figures.housed}
        return format_html(
            '<span class="small num">{} <span class="muted">· {}</span></span>', people, _("beds not entered yet")
        )
    bar = get_template("components/occupancy.html").render(occupancy(figures.housed, figures.closed, figures.capacity))
    rate = "" if figures.percent is None else f"· {figures.percent} %"
    return format_html(
        '{}<span class="small num">{} / {} <span class="muted">{}</span></span>',
        bar,
        figures.housed,
        figures.capacity,
        rate,
    )


def _free(figures: Figures) -> SafeString:
    if figures.free:
        return format_html('<strong class="t-ok">{}</strong>', figures.free)
    if figures.over:
        return format_html('<strong class="t-bad">{}</strong>', _("%(n)s too many") % {"n": figures.over})
    return format_html('<span class="muted">{}</span>', _("full") if figures.capacity else "–")
