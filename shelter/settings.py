"""Settings, read from the environment: .env.example says what each name is for."""

from pathlib import Path

import pghistory
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF

from shelter.environment import (
    cache_from,
    database_from,
    env_flag,
    env_number,
    env_text,
    mail_from,
    microsoft_from,
    other_database,
)

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env_text("VAR_DIR", str(BASE_DIR / "var"))).resolve()

# A demonstration: fictional people, sign-ins anyone may read. Never beside a real house's data.
DEMO = env_flag("DEMO", default=False)
DEBUG = env_flag("DEBUG", default=False)
SECRET_KEY = env_text("SECRET_KEY")
SECRET_KEY_FALLBACKS = [key for key in env_text("SECRET_KEY_FALLBACKS", "").split(",") if key]
VAULT_KEYS = env_text("VAULT_KEYS")  # wraps the keys of what is encrypted in the database and on disk
READYZ_TOKEN = env_text("READYZ_TOKEN", "")

ROOT_URLCONF = "shelter.urls"
WSGI_APPLICATION = "shelter.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "csp",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "template_partials",
    "shelter",
    "shelter.accounts",
    "shelter.audit",
    "shelter.exports",
    "shelter.ui",
    "shelter.vault",
    "sites",
    "residents",
    "casework",
    "shelter.imports",
    "shelter.demo",
]

MIDDLEWARE = [
    "shelter.logs.request_ids",
    # Before all that may answer by itself, so that redirects, refusals and static files carry these headers too.
    "shelter.headers.security_headers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "shelter.headers.known_methods",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shelter.accounts.sessions.session_limits",
    "shelter.ui.language.user_language",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "shelter.audit.middleware.refusals",
    "shelter.accounts.second_factor.SecondFactorMiddleware",
    "shelter.identity.IdentityMiddleware",
    "shelter.accounts.door.DoorMiddleware",
    "shelter.audit.middleware.readings",
    "shelter.accounts.drafts.forget_what_was_sent",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Database. The application serves pages and jobs as a role that owns nothing and sees what its user may see;
# migrations run as the owner, commands of the house as maintenance (manage.py says so by DATABASE_AS).
APP_DATABASE = database_from(env_text("DATABASE_URL"), name="DATABASE_URL")
OWNER_DATABASE = database_from(env_text("DATABASE_OWNER_URL", env_text("DATABASE_URL")), name="DATABASE_OWNER_URL")
MAINTENANCE_DATABASE = database_from(
    env_text("DATABASE_MAINTENANCE_URL", env_text("DATABASE_URL")), name="DATABASE_MAINTENANCE_URL"
)
_DATABASE = {"app": APP_DATABASE, "owner": OWNER_DATABASE, "maintenance": MAINTENANCE_DATABASE}[
    env_text("DATABASE_AS", "app")
]
# Nobody waits for ever: pages set STATEMENT_SECONDS (wsgi.py), jobs and commands may take their time.
_LIMITS = f"-c lock_timeout=5s -c statement_timeout={env_number('STATEMENT_SECONDS', 0)}s"
DATABASES = {
    "default": {
        **_DATABASE,
        "OPTIONS": {**_DATABASE["OPTIONS"], "options": _LIMITS},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    },
}
# History of writes, by triggers: before, after, who, in which request.
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()  # on each version, so that what guards the version guards it
PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Valkey or Redis: jobs in one database, the cache in the next.
CELERY_BROKER_URL = env_text("BROKER_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": cache_from(other_database(CELERY_BROKER_URL, 1)),
    },
}

# Jobs. A job is acknowledged when it is done, so that one cut short is delivered again: at once when only its process
# died, after the visibility timeout when the worker went with it (`shelter.imports` looks after its own jobs sooner).
# A job may run for less than half of that time: longer work is cut into chunks. Results and progress are rows of ours.
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 5,  # the sweep for those, in seconds; kombu's own defaults make it 100
    "unacked_restore_throttle": 1,
}
CELERY_TASK_TIME_LIMIT, CELERY_TASK_SOFT_TIME_LIMIT = 440, 420
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "Europe/Brussels"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # a long job does not hold others back
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5  # then a running job goes back to the broker
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600_000  # KiB
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "seal the record": {"task": "shelter.audit.tasks.seal", "schedule": 30},
    "note readings that ask for an explanation": {"task": "residents.tasks.note_readings", "schedule": 600},
    "publish the head of the record": {"task": "shelter.audit.tasks.publish", "schedule": crontab(hour=6, minute=10)},
    "remove the record of two years ago": {
        "task": "shelter.audit.tasks.retire",
        "schedule": crontab(hour=3, minute=20),
    },
    "end the sessions of those who left": {"task": "shelter.accounts.tasks.end_sessions_of_leavers", "schedule": 30},
    "suspend accounts that nobody uses": {
        "task": "shelter.accounts.tasks.look_after_accounts",
        "schedule": crontab(hour=3, minute=25),
    },
    "hand over imports that a lost broker forgot": {"task": "shelter.imports.tasks.dispatch", "schedule": 10},
    "hand over exports that a lost broker forgot": {"task": "shelter.exports.tasks.dispatch", "schedule": 10},
    "destroy exported files whose day is over": {"task": "shelter.exports.tasks.expire", "schedule": 60},
    "remove what exports that came to nothing left": {
        "task": "shelter.exports.tasks.sweep",
        "schedule": crontab(hour=3, minute=45),
    },
    "remove what uploads that came to nothing left": {
        "task": "casework.tasks.sweep_documents",
        "schedule": crontab(hour=3, minute=35),
    },
    "destroy imported files whose time is over": {
        "task": "shelter.imports.tasks.purge",
        "schedule": crontab(hour=3, minute=40),
    },
}
CELERY_BEAT_SCHEDULER = "shelter.celery:HeartbeatScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

