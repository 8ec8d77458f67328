"""What changes seldom: kept in the process, and by phones and the CDN."""

from collections.abc import Callable, Hashable
from dataclasses import fields
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Any, Generic, TypeVar

import structlog
from flask import Response, jsonify
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import Base
from smartcity.core.web import tagged

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
PUBLIC = "public, max-age=300, stale-while-revalidate=86400"
log = structlog.get_logger(__name__)


class Refreshed(Generic[T]):
    """A value that is read on first use and read anew after `every` seconds.

    `read` is given the value it had before. One caller reads anew; the others go on with the old
    value or, where it is `strict`, wait. The old value stays when the database does not answer.
    """

    def __init__(
        self, read: Callable[[T | None], T], every: float, *, strict: bool = False
    ) -> None:
        self._read = read
        self._every = every
        self._strict = strict
        self._value: T | None = None
        self._good_until = 0.0
        self._reading = Lock()

    def __call__(self) -> T:
        value = self._value
        if value is not None and monotonic() < self._good_until:
            return value
        if not self._reading.acquire(blocking=value is None or self._strict):
            assert value is not None
            return value
        try:
            return self._refresh()
        finally:
            self._reading.release()

    def forget(self) -> None:
        """Read anew, and from nothing, at the next use in this process."""
        self._value = None

    def _refresh(self) -> T:
        value = self._value
        if value is not None and monotonic() < self._good_until:  # read while we waited
            return value
        began, rest = monotonic(), self._every
        try:
            value = self._read(value)
        except SQLAlchemyError as error:
            if value is None:
                raise
            log.warning("cache.stale", reason=type(error).__name__)
            rest = max(rest, 10 * (monotonic() - began))  # nobody is to wait for it all the time
        self._value, self._good_until = value, monotonic() + rest
        return value


class Remembered(Generic[K, T]):
    """What was looked up by key not longer than `kept` ago; the oldest of `most` goes first."""

    def __init__(self, kept: timedelta, most: int) -> None:
        self._kept = kept
        self._most = most
        self._found: dict[K, tuple[datetime, T]] = {}
        self._lock = Lock()

    def __call__(self, key: K, look_up: Callable[[K], T]) -> T:
        now = clock.now()
        known = self._found.get(key)
        # A clock set back makes an age negative: better look again.
        if known and timedelta(0) <= now - known[0] < self._kept:
            return known[1]
        value = look_up(key)
        with self._lock:
            self._found.pop(key, None)
            self._found[key] = (now, value)
            if len(self._found) > self._most:
                del self._found[next(iter(self._found))]
        return value

    def forget(self, key: K) -> None:
        """Look a key up anew at its next use in this process."""
        with self._lock:
            self._found.pop(key, None)


def snapshot(session: Session, table: type[Base], kind: type[T]) -> list[T]:
    """Every row of a table, by key, as a dataclass whose fields are named after its columns."""
    columns = [getattr(table, field.name) for field in fields(kind)]  # type: ignore[arg-type]
    rows = session.execute(select(*columns).order_by(*table.__table__.primary_key))
    return [kind(*row) for row in rows]


def published(body: Any, cache: str = PUBLIC, *, by_language: bool = False) -> Response:
    """A public JSON answer that phones and the CDN may keep; 304 to who holds it already.

    `by_language`: it reads otherwise in another language.
    """
    response = jsonify(body)
    if by_language:
        response.vary.add("Accept-Language")
    response.add_etag()
    return tagged(response, response.headers["ETag"], cache)
