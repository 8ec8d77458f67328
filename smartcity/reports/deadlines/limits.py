"""How long a limit lasts on the clock and in the calendar."""

from datetime import datetime, timedelta

from smartcity.core.calendar import calendar
from smartcity.reports.categories import Limit, Unit


def end_of(limit: Limit, start: datetime) -> datetime:
    """When a limit that begins now is over; one of working days as offices close on the last."""
    if limit.unit is Unit.WORKING_DAYS:
        return calendar().closing(start, limit.amount)
    if limit.unit is Unit.HOURS:
        return start + timedelta(hours=limit.amount)
    return start + timedelta(minutes=limit.amount)
