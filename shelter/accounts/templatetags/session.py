"""How long the page may stay on the screen, for ``js/session.js``."""

from django import template
from django.template import Context

from shelter.accounts.sessions import idle_limit, seconds_left

register = template.Library()


@register.simple_tag(takes_context=True)
def session_times(context: Context) -> dict[str, int]:
    request = context["request"]
    return {"left": seconds_left(request), "idle": idle_limit(request)}
