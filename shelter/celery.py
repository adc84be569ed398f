"""The workers' way in: ``celery -A shelter worker`` and ``celery -A shelter beat``."""

import os
from time import monotonic
from typing import Any

from celery import Celery
from celery.beat import PersistentScheduler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shelter.settings")

app = Celery("shelter")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

BEAT_KEY = "beat"
BEAT_EVERY, BEAT_LIVES = 5, 30  # seconds


class HeartbeatScheduler(PersistentScheduler):
    """Beat, leaving a sign of life in the cache. A scheduled task would be a sign of the worker as well."""

    max_interval = BEAT_EVERY
    _last = float("-inf")

    def tick(self, *args: Any, **kwargs: Any) -> float:
        from django.core.cache import cache

        if monotonic() - self._last >= BEAT_EVERY:
            cache.set(BEAT_KEY, value=True, timeout=BEAT_LIVES)
            self._last = monotonic()
        return min(super().tick(*args, **kwargs), BEAT_EVERY)
