"""Statements written out once and kept for both databases.

Building these from expressions, job after job, cost several times what running them costs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Result, text
from sqlalchemy.orm import Session

from smartcity.core.db import is_sqlite


@dataclass(frozen=True)
class Words:
    """Where the two databases differ. SQLite has no row locks: BEGIN IMMEDIATE serialises."""

    clock: str
    now: str
    moved: str
    skip_locked: str
    hold: str

    def later(self, seconds: str, than: str = "") -> str:
        """A time, by default the database's clock, moved by an expression's seconds."""
        return self.moved.format(than or self.clock, seconds)


POSTGRESQL = Words(
    clock="clock_timestamp()",
    # As a subquery it is read once; compared row by row, a volatile function steers no index.
    now="(SELECT clock_timestamp())",
    moved="{} + {} * interval '1 second'",
    # The two do not meet: an enqueuer holds a head against its DELETE, not against a claim.
    skip_locked="FOR NO KEY UPDATE SKIP LOCKED",
    hold="FOR KEY SHARE",
)
SQLITE = Words(
    clock="'now'",
    now="strftime('%Y-%m-%d %H:%M:%f000', 'now')",
    moved="strftime('%Y-%m-%d %H:%M:%f000', {}, printf('%+.3f seconds', {}))",
    skip_locked="",
    hold="",
)


class Statement:
    """One statement in the words of each database; decorates the function that writes it."""

    def __init__(self, write: Callable[[Words], str]) -> None:
        # A colon inside a literal would read as a parameter.
        self._sqlite = text(write(SQLITE).replace("%H:%M:%f", r"%H\:%M\:%f"))
        self._postgresql = text(write(POSTGRESQL))

    def run(self, session: Session, **values: Any) -> Result[Any]:
        """Execute it with its parameters."""
        return session.execute(self._sqlite if is_sqlite(session) else self._postgresql, values)
