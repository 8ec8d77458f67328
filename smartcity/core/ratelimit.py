"""Limits on how often a caller may ask, in Redis or in the process, by Flask-Limiter.

With Redis away, or silent, each process counts for itself: limits hold, if more loosely.
"""

import time

from flask import Flask, Response, g
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from limits import RateLimitItem
from limits.strategies import STRATEGIES, FixedWindowRateLimiter
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from smartcity.core.caller import address, caller, own_limit
from smartcity.core.web import problem_response
from smartcity.settings import Settings

# A request waits so many seconds for a Redis that is silent, twice; then its process counts.
_PATIENCE = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "retry": Retry(NoBackoff(), 1)}


class ToldWindow(FixedWindowRateLimiter):
    """A fixed window that remembers what it counted: asking again costs two trips to Redis."""

    def hit(self, item: RateLimitItem, *identifiers: str, cost: int = 1) -> bool:
        """Count a request; True while the limit holds."""
        used = self.storage.incr(item.key_for(*identifiers), item.get_expiry(), amount=cost)
        g.limit = item
        g.limit_left = max(0, item.amount - used)
        return used <= item.amount


class SteadyLimiter(Limiter):
    """Lets every request that sees Redis fail be counted in the process.

    Flask-Limiter does so for the first one alone; those that waited beside it would end in 500.
    """

    def _check_request_limit(
        self, callable_name: str | None = None, in_middleware: bool = True
    ) -> None:
        try:
            super()._check_request_limit(callable_name, in_middleware)
        except RedisError:
            self.context.seen_limits.clear()
            super()._check_request_limit(callable_name, in_middleware)


STRATEGIES["told-window"] = ToldWindow  # Flask-Limiter looks it up here
limiter = SteadyLimiter(key_func=caller, strategy="told-window", application_limits=[own_limit])


def limits(app: Flask, settings: Settings) -> None:
    """Count in Redis when there is one, else in the process."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
    if settings.redis_url:
        app.config["RATELIMIT_STORAGE_OPTIONS"] = dict(_PATIENCE)
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = bool(settings.redis_url)
    app.config["RATELIMIT_KEY_PREFIX"] = "smartcity"
    limiter.init_app(app)
    app.register_error_handler(RateLimitExceeded, _exceeded)
    app.after_request(_tell_limits)


def by_address() -> str:
    """Limit by network address rather than by account."""
    return f"address:{address()}"


def _exceeded(_error: RateLimitExceeded) -> Response:
    current = limiter.current_limit
    wait = max(1, int(current.reset_at - time.time()) + 1) if current else 60
    return problem_response(
        429, "request.too_many", None, {"Retry-After": str(wait)}, retry_after=wait
    )


def _tell_limits(response: Response) -> Response:
    """`RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10, §4)."""
    if "limit" in g:
        quota, window = g.limit.amount, g.limit.get_expiry()
        response.headers["RateLimit-Policy"] = f'"default";q={quota};w={window}'
        response.headers["RateLimit"] = f'"default";r={g.limit_left}'
    return response
