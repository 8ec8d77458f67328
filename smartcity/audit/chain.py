"""The chain: each seal's mac covers an entry and the mac before, so that nothing moves unseen.

Seals are ordered by position, not by the entries' numbers: on PostgreSQL a smaller number may be
committed after a larger one was sealed, and gets the next position. Sealing happens apart from the
writers, who would otherwise wait for each other at the head of the chain.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self, cast

from sqlalchemy import Row, Select, Table, exists, func, select
from sqlalchemy.orm import Session

from smartcity.audit.models import AuditEntry, AuditSeal
from smartcity.core.db import one_at_a_time
from smartcity.core.envelope import blind

BATCH = 1_000
LOOK_BACK = 50_000  # numbers below the largest sealed one, among which late entries are looked for
ENTRIES = cast(Table, AuditEntry.__table__)
SEALS = cast(Table, AuditSeal.__table__)
BEGINNING = ""  # stands in the first mac for the one before


@dataclass(frozen=True)
class Anchor:
    """The chain at a position; kept elsewhere, it shows what was cut off or written anew."""

    position: int
    mac: str

    def __str__(self) -> str:
        return f"{self.position}:{self.mac}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `POSITION:MAC`; ValueError for anything else."""
        position, mac = text.split(":")
        return cls(int(position), mac)


NOTHING = Anchor(0, BEGINNING)


def link(before: str, entry: Mapping[str, Any]) -> str:
    """The mac of an entry that follows the one of mac `before`."""
    return blind("audit.seal", before + canonical(entry))


def canonical(entry: Mapping[str, Any]) -> str:
    """An entry's columns as one text, the same on every database.

    Columns that are NULL stand aside, so that a later release may add some.
    """
    told = {name: value for name, value in entry.items() if value is not None}
    return json.dumps(told, sort_keys=True, separators=(",", ":"), default=_plain)


def head(session: Session) -> Anchor:
    """The newest seal; NOTHING when there is none."""
    newest = select(SEALS.c.position, SEALS.c.mac).order_by(SEALS.c.position.desc()).limit(1)
    found = session.execute(newest).first()
    return Anchor(*found) if found else NOTHING


def anchor_at(session: Session, position: int) -> Anchor | None:
    """The seal at a position; None when there is none."""
    mac = session.scalar(select(SEALS.c.mac).where(SEALS.c.position == position))
    return NOTHING if not position else None if mac is None else Anchor(position, mac)


def sealing_floor(session: Session) -> int:
    """The number above which the regular sealing looks; what is older waits for a person."""
    largest = session.scalar(select(func.max(SEALS.c.number))) or 0
    return max(0, largest - LOOK_BACK)


def largest_number(session: Session) -> int:
    """The largest number of an entry."""
    return session.scalar(select(func.max(ENTRIES.c.number))) or 0


def unsealed(after: int, until: int | None = None) -> Select[Any]:
    """At most BATCH unsealed entries above a number, and up to another, by number."""
    sealed = exists().where(SEALS.c.number == ENTRIES.c.number)
    waiting = select(ENTRIES).where(ENTRIES.c.number > after, ~sealed)
    if until is not None:
        waiting = waiting.where(ENTRIES.c.number <= until)
    return waiting.order_by(ENTRIES.c.number).limit(BATCH)


def seal_next(session: Session, after: int, until: int | None = None) -> int | None:
    """Seal what `unsealed` finds committed; the last number, None when there is no more.

    Sealers wait for each other, each until the other's commit.
    """
    one_at_a_time(session, "audit.seal")
    found = session.execute(unsealed(after, until)).all()
    if found:
        session.execute(SEALS.insert(), _seals(head(session), found))
    return found[-1].number if len(found) == BATCH else None


def _seals(last: Anchor, found: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    seals, mac = [], last.mac
    for position, row in enumerate(found, last.position + 1):
        mac = link(mac, row._asdict())
        seals.append({"position": position, "number": row.number, "mac": mac})
    return seals


def _plain(value: datetime | uuid.UUID) -> str:
    if isinstance(value, uuid.UUID):
        return value.hex
    return value.astimezone(UTC).isoformat(timespec="microseconds")
