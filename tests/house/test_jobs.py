"""Jobs survive the death of whoever does them (G4). What a job may lose is shown in tests/imports/test_resilience.py."""

from celery import current_app
from django.conf import settings

VISIBILITY = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]


def test_a_job_ends_before_the_broker_could_give_it_to_a_second_worker():
    assert settings.CELERY_TASK_TIME_LIMIT < VISIBILITY / 2


def test_a_job_is_acknowledged_when_it_is_done_and_a_lost_one_looked_for_every_few_seconds():
    assert current_app.conf.task_acks_late
    assert current_app.conf.task_reject_on_worker_lost
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["unacked_restore_interval"] <= 10


def test_nothing_is_scheduled_further_ahead_than_the_broker_keeps_it():
    intervals = [entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    assert all(interval <= VISIBILITY for interval in intervals if isinstance(interval, int | float))
