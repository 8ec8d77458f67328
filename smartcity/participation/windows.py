"""When something may be done: between two instants of a record, by the server's clock."""

from datetime import datetime

from smartcity.core import clock
from smartcity.core.errors import Conflict


def refuse_outside(opens: str | datetime | None, closes: str | datetime | None) -> None:
    """Raise Conflict before `opens`, and from `closes` on; a limit that is None is none.

    As instants, or as RFC 3339 text, the way records hold them.
    """
    begins, ends, now = _instant(opens), _instant(closes), clock.now()
    if begins and now < begins:
        raise Conflict("participation.not_open_yet", opens=clock.written(begins))
    if ends and ends <= now:
        raise Conflict("participation.closed", closes=clock.written(ends))


def _instant(at: str | datetime | None) -> datetime | None:
    return datetime.fromisoformat(at) if isinstance(at, str) else at
