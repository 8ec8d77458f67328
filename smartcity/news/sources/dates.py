"""The dates of feeds: RFC 822, ISO 8601, and how they are written in Viet Nam.

A time without an offset is of Viet Nam. What is before 2000 was never meant.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from smartcity.core.clock import LOCAL

_LONGEST = 100  # characters
_FIRST_YEAR = 2000
_OFFSET = re.compile(r"\(?(?:GMT|UTC)?\s*([+-])(\d{1,2}):?(\d\d)?\)?\s*$", re.IGNORECASE)
_DAY = re.compile(
    r"(?<!\d)(\d{1,2})(?:\s*[/.-]\s*|\s+(?:tháng|thg\.?|th)\s*)(\d{1,2})"
    r"(?:\s*[/.-]\s*|,?\s+(?:năm\s+)?)(\d{4})(?!\d)",
    re.IGNORECASE,
)
_HOUR = re.compile(
    r"(?<![\d:])(\d{1,2})(?::|h|\s*giờ\s*)(\d\d)?(?::(\d\d))?(?:\s*phút)?\s*(AM|PM|SA|CH)?\b",
    re.IGNORECASE,
)


def read_date(written: str | None) -> datetime | None:
    """The instant that a feed names; None when it names none, or one before 2000."""
    told = (written or "").strip()[:_LONGEST]
    for read in (_iso, _vietnamese, _rfc822):
        try:
            found = read(told)
        except (ValueError, OverflowError, TypeError):
            continue
        if found:
            return found if found.year >= _FIRST_YEAR else None
    return None


def _iso(told: str) -> datetime | None:
    return _in_utc(datetime.fromisoformat(told))


def _rfc822(told: str) -> datetime | None:
    offset = _OFFSET.search(told)
    found = parsedate_to_datetime(told[: offset.start()] if offset else told)
    return _in_utc(found.replace(tzinfo=_zone(offset)) if offset else found)


def _vietnamese(told: str) -> datetime | None:
    """22/11/2026 08:30, Thứ bảy, 22-11-2026, 8h30 ngày 22 tháng 11 năm 2026 (GMT+7)."""
    written = _DAY.search(told)
    if written is None:
        return None
    day, month, year = map(int, written.groups())
    if month > 12:  # a machine of the United States
        day, month = month, day
    rest = told[: written.start()] + " " + told[written.end() :]
    offset = _OFFSET.search(rest)
    hour = _HOUR.search(rest[: offset.start()] if offset else rest)
    return _in_utc(datetime(year, month, day, *_clock(hour), tzinfo=_zone(offset)))


def _clock(told: re.Match[str] | None) -> tuple[int, int, int]:
    if told is None:
        return 0, 0, 0
    hour, minute, second = (int(part or 0) for part in told.groups()[:3])
    half = (told[4] or "").upper()
    if half in ("PM", "CH") and hour < 12:
        hour += 12
    if half in ("AM", "SA") and hour == 12:
        hour = 0
    return hour, minute, second


def _zone(offset: re.Match[str] | None) -> timezone | None:
    if offset is None:
        return None
    ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    return timezone(-ahead if offset[1] == "-" else ahead)


def _in_utc(found: datetime) -> datetime:
    return (found if found.tzinfo else found.replace(tzinfo=LOCAL)).astimezone(UTC)
