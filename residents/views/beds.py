"""The beds of a site: the plan by floor, fourteen nights, the printed list, and each bed's own page."""

from collections.abc import Mapping
from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from residents.nights import tonight
from residents.selectors import beds as boards
from residents.selectors.beds import Board, Section, Show, Who
from residents.selectors.tonight import sites_on
from residents.views.asked import night_asked, query_of, site_asked
from shelter.accounts.access import requires
from shelter.accounts.policy import Can, InfoClass
from shelter.audit import Action, reading
from shelter.http import Request, render_page
from sites.models import Bed, Site

# The tape chart shows what was before it shows what comes.
NIGHTS_BEFORE = 3
WEEK = timedelta(7)


@require_safe
@requires(Can.SEE_BEDS)
def beds(request: Request) -> HttpResponse:
    """The way to a site's board: straight there when the address names the site or there is only one."""
    sites = Site.objects.visible_to(request.user, Can.SEE_BEDS)
    if site := site_asked(request, sites):
        return redirect("residents:bed_board", site.slug)
    night = tonight()
    houses = [each for each in sites_on(night, sites.open_on(night)) if each.houses_people]
    if len(houses) == 1:
        return redirect("residents:bed_board", houses[0].site.slug)
    return render(request, "residents/beds.html", {"houses": houses, "night": night})


@require_safe
@requires(Can.SEE_BEDS)
def bed_board(request: Request, site: str) -> HttpResponse:
    """The plan of a site on one night. Only one section is drawn; the others open by their own address."""
    place, night = _place(request, site), night_asked(request)
    board = _board(request, place, night)
    show = Show(asked) if (asked := request.GET.get("show", "")) in set(Show) else Show.ALL
    shown = board.only(show)
    section = _section(request, shown)
    stays = [bed.stay for bed in section.beds if bed.stay] if section else []
    who = boards.names([*stays, *board.unplaced], user=request.user, site=place)
    _read(request, who, place)
    access = request.user.access
    context = {
        "site": place,
        "night": night,
        "is_tonight": night == tonight(),
        "board": board,
        "show": show,
        "filters": [(each, board.count(each)) for each in Show],
        "sections": shown.sections,
        "open": section,
        "who": who,
        "unplaced": [who[stay] for stay in board.unplaced if stay in who],
        "bed_query": query_of(night),
        "nights_url": _nights_url(place, section, night - timedelta(NIGHTS_BEFORE)) if section else "",
        "may_see_states_only": not access.may(Can.SEE_TONIGHT, place.pk),
        "may_see_nights": access.may(Can.SEE_BED_NIGHTS, place.pk),
        "may_see_names": access.may(Can.SEE_FIRST_NAMES, place.pk),
        "may_admit": access.may(Can.ADMIT, place.pk),
        "may_move": access.may(Can.MOVE, place.pk),
        "day_before": night - timedelta(1),
        "day_after": night + timedelta(1),
        "kept": {name: request.GET[name] for name in ("floor", "show") if name in request.GET},
    }
    return render_page(request, "residents/bed_board.html", context, part="section")


@require_safe
@requires(Can.SEE_BED_NIGHTS)
def bed_nights(request: Request, site: str) -> HttpResponse:
    """The tape chart of one section: fourteen nights, a row for each bed."""
    place = get_object_or_404(Site.objects.visible_to(request.user, Can.SEE_BED_NIGHTS), slug=site)
    first = night_asked(request, "from", default=tonight() - timedelta(NIGHTS_BEFORE))
    board = boards.bed_board(place, tonight())
    section = _section(request, board)
    chart = boards.tape(section, first) if section else None
    who = boards.names(chart.stays, user=request.user, site=place) if chart else {}
    _read(request, who, place)
    context = {
        "site": place,
        "sections": board.sections,
        "open": section,
        "tape": chart,
        "who": who,
        "tonight": tonight(),
        "earlier": _nights_url(place, section, first - WEEK) if section else "",
        "around_tonight": _nights_url(place, section, tonight() - timedelta(NIGHTS_BEFORE)) if section else "",
        "later": _nights_url(place, section, first + WEEK) if section else "",
    }
    return render_page(request, "residents/bed_nights.html", context, part="tape")


