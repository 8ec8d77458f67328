"""`python -m tests.faults.shifted SECONDS COMMAND…`: the product in a process whose clock is wrong.

Moves what Python tells of the time of day: `time.time`, `time.time_ns` and the present of
`datetime`, before the product is imported. Monotonic time, files and the database stay as they are.
"""

from __future__ import annotations

import datetime as calendar
import sys
import time
from typing import Any, Self

SECONDS = int(sys.argv.pop(1)) if __name__ == "__main__" else 0
_time, _time_ns, _datetime = time.time, time.time_ns, calendar.datetime


class _Shifted(_datetime):
    @classmethod
    def now(cls, tz: Any = None) -> Self:
        return super().now(tz) + calendar.timedelta(seconds=SECONDS)

    @classmethod
    def utcnow(cls) -> Self:
        return super().utcnow() + calendar.timedelta(seconds=SECONDS)

    @classmethod
    def today(cls) -> Self:
        return cls.now()


if __name__ == "__main__":
    time.time = lambda: _time() + SECONDS
    time.time_ns = lambda: _time_ns() + SECONDS * 1_000_000_000
    calendar.datetime = _Shifted  # type: ignore[misc]

    from smartcity.cli import main

    main()
