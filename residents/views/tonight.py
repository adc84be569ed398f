"""The first page: who sleeps where tonight, in numbers."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from residents.nights import tonight
from residents.selectors.composition import composition
from residents.selectors.tonight import (
    TREND_NIGHTS,
    Trend,
    occupancy_by_night,
    sites_on,
    to_do_first,
    total,
)
from residents.views.asked import night_asked, query_of, right_to_see, site_asked
from shelter.accounts.access import open_to
from shelter.accounts.policy import Can
from shelter.http import Request
from shelter.ui.charts import LineChart, Point
from shelter.ui.navigation import menu_for
from shelter.ui.panels import panels_of
from sites.models import Site

MOST_TO_DO = 4  # one row of cards on a wide screen


@require_safe
@open_to("signed in")
def home(request: Request) -> HttpResponse:
    """Tonight's counts for those who may see them; for the others, the first page that their role opens."""
    if request.user.access.may(Can.SEE_TONIGHT):
        return _dashboard(request)
    for group in menu_for(request):
        return redirect(group.links[0].href)
    return render(request, "residents/no_page.html")


def _dashboard(request: Request) -> HttpResponse:
    user, night = request.user, night_asked(request)
    can = right_to_see(night)
    if not user.access.may(can):
        raise PermissionDenied
    visible = Site.objects.visible_to(user, can).open_on(night)
    chosen = site_asked(request, visible)
    sites = [chosen] if chosen else list(visible)

    figures = sites_on(night, sites)
    trend = occupancy_by_night(night - timedelta(TREND_NIGHTS), night, sites)
    # Of one site, and of no other night: of two reports, neither tells what the other hides.
    counted = len(sites) == 1 and night == tonight() and user.access.may(Can.SEE_COMPOSITION, sites[0].pk)
    context = {
        "night": night,
        "is_tonight": night == tonight(),
        "site": chosen,
        "houses": [each for each in figures if each.houses_people],
        "services": [each.site for each in figures if not each.houses_people],
        "total": total([each.figures for each in figures]),
        "todo": to_do_first(figures)[:MOST_TO_DO],
        "trend": trend,
        "chart": _chart(trend),
        "composition": composition(sites[0], night) if counted else None,
        "panels": panels_of("tonight", request),
        "bed_sites": user.access.sites(Can.SEE_BEDS),
        "waiting_sites": user.access.sites(Can.SEE_WAITING),
        "may_admit": user.access.may(Can.ADMIT, chosen.pk if chosen else None),
        "may_see_other_nights": user.access.may(Can.SEE_OTHER_NIGHTS),
        "night_query": query_of(night),
        "day_before": night - timedelta(1),
        "day_after": night + timedelta(1),
        "kept": {"site": chosen.slug} if chosen else {},
    }
    return render(request, "residents/tonight.html", context)


def _chart(trend: Trend) -> LineChart:
    return LineChart(
        title=_("Occupancy by night, in percent of the places counted"),
        points=[
            Point(
                date_format(count.night, "j b"),
                count.percent,
                (count.slept, count.capacity, f"{count.sheets} / {count.sites}"),
            )
            for count in trend.nights
        ],
        value_label=_("Occupancy, %"),
        label_label=_("Night of"),
        limit=100,
        limit_label=_("All places taken"),
        more_labels=(_("Nights slept"), _("Places"), _("Night sheets")),
    )