@require_safe
@requires(Can.SEE_FIRST_NAMES)
def night_list(request: Request, site: str) -> HttpResponse:
    """A sheet to print for the night: bed, first name and initial, nothing else (field guide §2)."""
    place = get_object_or_404(Site.objects.visible_to(request.user, Can.SEE_FIRST_NAMES), slug=site)
    night = night_asked(request)
    board = _board(request, place, night)
    who = boards.short_names([*board.sleepers, *board.unplaced], site=place)
    _read(request, who, place, action=Action.PRINT)
    floors = [(section.name, _listed(section, who)) for section in board.sections]
    if board.unplaced:
        floors.append((_("Without a bed"), [("–", who[stay].name) for stay in board.unplaced]))
    context = {
        "site": place,
        "night": night,
        "floors": [(name, rows) for name, rows in floors if rows],
        "listed": len(who),
    }
    return render(request, "residents/night_list.html", context)


def _listed(section: Section, who: Mapping[int, Who]) -> list[tuple[str, str]]:
    return [
        (f"{room.name}-{bed.label}", who[bed.stay].name)
        for room in section.rooms
        for bed in room.beds
        if bed.stay in who
    ]


@require_safe
@requires(Can.SEE_BEDS)
def bed(request: Request, bed: UUID) -> HttpResponse:
    """One bed on one night, and what can be done with it."""
    beds = Bed.objects.visible_to(request.user, Can.SEE_BEDS).select_related("room__site")
    found = get_object_or_404(beds, public_id=bed)
    place, night, access = found.room.site, night_asked(request), request.user.access
    _check_night(request, place, night)
    seen = boards.bed_on_night(found, night)
    if not access.may(Can.SEE_TONIGHT, place.pk):
        seen = boards.without_people(seen)
    who = boards.names([seen.stay] if seen.stay else [], user=request.user, site=place)
    _read(request, who, place)
    context = {
        "site": place,
        "bed": found,
        "seen": seen,
        "night": night,
        "is_tonight": night == tonight(),
        "bed_query": query_of(night),
        "who": who,
        "person": who.get(seen.stay),
        "may_admit": access.may(Can.ADMIT, place.pk),
        "may_move": access.may(Can.MOVE, place.pk),
        "may_depart": access.may(Can.DEPART, place.pk),
    }
    return render(request, "residents/bed.html", context)


def _read(request: Request, who: Mapping[int, Who], site: Site, *, action: Action = Action.LIST) -> None:
    """Record whom the page names."""
    reading(request, InfoClass.IDENTITY, [one.person_id for one in who.values()], action=action, site=site)


def _place(request: Request, slug: str) -> Site:
    return get_object_or_404(Site.objects.visible_to(request.user, Can.SEE_BEDS), slug=slug)


def _check_night(request: Request, site: Site, night: date) -> None:
    """Roles limited to tonight see no other night."""
    if night != tonight() and not request.user.access.may(Can.SEE_OTHER_NIGHTS, site.pk):
        raise PermissionDenied


def _board(request: Request, site: Site, night: date) -> Board:
    """The board as this user may know it."""
    _check_night(request, site, night)
    board = boards.bed_board(site, night)
    return board if request.user.access.may(Can.SEE_TONIGHT, site.pk) else boards.board_without_people(board)


def _section(request: Request, board: Board) -> Section | None:
    """The section that ``?floor=`` names, the first by default; None where nothing is to be shown."""
    if key := request.GET.get("floor"):
        for section in board.sections:
            if section.key == key:
                return section
        raise Http404
    return board.sections[0] if board.sections else None


def _nights_url(site: Site, section: Section, first: date) -> str:
    address = reverse("residents:bed_nights", args=(site.slug,))
    return f"{address}?{urlencode({'floor': section.key, 'from': first.isoformat()})}"
