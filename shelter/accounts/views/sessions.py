"""Signed-in browsers: one's own, a colleague's, a whole site's."""

from uuid import UUID

from allauth.account.views import logout as allauth_logout
from django.apps import apps
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shelter.accounts import sessions
from shelter.accounts.access import open_to, requires
from shelter.accounts.models import User
from shelter.accounts.policy import Can
from shelter.audit import Action, record
from shelter.http import Request, go_to, render_page
from shelter.ui.toasts import done


@open_to("everyone")
def sign_out(request: HttpRequest) -> HttpResponse:
    """allauth's, and the browser forgets what it kept (B12)."""
    response: HttpResponse = allauth_logout(request)
    if request.method == "POST":
        response.headers["Clear-Site-Data"] = sessions.CLEAR
    return response


@require_safe
@open_to("signed in")
def time_left(request: Request) -> JsonResponse:
    """For the page to announce the end. Asked by a person who wants to stay, it prolongs; with ``X-Poll`` it does not."""
    return JsonResponse({"seconds": sessions.seconds_left(request)})


@require_safe
@open_to("signed in")
def my_sessions(request: Request) -> HttpResponse:
    context = {"sessions": request.user.sessions.all(), "here": request.session.session_key}
    return render_page(request, "accounts/sessions.html", context)


@require_POST
@open_to("signed in")
def end_session(request: Request, session: UUID) -> HttpResponse:
    found = get_object_or_404(request.user.sessions, public_id=session)
    sessions.end(found)
    record(Action.REVOKE, about=found)
    done(request, _("“%(device)s” is signed out.") % {"device": found})
    return go_to(request, "accounts:sessions")


@require_POST
@open_to("signed in")
def end_other_sessions(request: Request) -> HttpResponse:
    sessions.end_others(request)
    record(Action.REVOKE, about=request.user)
    done(request, _("All other devices are signed out."))
    return go_to(request, "accounts:sessions")


@require_POST
@requires(Can.MANAGE_TEAM)
def end_sessions_of(request: Request, member: UUID) -> HttpResponse:
    """A telephone was lost, somebody left in anger: the colleague is signed out everywhere."""
    colleague = get_object_or_404(User.objects.visible_to(request.user, Can.MANAGE_TEAM), public_id=member)
    sessions.end_all([colleague])
    record(Action.REVOKE, about=colleague)
    done(request, _("%(name)s is signed out everywhere.") % {"name": colleague})
    return go_to(request, "accounts:member", member=member)


@require_http_methods(["GET", "POST"])
@requires(Can.MANAGE_TEAM)
def sign_out_site(request: Request, site: str) -> HttpResponse:
    """Panic: everyone who works at the site is signed out at their next request, whoever asks for it too."""
    of_house = apps.get_model("sites.Site").objects  # of a higher app, which we do not import
    found = get_object_or_404(of_house.visible_to(request.user, Can.MANAGE_TEAM), slug=site)
    if request.method == "POST":
        sessions.end_all(User.objects.get_queryset().filter(memberships__in=found.memberships.valid()).distinct())
        record(Action.REVOKE, about=found, site=found)
        return go_to(request, "account_login")
    return render_page(request, "accounts/sign_out_site.html", {"site": found})
