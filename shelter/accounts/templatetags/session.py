"""What pages say about signing in and staying signed in."""

from django import template
from django.conf import settings
from django.template import Context

from shelter.accounts.sessions import idle_limit, seconds_left

register = template.Library()


@register.simple_tag(takes_context=True)
def session_times(context: Context) -> dict[str, int]:
    """How long the page may stay on the screen, for ``js/session.js``."""
    request = context["request"]
    return {"left": seconds_left(request), "idle": idle_limit(request)}


@register.simple_tag
def has_microsoft() -> bool:
    return bool(settings.MICROSOFT)
