"""The workers' way in: ``celery -A shelter worker``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shelter.settings")

app = Celery("shelter")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