# Sign-in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["shelter.accounts.door.HouseBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation is bound to its address, and accepting it proves the address
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_ADAPTER = "shelter.accounts.adapter.HouseAccountAdapter"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "login": "shelter.accounts.sign_in.SignInForm",
    "reset_password": "shelter.accounts.sign_in.ResetForm",
    "reset_password_from_key": "shelter.accounts.sign_in.NewPassphraseForm",
    "change_password": "shelter.accounts.sign_in.ChangeForm",
}
# Second factor: an app with codes or a passkey that checks its holder. Recovery codes stand in for a lost one.
MFA_ADAPTER = "shelter.accounts.second_factor.HouseMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # half a minute either way, for clocks of old phones
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_FORMS = {
    "authenticate": "shelter.accounts.sign_in.CodeForm",
    "reauthenticate": "shelter.accounts.sign_in.ConfirmForm",
    "activate_totp": "shelter.accounts.sign_in.AppForm",
    "add_webauthn": "shelter.accounts.sign_in.PasskeyForm",
    "login_webauthn": "shelter.accounts.sign_in.SignInByPasskeyForm",
}
# Limits, in the cache that all processes share: wrong passphrases by account and by address of the network, resets (B5).
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key,10/m/ip", "reset_password": "3/h/ip,3/h/key"}
# Microsoft 365, by OpenID Connect with one tenant; empty without one.
MICROSOFT = microsoft_from(env_text("MICROSOFT_TENANT", ""))
SOCIALACCOUNT_ADAPTER = "shelter.accounts.microsoft.HouseSocialAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
ALLAUTH_TRUSTED_PROXY_COUNT = env_number("TRUSTED_PROXIES", 0)
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "shelter.accounts.passwords.NotTooLong"},
    {"NAME": "shelter.accounts.passwords.NotSoonGuessed"},
    {"NAME": "sites.passwords.NoNameOfTheHouse"},
]

# Languages
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("nl", "Nederlands"), ("en", "English")]  # each in its own words
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "shelter.formats"
TIME_ZONE = "Europe/Brussels"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# Static files. Third-party assets are in static/vendor, fetched by `make setup`.
STATIC_URL = "/static/"
STATIC_ROOT = Path(env_text("STATIC_ROOT", str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR_DIR / "media"  # encrypted files; no URL leads here
SCANNER = env_text("SCANNER", "")  # a command that reads a file and says whether it is infected

# Mail
for _name, _value in mail_from(env_text("MAIL_URL"), name="MAIL_URL").items():
    globals()[_name] = _value
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env_text("MAIL_FROM", "Maisonnée <noreply@localhost>")

AUDIT_HEAD_TO = [address for address in env_text("AUDIT_HEAD_TO", "").split(",") if address]

# Browser: security headers. `HTTPS=no` is for a house on one's own machine only.
HTTPS = env_flag("HTTPS", default=True)
ALLOWED_HOSTS = [host.strip() for host in env_text("ALLOWED_HOSTS").split(",")]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by the containers themselves, inside
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
COOKIE_PREFIX = "__Host-" if HTTPS else "maisonnee-"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}session", f"{COOKIE_PREFIX}csrf"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
CSRF_FAILURE_VIEW = "shelter.ui.errors.csrf_failure"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 12 * 60 * 60  # and less when nobody is there: shelter/accounts/sessions.py
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],  # Bootstrap draws its check marks from data: URLs in its style sheet
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "report-uri": ["/reports/violation"],
    },
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "shelter.logs.JsonLines"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json" if HTTPS else "line"}},
    "root": {"handlers": ["console"], "level": env_text("LOG_LEVEL", "INFO")},
    # Below that it repeats addresses that nobody made, with whatever was typed into them; shelter.ui.errors says enough.
    "loggers": {"django.request": {"level": "ERROR"}},
}
