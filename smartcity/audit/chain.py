"""The chain: each seal's mac covers an entry and the mac before, so that nothing moves unseen.

Seals are ordered by position, not by the entries' numbers: on PostgreSQL a smaller number may be
committed after a larger one was sealed, and gets the next position. Sealing happens apart from the
writers, who would otherwise wait for each other at the head of the chain.
"""

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median_low
from typing import Any, Self, cast

from sqlalchemy import Row, Table, exists, func, select
from sqlalchemy.orm import Session

from smartcity.audit.models import AuditEntry, AuditSeal
from smartcity.core.db import one_at_a_time
from smartcity.core.envelope import blind

BATCH = 1_000
SLICE = 1_000_000  # numbers that one statement looks over
SMALLEST, LARGEST = -(2**63), 2**63 - 1  # numbers that somebody could slip in
LOOK_BACK = 50_000  # numbers below the newest sealed, among which the job looks for late entries
ENTRIES = cast(Table, AuditEntry.__table__)
SEALS = cast(Table, AuditSeal.__table__)
_ANCHOR = re.compile(r"([1-9][0-9]{0,17}):([\w-]{43})", re.ASCII)
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
        found = _ANCHOR.fullmatch(text)
        if found is None:
            raise ValueError("not POSITION:MAC")
        return cls(int(found[1]), found[2])


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


def seal_from(session: Session, position: int) -> Anchor:
    """The seal at a position, or else the next after it; NOTHING when there is none."""
    rest = select(SEALS.c.position, SEALS.c.mac).where(SEALS.c.position >= position)
    found = session.execute(rest.order_by(SEALS.c.position).limit(1)).first()
    return Anchor(*found) if found else NOTHING


def sealed_lately(session: Session) -> int:
    """About where sealing has come to: the middle number of the newest seals.

    The largest would not do: one number that somebody slips in would lead sealing astray.
    """
    newest = select(SEALS.c.number).order_by(SEALS.c.position.desc()).limit(100)
    numbers: Sequence[int] = session.scalars(newest).all()
    return median_low(numbers or [0])


def unsealed(session: Session, first: int) -> tuple[Sequence[Row[Any]], int | None]:
    """At most BATCH unsealed entries of the numbers from `first` on, and where to go on.

    That is None at the end. It looks over SLICE numbers, beginning where there is an entry.
    """
    begin = session.scalar(select(func.min(ENTRIES.c.number)).where(ENTRIES.c.number >= first))
    if begin is None:
        return [], None
    until = min(begin + SLICE, LARGEST)
    sealed = exists().where(SEALS.c.number == ENTRIES.c.number)
    waiting = select(ENTRIES).where(ENTRIES.c.number.between(begin, until), ~sealed)
    found = session.execute(waiting.order_by(ENTRIES.c.number).limit(BATCH)).all()
    last = found[-1].number if len(found) == BATCH else until
    return found, last + 1 if last < LARGEST else None


def seal_next(session: Session, first: int) -> int | None:
    """Seal what `unsealed` finds committed; where to go on, None at the end.

    Sealers wait for each other, each until the other's commit.
    """
    one_at_a_time(session, "audit.seal")
    found, further = unsealed(session, first)
    if found:
        session.execute(SEALS.insert(), _seals(head(session), found))
    return further


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
