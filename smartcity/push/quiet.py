"""Whether it is quiet now, and until when: by the device's own hours, or the province's."""

from datetime import UTC, datetime, timedelta

from smartcity.core.clock import LOCAL
from smartcity.push.categories import rules
from smartcity.push.hours import Hours, minute

_DAY = 24 * 60


def ends_at(device_quiet: tuple[int | None, int | None], now: datetime) -> datetime | None:
    """When a device's quiet hours that it is now end, in UTC; None when it is none.

    `device_quiet`: its `quiet_from` and `quiet_to`; a null is the province's.
    """
    begin, end = device_quiet
    if begin is None or end is None:
        return province_quiet_ends(now)
    return _ends((begin, end), now)


def province_quiet_ends(now: datetime) -> datetime | None:
    """When the province's quiet hours that it is now end, in UTC; None when it is none."""
    return _ends(rules().quiet_hours, now)


def _ends(hours: Hours, now: datetime) -> datetime | None:
    begin, end = hours
    local = now.astimezone(LOCAL)
    at = minute(local)
    if (at - begin) % _DAY >= (end - begin) % _DAY:
        return None
    left = timedelta(minutes=(end - at) % _DAY)
    return (local.replace(second=0, microsecond=0) + left).astimezone(UTC)
