"""Errors of the domain, and errors of outside systems.

A Problem becomes an `application/problem+json` answer (RFC 9457) at the edge. Its code is a key
of the text catalogue: `<code>` is the detail; the title comes from the HTTP status.
Temporary and Permanent are all that an adapter says of an outside system: retry, or do not.
"""

from typing import Any, ClassVar


class Problem(Exception):
    """A request that cannot be done, told to the caller in his language."""

    status: ClassVar[int] = 400

    def __init__(
        self,
        code: str,
        *,
        errors: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        **values: Any,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
        self.errors = errors or {}
        self.headers = headers or {}


class Malformed(Problem):
    status = 400


class Unauthenticated(Problem):
    status = 401


class Forbidden(Problem):
    status = 403


class NotFound(Problem):
    status = 404


class Conflict(Problem):
    status = 409


class PreconditionFailed(Problem):
    status = 412


class TooLarge(Problem):
    status = 413


class UnsupportedMedia(Problem):
    status = 415


class Invalid(Problem):
    """Fields that do not fit: `Invalid(latitude="area.outside_province")`."""

    status = 422

    def __init__(self, **fields: str) -> None:
        super().__init__("request.invalid", errors={k: [v] for k, v in fields.items()})


class PreconditionRequired(Problem):
    status = 428


class TooMany(Problem):
    """Over a limit; `retry_after` in seconds."""

    status = 429

    def __init__(self, code: str, *, retry_after: int, **values: Any) -> None:
        headers = {"Retry-After": str(retry_after)}
        super().__init__(code, headers=headers, retry_after=retry_after, **values)


class Unavailable(Problem):
    status = 503


class OutsideError(Exception):
    """An outside system did not do what was asked."""


class Temporary(OutsideError):
    """Try again; `retry_after` in seconds when the other side named it.

    `opens_breaker`: the fault is the destination's as a whole (it refuses our credentials), so
    every job for it waits and none spends an attempt. `arrived` is False when what was sent surely
    did not take effect, None when nobody knows.
    """

    def __init__(
        self,
        reason: str,
        *,
        retry_after: float | None = None,
        opens_breaker: bool = False,
        arrived: bool | None = None,
    ) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.opens_breaker = opens_breaker
        self.arrived = arrived


class Permanent(OutsideError):
    """Will never succeed as it is: a person has to look."""
