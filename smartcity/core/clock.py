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


def written(at: datetime) -> str:
    """An instant as people here read it: 17:00 24/11/2026."""
    return f"{at.astimezone(LOCAL):%H:%M %d/%m/%Y}"


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at an aware instant for the length of the block."""
    _frozen.append(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.pop()
