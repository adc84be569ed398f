"""What an address asks for beyond its path: the night."""

from datetime import date

from django.http import Http404

from residents.nights import tonight
from shelter.accounts.policy import Can
from shelter.http import Request


def night_asked(request: Request, name: str = "night", *, default: date | None = None) -> date:
    """The night of ``?night=2026-11-21``; ``default``, else tonight, when none is asked. 404 for what is no date."""
    text = request.GET.get(name)
    if not text:
        return default or tonight()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


def right_to_see(night: date) -> Can:
    return Can.SEE_TONIGHT if night == tonight() else Can.SEE_OTHER_NIGHTS


def query_of(night: date) -> str:
    """What an address adds to stay on this night; nothing for tonight."""
    return "" if night == tonight() else f"?night={night.isoformat()}"
