"""The Firebase project's quota: one bucket for all who send, never an open one.

With Redis away, or where there is none, each process takes its part of our share for itself.
"""

import time
from threading import Lock

import structlog
from redis.exceptions import RedisError

from smartcity.adapters.fcm.bucket import Granted, Lane, OwnBucket, SharedBucket
from smartcity.core.context import per_app
from smartcity.settings import Settings

__all__ = ["Granted", "Lane", "Quota", "quota"]

_LEASE = 250  # taken at once for campaigns, so that not every window asks Redis
_KEPT = 1.0  # seconds that a lease may lie; what is older is dropped
_REDIS_AGAIN = 5.0  # seconds until a Redis that failed is asked again
log = structlog.get_logger(__name__)


class Quota:
    """Lets no 60 seconds hold more than our share of the project's quota."""

    def __init__(self, settings: Settings) -> None:
        share = settings.fcm_share * settings.fcm_per_minute
        self._own_part = share / settings.fcm_senders
        self._own = OwnBucket(self._own_part)
        self._shared = SharedBucket(settings.redis_url, share) if settings.redis_url else None
        self._is_away = False
        self._ask_again_at = 0.0
        self._leased, self._leased_at = 0, 0.0
        self._lock = Lock()

    def take(self, lane: Lane, wanted: int) -> Granted:
        """How many of the wanted may be sent within the next second; send no more.

        Where none may be, ask again after the `wait` in seconds.
        """
        with self._lock:
            if lane is Lane.CAMPAIGN:
                return self._of_lease(wanted)
            return self._asked(lane, wanted, wanted)

    def _of_lease(self, wanted: int) -> Granted:
        if self._leased_at + _KEPT < time.monotonic():
            self._leased = 0
        if self._leased < wanted:
            granted = self._asked(Lane.CAMPAIGN, wanted - self._leased, max(_LEASE, wanted))
            self._leased, self._leased_at = self._leased + granted.count, time.monotonic()
            if not self._leased:
                return granted
        count = min(wanted, self._leased)
        self._leased -= count
        return Granted(count)

    def _asked(self, lane: Lane, wanted: int, most: int) -> Granted:
        if self._shared is None or time.monotonic() < self._ask_again_at:
            return self._own.take(lane, wanted, most)
        try:
            granted = self._shared.take(lane, wanted, most)
        except RedisError:
            self._do_without()
            return self._own.take(lane, wanted, most)
        self._is_away = False
        return granted

    def _do_without(self) -> None:
        self._ask_again_at = time.monotonic() + _REDIS_AGAIN
        if not self._is_away:
            self._is_away = True
            self._own = OwnBucket(self._own_part)  # empty: what Redis granted is yet to be sent
            log.warning("fcm.quota_without_redis", per_minute=self._own_part)


@per_app
def quota(settings: Settings) -> Quota:
    """The application's hold on the project's quota."""
    return Quota(settings)
