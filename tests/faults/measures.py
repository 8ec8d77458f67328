"""Latencies, compared."""

from __future__ import annotations

import math
from collections.abc import Sequence


def p95(seconds: Sequence[float]) -> float:
    """The 95th percentile, by nearest rank; of nothing there is none."""
    assert seconds, "nothing was measured"
    return sorted(seconds)[math.ceil(0.95 * len(seconds)) - 1]


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
