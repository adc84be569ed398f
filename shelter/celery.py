"""The workers' way in: ``celery -A shelter worker`` and ``celery -A shelter beat``."""

import os
from time import monotonic
from typing import Any

from celery import Celery
from celery.beat import PersistentScheduler
from celery.signals import beat_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shelter.settings")

app = Celery("shelter")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def refuse_unsound_house(**_kwargs: object) -> None:
    """Celery runs Django's checks and drops what they say; of a receiver's errors, only an exit stops it."""
    from django.core.management.base import SystemCheckError

    from shelter.start import refuse_unsound_house

    try:
        refuse_unsound_house()
    except SystemCheckError as faults:
        raise SystemExit(str(faults)) from faults


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
