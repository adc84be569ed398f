"""What an address asks for beyond its path: the night."""

from datetime import date

from django.http import Http404
from django.shortcuts import get_object_or_404

from residents.nights import as_day, tonight
from shelter.accounts.policy import Can
from shelter.http import Request
from sites.models import Site
from sites.querysets import SiteQuerySet


def night_asked(request: Request, name: str = "night", *, default: date | None = None) -> date:
    """The night of ``?night=2026-11-21``; ``default``, else tonight, when none is asked. 404 for what is no day of ours."""
    text = request.GET.get(name)
    if not text:
        return default or tonight()
    night = as_day(text)
    if night is None:
        raise Http404
    return night


def site_asked(request: Request, sites: SiteQuerySet) -> Site | None:
    """The site of ``?site=casa-tamam``; None when none is asked. 404 for one that is not among ``sites``."""
    slug = request.GET.get("site")
    if not slug:
        return None
    if "\0" in slug:  # PostgreSQL takes no such text
        raise Http404
    return get_object_or_404(sites, slug=slug)


def right_to_see(night: date) -> Can:
    return Can.SEE_TONIGHT if night == tonight() else Can.SEE_OTHER_NIGHTS


def query_of(night: date) -> str:
    """What an address adds to stay on this night; nothing for tonight."""
    return "" if night == tonight() else f"?night={night.isoformat()}"
