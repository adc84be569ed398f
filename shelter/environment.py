"""Typed readers of the environment. What is missing or unreadable stops the start with a sentence that names it."""

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SOCKET = "redis+socket"
YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def env_text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name) or default
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. .env.example says what it is for.")
    return value


def env_flag(name: str, *, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() not in YES | NO:
        raise ImproperlyConfigured(f"{name} must be yes or no, and is {value!r}.")
    return value.lower() in YES


def env_number(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, and is {value!r}.")
    return int(value)


def database_from(url: str, *, name: str) -> dict[str, Any]:
    """``postgresql://user:password@host:port/database?host=/socket/folder&sslmode=…`` as Django wants it.

    ``name`` is the variable it came from, for the message. Anything after the ``?`` but ``host`` is libpq's.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must look like postgresql://user:password@host:5432/database.")
    options: dict[str, object] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def mail_from(url: str, *, name: str) -> dict[str, object]:
    """``smtp://user:password@host:587`` (STARTTLS), ``smtps://…`` (TLS from the first byte), or ``console:``."""
    parts = urlsplit(url)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured(f"{name} must look like smtp://user:password@host:587, or be console:")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp",
    }


def other_database(url: str, step: int) -> str:
    """The same server, ``step`` databases further: jobs, cache and each process of the tests keep apart."""
    parts = urlsplit(url)
    if parts.scheme == SOCKET:
        number = int(dict(parse_qsl(parts.query)).get("virtual_host", 0))
        return f"{SOCKET}://{parts.path}?virtual_host={number + step}"
    return parts._replace(path=f"/{int(parts.path.strip('/') or 0) + step}").geturl()


def cache_from(broker_url: str) -> str:
    """Celery and redis-py agree on ``redis://`` and ``rediss://``, but write a socket each in its own way."""
    parts = urlsplit(broker_url)
    if parts.scheme != SOCKET:
        return broker_url
    return f"unix://{parts.path}?db={dict(parse_qsl(parts.query)).get('virtual_host', 0)}"


def microsoft_from(tenant: str) -> dict[str, str]:
    """The tenant's issuer and the house's registration there; nothing without a tenant."""
    if not tenant:
        return {}
    return {
        "tenant": tenant,
        "issuer": f"https://login.microsoftonline.com/{tenant}/v2.0",
        "client_id": env_text("MICROSOFT_CLIENT_ID"),
        "secret": env_text("MICROSOFT_CLIENT_SECRET"),
    }
