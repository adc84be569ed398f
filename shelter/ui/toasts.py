"""Messages shown after an action, with the way back where there is one (undo rather than confirm)."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise


def done(request: HttpRequest, text: str | Promise, *, undo: str = "") -> None:
    """Say what happened. ``undo`` is an address that takes it back by POST; the message then stays 12 seconds."""
    messages.success(request, str(text), extra_tags=undo)
