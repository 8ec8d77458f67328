"""The time of day as the domain sees it; tests freeze it. Leases use the database's clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
_frozen: list[datetime] = []


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _frozen[-1] if _frozen else datetime.now(UTC)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at an aware instant for the length of the block."""
    _frozen.append(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.pop()
