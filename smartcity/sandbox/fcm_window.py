"""How many messages came in the last sixty seconds, to the message."""

from __future__ import annotations

import math
from collections import deque

SECONDS = 60.0


class Window:
    """Moments in seconds of one clock that does not go back; `most` is the fullest window yet."""

    def __init__(self) -> None:
        self._moments: deque[float] = deque()
        self.most = 0

    def add(self, now: float) -> None:
        """One more message."""
        self._moments.append(now)
        self.most = max(self.most, self.count(now))

    def count(self, now: float) -> int:
        """Messages of the window that ends now."""
        moments = self._moments
        while moments and moments[0] <= now - SECONDS:
            moments.popleft()
        return len(moments)

    def wait(self, now: float) -> int:
        """Whole seconds until the oldest has left the window, at least one."""
        return max(1, math.ceil(self._moments[0] + SECONDS - now)) if self._moments else 1
