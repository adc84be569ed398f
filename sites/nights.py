"""A night carries the date of its evening; what happens before six in the morning belongs to the evening before."""

from datetime import date, datetime, timedelta

from django.utils import timezone

MORNING_HOUR = 6
# Days before and after these are slips; at the ends of the calendar there is no night before or after.
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2099, 12, 31)


def night_of(moment: datetime) -> date:
    """The night an aware ``moment`` belongs to, in Brussels time (field guide §5.1)."""
    return (timezone.localtime(moment) - timedelta(hours=MORNING_HOUR)).date()


def tonight() -> date:
    return night_of(timezone.now())
