"""A night carries the date of its evening; what happens before six in the morning belongs to the evening before."""

from datetime import date, datetime, timedelta

from django.utils import timezone

MORNING_HOUR = 6


def night_of(moment: datetime) -> date:
    """The night an aware ``moment`` belongs to, in Brussels time (field guide §5.1)."""
    return (timezone.localtime(moment) - timedelta(hours=MORNING_HOUR)).date()


def tonight() -> date:
    return night_of(timezone.now())
