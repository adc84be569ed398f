"""Sessions: how long they last, what they are called, who ends them (B10, B11, A14)."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.backends.cached_db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.db import connection, transaction
from django.db.models import BooleanField, F, Func
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from shelter.accounts.models import User, UserSession
from shelter.http import Request
from shelter.identity import acting_as

LONGEST = 12 * 60 * 60
IDLE, IDLE_SHARED = 30 * 60, 10 * 60
NOTED_EVERY = 60  # seconds between two writes of "last seen"
POLL = "X-Poll"  # header of requests that a page makes by itself: nobody is there because of them
STARTED, SEEN, SHARED = "started_at", "seen_at", "shared_post"  # what the session holds
CLEAR = '"cache", "storage"'  # not "cookies": the language of the device stays, and the session is gone anyway


def session_limits(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, just behind AuthenticationMiddleware: ends what is over, notes who is there."""

    def middleware(request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        is_over = request.user.is_authenticated and not _goes_on(request)
        if is_over:
            with acting_as(request.user.pk):
                logout(request)
        response = get_response(request)
        if request.user.is_authenticated and key != request.session.session_key:
            with acting_as(request.user.pk):
                UserSession.objects.filter(session_key=key).update(session_key=request.session.session_key)
        return _to_sign_in(request, response, is_over=is_over)

    return middleware


def seconds_left(request: HttpRequest) -> int:
    """Until this session ends, if nobody does anything."""
    session = request.session
    return int(min(session.get(SEEN, 0) + idle_limit(request), session.get(STARTED, 0) + LONGEST) - time.time())


def idle_limit(request: HttpRequest) -> int:
    return IDLE_SHARED if request.session.get(SHARED) else IDLE


def _goes_on(request: HttpRequest) -> bool:
    """Whether the session goes on. A person who acts prolongs it; a page that asks by itself does not."""
    if seconds_left(request) <= 0:
        return False
    now = time.time()
    if POLL in request.headers or now - request.session[SEEN] < NOTED_EVERY:
        return True
    request.session[SEEN] = now
    # No row: it was ended, and the cache had not heard.
    with acting_as(request.user.pk):
        mine = UserSession.objects.filter(session_key=request.session.session_key)
        return bool(mine.update(seen_at=timezone.now()))


def _to_sign_in(request: HttpRequest, response: HttpResponse, *, is_over: bool) -> HttpResponse:
    """Who is asked to sign in sees the whole page do so, never a part of it; and why, when time has run out."""
    sign_in = resolve_url(settings.LOGIN_URL)
    if response.status_code != 302 or not response.headers["Location"].startswith(f"{sign_in}?"):
        return response
    place = request.get_full_path()
    htmx = request.headers.get("HX-Request")
    if htmx:
        url = urlsplit(request.headers.get("HX-Current-URL", "/"))
        place = f"{url.path}?{url.query}" if url.query else url.path
    address = f"{sign_in}?{urlencode({'next': place} | ({'ended': 'time'} if is_over else {}))}"
    answer = HttpResponseClientRedirect(address) if htmx else HttpResponseRedirect(address)
    if is_over:
        answer.headers["Clear-Site-Data"] = CLEAR
    return answer


@receiver(user_logged_in)
def begin(request: HttpRequest, user: User, **_kwargs: object) -> None:
    session = request.session
    session[STARTED] = session[SEEN] = time.time()
    if session.session_key is None:
        session.save()
    address = get_adapter().get_client_ip(request) if request.META.get("REMOTE_ADDR") else None
    said = {"user": user, "device": device_of(request.headers.get("User-Agent", "")), "address": address}
    said |= {"is_shared": bool(session.get(SHARED)), "started_at": timezone.now(), "seen_at": timezone.now()}
    UserSession.objects.update_or_create(said, session_key=session.session_key)


@receiver(user_logged_out)
def finish(request: HttpRequest, **_kwargs: object) -> None:
    UserSession.objects.filter(session_key=request.session.session_key).delete()


def device_of(user_agent: str) -> str:
    """``Firefox, Windows``: enough to recognise one's own."""
    browsers = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
    systems = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "Mac"}
    systems |= {"CrOS": "Chromebook", "Linux": "Linux"}
    found = (next((name for mark, name in names.items() if mark in user_agent), "") for names in (browsers, systems))
    return ", ".join(name for name in found if name) or "?"


@transaction.atomic
def end(session: UserSession) -> None:
    """One browser is signed out at its next request."""
    _forget([session])


@transaction.atomic
def end_others(request: Request) -> None:
    """Everywhere but here."""
    _forget(request.user.sessions.exclude(session_key=request.session.session_key))


@transaction.atomic
def end_all(users: Iterable[User]) -> None:
    """These people are signed out everywhere at their next request, whatever the cache says."""
    ids = [user.pk for user in users]
    User.objects.get_queryset().filter(pk__in=ids).update(session_generation=F("session_generation") + 1)
    UserSession.objects.filter(user__in=ids).delete()


def _forget(sessions: Iterable[UserSession]) -> None:
    keys = [session.session_key for session in sessions]
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    # After the commit: a request in between would put the session back.
    cache = caches[settings.SESSION_CACHE_ALIAS]
    transaction.on_commit(lambda: cache.delete_many([f"{SessionStore.cache_key_prefix}{key}" for key in keys]))


def may_come_in(user: str) -> Func:
    """Whether the user of this column has a role now, or an invitation to accept: asked before anybody is known."""
    return Func(user, function="accounts_may_come_in", output_field=BooleanField())


def end_of_leavers() -> None:
    """Whoever has no role any more: the period, or the shift, is over."""
    _as_nobody("SELECT accounts_sign_out_leavers()")


def forget_old() -> None:
    """Sessions that nobody ended, once they are too old to open anything."""
    _as_nobody("SELECT accounts_forget_sessions(%s)", timezone.now() - timedelta(seconds=LONGEST))
    SessionStore.clear_expired()


def _as_nobody(statement: str, *arguments: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
