"""Limits on how often a caller may ask, in Redis or in the process, by Flask-Limiter.

With Redis away each process counts for itself: limits hold, if more loosely.
"""

import time

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded

from smartcity.core.caller import address, caller
from smartcity.core.web import problem_response
from smartcity.settings import Settings

limiter = Limiter(key_func=caller, strategy="fixed-window")


def limits(app: Flask, settings: Settings) -> None:
    """Count in Redis when there is one, else in the process."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
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
    """`RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers)."""
    current = limiter.current_limit
    if current is not None and request.endpoint:
        window = current.limit.get_expiry()
        left = max(0, int(current.reset_at - time.time()))
        response.headers["RateLimit-Policy"] = f'"default";q={current.limit.amount};w={window}'
        response.headers["RateLimit"] = f'"default";r={max(0, current.remaining)};t={left}'
    return response
