"""How often a source is asked: more often while it brings news, seldom while it brings none.

Pure but for the source's row: nothing here commits or looks at the clock.
"""

from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from smartcity.core.texts import text
from smartcity.news.sources.models import Source

LEAST, FIRST, MOST = 300, 900, 6 * 3600  # seconds, where an officer says nothing else
DAY = 86_400
STATES = ("new", "healthy", "failing", "dead", "paused", "retired")
_QUIET = timedelta(days=1)


def succeeded(source: Source, now: datetime, *, brought: bool) -> None:
    """Note a good answer, and when to ask next: twice as soon after news, half later after none."""
    wished = source.interval / 2 if brought else source.interval * 1.5
    source.interval = round(min(max(wished, source.interval_least), source.interval_most))
    source.polled_at = source.succeeded_at = now
    source.failures, source.fault = 0, None
    source.due_at = now + timedelta(seconds=source.interval)
    trust(source, now)


def failed(source: Source, now: datetime, fault: str, retry_after: float | None) -> None:
    """Note a failure: each one doubles the wait, which the source may lengthen to a day."""
    source.polled_at, source.fault = now, fault[:300]
    source.failures += 1
    wait = min(source.interval * 2.0 ** min(source.failures, 12), source.interval_most)
    wait = max(wait, source.interval, min(retry_after or 0, DAY))
    source.due_at = now + timedelta(seconds=wait)


def trust(source: Source, now: datetime) -> None:
    """Let a source be without success from now on for a day, or three of its longest intervals."""
    source.dead_at = now + max(_QUIET, timedelta(seconds=3 * source.interval_most))


def standing(source: Source, now: datetime) -> str:
    """How a source is doing: one of STATES, which the texts name under `source.state`."""
    if source.retired_at:
        return "retired"
    if source.paused:
        return "paused"
    if source.dead_at and source.dead_at < now:
        return "dead"
    if source.failures:
        return "failing"
    return "healthy" if source.succeeded_at else "new"


def told(fault: str | None, language: str | None = None) -> str | None:
    """A fault in a reader's words."""
    if fault is None:
        return None
    key, _, values = fault.partition("|")
    return text(key, language, **dict(parse_qsl(values)))
