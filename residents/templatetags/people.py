"""People of a list, drawn in one go each: a template for every row was half of what the page cost."""

from django import template
from django.template import Context
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from residents.models import Person
from residents.selectors.emergencies import opened_now
from residents.selectors.people import Row
from shelter.http import address_of
from shelter.ui.templatetags.ui import tag

register = template.Library()


@register.inclusion_tag("residents/_opened.html", takes_context=True)
def opened_in_emergency(context: Context, person: Person) -> dict[str, object]:
    """The red banner on the pages of a file that the reader opened in an emergency, with the minutes left (A7)."""
    return {"opened": opened_now(context["request"].user, person), "csrf_token": context.get("csrf_token")}


PERSON_ROW = """<tr>
<th scope="row" class="full"><div class="pers"><span class="av" aria-hidden="true">{initials}</span>
<div><a href="{href}"><bdi>{name}</bdi></a><small>{alias}<span class="num">{reference}</span>{languages}</small></div>
</div></th>
<td class="full" data-l="{l_state}">{state}</td>
{site}<td data-l="{l_bed}" class="nowrap">{bed}</td>
<td data-l="{l_nationality}">{nationality}</td>
<td data-l="{l_born}" class="nowrap">{born}</td>
<td data-l="{l_since}" class="nowrap">{since}</td>
<td data-l="{l_nights}" class="n">{nights}</td>
</tr>"""


@register.simple_tag
def person_row(row: Row, *, with_site: bool) -> SafeString:
    """One person of the list, leading to the file. ``with_site`` for readers who know several."""
    person, stay = row.person, row.stay
    site = format_html('<td data-l="{}">{}</td>\n', _("Site"), stay.site if stay else "–") if with_site else ""
    return format_html(
        PERSON_ROW,
        initials=person.initials,
        href=address_of("residents:person", person.public_id),
        name=person.full_name,
        alias=_alias(person),
        reference=person.reference,
        languages=f" · {person.language_names}" if person.languages else "",
        state=stay_state(row),
        site=site,
        bed=row.bed or "–",
        nationality=person.nationality_names or "–",
        born=person.birth or "–",
        since=date_format(stay.arrived_on, "SHORT_DATE_FORMAT") if stay else "–",
        nights=row.nights if stay else "–",
        l_state=_("State"),
        l_bed=pgettext("furniture", "Bed"),
        l_nationality=_("Nationality"),
        l_born=_("Born"),
        l_since=_("Since"),
        l_nights=_("Nights"),
    )


def _alias(person: Person) -> SafeString | str:
    """The name in use, where it is not the one already shown."""
    if person.known_as in ("", person.full_name):
        return ""
    return format_html("<bdi>{}</bdi> · ", person.known_as)


@register.simple_tag
def stay_state(row: Row) -> SafeString:
    """Where the person is, in words: here, expected, waiting, or gone."""
    if row.stay and row.is_present:
        if row.stay.left_on:
            leaves = date_format(row.stay.left_on, "SHORT_DATE_FORMAT")
            return tag(_("leaves on %(day)s") % {"day": leaves}, icon="box-arrow-right", tone="info")
        return tag(_("here tonight"), icon="house-check", tone="ok")
    if row.stay and row.is_expected:
        arrives = date_format(row.stay.arrived_on, "SHORT_DATE_FORMAT")
        return tag(_("expected on %(day)s") % {"day": arrives}, icon="clock", tone="info")
    if row.request:
        return tag(_("waits for %(site)s") % {"site": row.request.site}, icon="hourglass-split", tone="warn")
    if row.stay:
        left = date_format(row.stay.left_on, "SHORT_DATE_FORMAT")
        return tag(_("left on %(day)s") % {"day": left}, icon="box-arrow-right")
    return tag(_("no stay here"), icon="dash-lg")
