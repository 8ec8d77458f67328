"""Token buckets: one for all processes, in Redis, and one for a process alone.

At most a second's worth is in stock. With the second that a lease may lie in a process and the
second that a message may be on its way no 60 seconds hold more than 63 seconds' worth, so the
63rd part of what a minute may hold is the rate.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from threading import Lock

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

_LEAST_STOCK = 2.0  # of a very small quota; a campaign must be able to take one
# A taker waits so many seconds for a Redis that is silent.
_PATIENCE = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
_A_BIT = 0.001  # seconds, lest what is waited for lack a rounding
_KEY = "smartcity:fcm:quota"
# A bucket begins empty: one that was lost with its Redis grants nothing twice. The clock is
# Redis's own, the same for all who ask.
_TAKE = """
local rate, full, floor = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local most, least = tonumber(ARGV[4]), tonumber(ARGV[5])
local clock, kept = redis.call('TIME'), redis.call('HMGET', KEYS[1], 'stock', 'at')
local now = clock[1] + clock[2] / 1e6
local passed = math.max(0, now - (tonumber(kept[2]) or now))
local stock = math.min(full, (tonumber(kept[1]) or 0) + passed * rate)
local count = math.min(most, math.floor(stock - floor))
local wait = 0
if stock - floor < least then count, wait = 0, (least - stock + floor) / rate + 0.001 end
redis.call('HSET', KEYS[1], 'stock', tostring(stock - count), 'at', string.format('%.6f', now))
return {count, tostring(wait)}
"""


class Lane(IntEnum):
    """Who asks; a lower one leaves a reserve in stock to those above it."""

    CAMPAIGN = 0
    TRANSACTIONAL = 1
    URGENT = 2


_RESERVES = {Lane.CAMPAIGN: 0.4, Lane.TRANSACTIONAL: 0.2, Lane.URGENT: 0.0}  # of a full stock


@dataclass(frozen=True, slots=True)
class Granted:
    """How many may be sent within a second; where none may, the seconds until it pays to ask."""

    count: int
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What any 60 seconds may hold, as a rate (tokens a second) and a full stock (tokens)."""

    per_minute: float

    @property
    def rate(self) -> float:
        return min(self.per_minute / 63, (self.per_minute - _LEAST_STOCK) / 62)

    @property
    def full(self) -> float:
        return max(self.rate, _LEAST_STOCK)

    def floor(self, lane: Lane) -> float:
        """What a lane leaves in stock."""
        return _RESERVES[lane] * self.full

    def least(self, lane: Lane, wanted: int) -> float:
        """What is worth waiting for: half of what the lane can ever find in stock."""
        return min(wanted, max(1.0, (self.full - self.floor(lane)) / 2))


class OwnBucket:
    """A bucket of this process, empty at first."""

    def __init__(self, per_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = Limits(per_minute)
        self._clock = clock
        self._stock, self._at = 0.0, clock()
        self._lock = Lock()

    def take(self, lane: Lane, wanted: int, most: int) -> Granted:
        """Up to `most`, or none where it pays to wait until more of those wanted are there."""
        limits = self._limits
        with self._lock:
            now = self._clock()
            grown = self._stock + (now - self._at) * limits.rate
            self._stock, self._at = min(limits.full, grown), now
            spare, least = self._stock - limits.floor(lane), limits.least(lane, wanted)
            if spare < least:
                return Granted(0, (least - spare) / limits.rate + _A_BIT)
            count = min(most, int(spare))
            self._stock -= count
            return Granted(count)


class SharedBucket:
    """The bucket of all processes that ask this Redis; RedisError where it does not answer."""

    def __init__(self, redis_url: str, per_minute: float) -> None:
        self._limits = Limits(per_minute)
        store = Redis.from_url(redis_url, retry=Retry(NoBackoff(), 1), **_PATIENCE)
        self._take = store.register_script(_TAKE)

    def take(self, lane: Lane, wanted: int, most: int) -> Granted:
        """As of an OwnBucket."""
        limits = self._limits
        asked = [limits.rate, limits.full, limits.floor(lane), most, limits.least(lane, wanted)]
        count, wait = self._take(keys=[_KEY], args=asked)
        return Granted(count, float(wait))
