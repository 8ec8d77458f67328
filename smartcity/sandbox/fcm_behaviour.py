"""How the sandbox behaves while nothing is wrong: quota, latency, dead addresses, GOAWAY."""

from __future__ import annotations

import random
import zlib
from dataclasses import dataclass

_HASHES = 1 << 32


@dataclass(slots=True, frozen=True)
class Behaviour:
    """`quota` in messages of any 60 seconds, `latency` in seconds, `goaway_after` in requests."""

    quota: int | None = None
    latency: tuple[float, float] = (0.0, 0.0)
    dead_share: float = 0.0
    goaway_after: int | None = None

    def is_dead(self, address: str) -> bool:
        """Whether the address is of the share that is UNREGISTERED, always the same ones."""
        return zlib.crc32(address.encode()) < self.dead_share * _HASHES

    def delay(self) -> float:
        """Seconds until an answer."""
        least, most = self.latency
        return least if least == most else random.uniform(least, most)  # noqa: S311


def parse(wish: object) -> Behaviour:
    """The behaviour of a JSON object; ValueError when a part of it makes no sense."""
    if not isinstance(wish, dict):
        raise ValueError("a behaviour is an object")
    try:
        latency = wish.get("latency") or 0.0
        least, most = latency if isinstance(latency, list | tuple) else (latency, latency)
        wished = Behaviour(**wish | {"latency": (float(least), float(most))})
        numbers = [1 if n is None else n for n in (wished.quota, wished.goaway_after)]
        is_sane = min(numbers) >= 1 and 0 <= wished.dead_share <= 1 and 0 <= least <= most
    except TypeError as problem:
        raise ValueError(str(problem)) from problem
    if not is_sane:
        raise ValueError("quota and goaway_after from 1, dead_share 0..1, latency [least, most]")
    return wished
