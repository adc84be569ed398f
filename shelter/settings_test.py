"""What tests change: real PostgreSQL and Valkey, but nothing kept and nothing sent."""

import os

from shelter.embedded import ensure
from shelter.embedded.lease import be_local

ensure()
be_local()
os.environ["DATABASE_AS"] = "owner"  # creates and migrates the test database; tests/conftest.py then becomes the app

from shelter.environment import cache_from, other_database
from shelter.settings import *
from shelter.settings import CACHES, CELERY_BROKER_URL, DATABASES, STORAGES

WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
CACHES["default"]["LOCATION"] = cache_from(other_database(CELERY_BROKER_URL, 3 + 2 * WORKER))
CELERY_BROKER_URL = other_database(CELERY_BROKER_URL, 2 + 2 * WORKER)
DATABASES["default"]["CONN_MAX_AGE"] = 0
DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_AUTOREFRESH = True
