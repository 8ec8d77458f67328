"""The spans of time that may be asked for: 90 days at most."""

from datetime import datetime, timedelta

from smartcity.core import clock
from smartcity.core.errors import Invalid

LONGEST = timedelta(days=90)
Span = tuple[datetime, datetime]


def span(start: datetime | None, end: datetime | None, names: tuple[str, str]) -> Span:
    """The span that was asked for; the side that is missing is 90 days off, both: the last 90.

    Raises Invalid naming the parameter when it is longer, or ends before it begins.
    """
    if end is None:
        end = clock.now() if start is None else start + LONGEST
    if start is None:
        start = end - LONGEST
    if start > end:
        raise Invalid(**{names[1]: "open311.ends_before"})
    if end - start > LONGEST:
        raise Invalid(**{names[0]: "open311.too_long"})
    return start, end
