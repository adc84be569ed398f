"""Every answer carries the headers that keep a browser to its own house, whoever gives it (E1, E2, E6)."""

import html
import json
import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from shelter.accounts.access import open_to
from shelter.accounts.policy import Role
from tests.factories import make_user

VERSION = re.compile(rb"gunicorn/|Django/|Python/|\b\d+\.\d+\.\d+\b")


def failing(request):
    raise RuntimeError("planted")


def large(request):
    return HttpResponse(request.body)


open_failing, open_large = open_to("everyone")(failing), open_to("everyone")(large)
urlpatterns = [path("fails/", open_failing), path("large/", open_large), path("", include("shelter.urls"))]
handler500, handler400 = "shelter.ui.errors.server_error", "shelter.ui.errors.bad_request"


def planted_middleware(get_response):
    def middleware(request):
        if "broken" in request.GET:
            raise RuntimeError("planted")
        return get_response(request)

    return middleware


@pytest.fixture
def ask(settings, db):
    """One answer of each kind, by those who give it: view, static files, redirect, refusal, error page, middleware."""
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.planted_middleware"]
    settings.WHITENOISE_USE_FINDERS = True
    settings.SECURE_SSL_REDIRECT = settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_HSTS_SECONDS = 31_536_000  # as with HTTPS=yes; tests/house/test_production.py looks at the real one
    client = Client(raise_request_exception=False)
    signed_in = Client(enforce_csrf_checks=True)
    signed_in.force_login(make_user(Role.NIGHT_WATCH))

    return {
        "a page": lambda: client.get("/account/login/", secure=True),
        "tonight": lambda: signed_in.get("/", secure=True),
        "a refused page": lambda: signed_in.get("/team/", secure=True),
        "no page": lambda: client.get("/nothing/", secure=True),
        "a form without token": lambda: signed_in.post("/", secure=True),
        "a redirect to sign in": lambda: client.get("/", secure=True),
        "a redirect to https": lambda: client.get("/account/login/"),
        "a redirect to the slash": lambda: client.get("/people", secure=True),
        "a static file": lambda: client.get("/static/css/base.css", secure=True),
        "no static file": lambda: client.get("/static/nothing.css", secure=True),
        "health": lambda: client.get("/healthz", secure=True),
        "readiness": lambda: client.get("/readyz", secure=True),
        "a report": lambda: client.post("/reports/violation", b"{", content_type="application/json", secure=True),
        "a view that fails": lambda: client.get("/fails/", secure=True),
        "middleware that fails": lambda: client.get("/healthz?broken", secure=True),
        "too much": lambda: client.post("/large/", b"a" * 3_000_000, content_type="text/plain", secure=True),
        "another host": lambda: client.get("/account/login/", secure=True, headers={"host": "elsewhere.example"}),
        "TRACE": lambda: client.trace("/", secure=True),
        "a made-up method": lambda: client.generic("BREW", "/", secure=True),
        "OPTIONS": lambda: client.options("/healthz", secure=True),
    }


def read(response):
    return response, b"".join(response.streaming_content) if response.streaming else response.content


STATUS = {
    "a view that fails": 500,
    "middleware that fails": 500,
    "too much": 413,
    "another host": 400,
    "TRACE": 405,
    "a made-up method": 405,
    "a redirect to https": 301,
    "a static file": 200,
    "a refused page": 403,
    "a form without token": 403,
    "no page": 404,
}


def test_every_answer_carries_the_headers(ask):
    for kind, answer in ask.items():
        response, _content = read(answer())
        assert response.status_code == STATUS.get(kind, response.status_code), kind
        policy = dict(part.strip().partition(" ")[::2] for part in response["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'none'", kind
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'", kind
        assert policy["form-action"] == policy["connect-src"] == "'self'", kind
        assert policy["report-uri"] == "/reports/violation", kind
        assert "unsafe" not in response["Content-Security-Policy"], kind
        assert response["X-Content-Type-Options"] == "nosniff", kind
        assert response["Referrer-Policy"] == "no-referrer", kind
        assert response["Cross-Origin-Opener-Policy"] == "same-origin", kind
        assert response["Cross-Origin-Resource-Policy"] == "same-origin", kind
        assert response["Permissions-Policy"].count("=()") > 20, kind
        if kind != "a redirect to https":  # browsers heed it over TLS alone
            assert response["Strict-Transport-Security"].startswith("max-age=31536000; includeSubDomains"), kind
        if "static" not in kind:
            assert "no-store" in response["Cache-Control"], kind


def test_no_answer_tells_what_it_runs_on(ask):
    for kind, answer in ask.items():
        response, content = read(answer())
        assert "Server" not in response.headers, kind
        assert "X-Powered-By" not in response.headers, kind
        if "static" not in kind:
            assert not re.search(rb"Traceback|planted|Error\b", content), kind
            assert not VERSION.search(content), kind


def test_debug_is_off_unless_asked_for(settings):
    assert settings.DEBUG is False


@pytest.mark.parametrize("name", ["SESSION_COOKIE", "CSRF_COOKIE", "LANGUAGE_COOKIE"])
def test_no_script_reads_a_cookie_and_no_other_site_sends_it(settings, name):
    assert getattr(settings, f"{name}_HTTPONLY") is True
    assert getattr(settings, f"{name}_SAMESITE") in {"Lax", "Strict"}
    assert getattr(settings, f"{name}_SECURE") is settings.HTTPS
    assert getattr(settings, f"{name}_NAME").startswith("__Host-" if settings.HTTPS else "maisonnee-")


def test_htmx_runs_no_code_and_speaks_to_nobody_else(client, db):
    page = client.get("/account/login/").content.decode()
    config = json.loads(html.unescape(re.search(r'name="htmx-config" content=\'(.*?)\'', page)[1]))
    assert config["allowEval"] is config["allowScriptTags"] is config["includeIndicatorStyles"] is False
    assert config["selfRequestsOnly"] is True
    assert config["historyCacheSize"] == 0
