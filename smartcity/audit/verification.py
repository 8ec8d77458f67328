"""Finding what was altered, removed, moved or slipped in, a bounded step at a time.

After a break the walk goes on from the stored mac, so that each break is told where it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from smartcity.audit.chain import (
    BATCH,
    ENTRIES,
    NOTHING,
    SEALS,
    SMALLEST,
    Anchor,
    head,
    link,
    seal_from,
    unsealed,
)
from smartcity.core import clock

SEALED_WITHIN = timedelta(seconds=60)
_NEAR = 50  # positions in which the place that a moved seal came from is looked for


class Kind(StrEnum):
    """What can be wrong with the record."""

    ALTERED = "altered"
    REMOVED = "removed"
    REORDERED = "reordered"
    UNSEALED = "unsealed"
    CUT = "cut"
    REWRITTEN = "rewritten"
    WRONG_KEY = "wrong key"


_TOLD = {
    Kind.ALTERED: "entry {number} at position {position} is not what was sealed there: it was"
    " altered or forged, or what stood before it was taken out",
    Kind.REMOVED: "the seals of positions {position} to {until} are gone, so the next is not"
    " checked",
    Kind.REORDERED: "entry {number} at position {position} was sealed after another one",
    Kind.UNSEALED: "entry {number} has no seal",
    Kind.CUT: "the chain ends at {position}, its anchor stands at {until}",
    Kind.REWRITTEN: "the seal of position {position} is not the anchor's",
    Kind.WRONG_KEY: "no seal fits from position {position} on: another SMARTCITY_LOOKUP_KEY, or"
    " all of it was written anew",
}


@dataclass(frozen=True)
class Finding:
    """Something wrong: at a position, or from one until another; `number` is the entry's."""

    kind: Kind
    position: int | None = None
    number: int | None = None
    until: int | None = None

    def __str__(self) -> str:
        told = _TOLD[self.kind]
        if self.kind is Kind.REMOVED and self.number:
            told = "entry {number} of position {position} is gone"
        return f"{self.kind}: " + told.format(**vars(self))


def against(session: Session, anchor: Anchor) -> list[Finding]:
    """What an anchor shows: the tail was cut off, or the chain was written anew."""
    found = seal_from(session, anchor.position)
    if found == anchor:
        return []
    if found == NOTHING:
        return [Finding(Kind.CUT, head(session).position, until=anchor.position)]
    return [Finding(Kind.REWRITTEN, anchor.position)]


def before_the_first(session: Session) -> list[Finding]:
    """Seals at positions that the chain does not have: they only hide that an entry has none."""
    forged = select(SEALS.c.position, SEALS.c.number).where(SEALS.c.position < 1).limit(BATCH)
    return [Finding(Kind.ALTERED, *seal) for seal in session.execute(forged)]


class Walk:
    """Along the chain from a trusted anchor to its head, BATCH seals a step."""

    def __init__(self, start: Anchor = NOTHING) -> None:
        self.reached = start
        self.over = False
        self._some_fitted = False

    def step(self, session: Session) -> list[Finding]:
        """What is wrong with the next seals; `over` is set after the last."""
        seals = self._next(session)
        before = [self.reached, *(Anchor(seal.position, seal.mac) for seal in seals)]
        fitting = [_fits(at, seal) for at, seal in zip(before, seals, strict=False)]
        self._some_fitted |= any(fitting)
        self.reached = before[-1]
        self.over = len(seals) < BATCH
        if len(seals) > 1 and not self._some_fitted:
            self.over = True
            return [Finding(Kind.WRONG_KEY, seals[0].position)]
        return [
            finding
            for index, seal in enumerate(seals)
            if not fitting[index]
            for finding in _faults(before, index, seal)
        ]

    def _next(self, session: Session) -> Sequence[Row[Any]]:
        columns = SEALS.c.position, SEALS.c.mac, SEALS.c.number.label("sealed"), *ENTRIES.c
        joined = SEALS.outerjoin(ENTRIES, ENTRIES.c.number == SEALS.c.number)
        rest = select(*columns).select_from(joined).where(SEALS.c.position > self.reached.position)
        return session.execute(rest.order_by(SEALS.c.position).limit(BATCH)).all()


class Search:
    """Over all entries for those that should have been sealed by now."""

    def __init__(self) -> None:
        self._next: int | None = SMALLEST
        self._due = clock.now() - SEALED_WITHIN

    @property
    def over(self) -> bool:
        """Whether all was looked through."""
        return self._next is None

    def step(self, session: Session) -> list[Finding]:
        """The unsealed of the next entries."""
        if self._next is None:
            return []
        found, self._next = unsealed(session, self._next)
        return [Finding(Kind.UNSEALED, number=row.number) for row in found if row.at < self._due]


def _fits(before: Anchor, seal: Row[Any]) -> bool:
    """Whether a seal follows another directly and its entry is what was sealed."""
    if seal.number is None or seal.position != before.position + 1:
        return False
    return link(before.mac, _entry(seal)) == str(seal.mac)


def _faults(before: list[Anchor], index: int, seal: Row[Any]) -> Iterator[Finding]:
    if seal.position != before[index].position + 1:
        yield Finding(Kind.REMOVED, before[index].position + 1, until=seal.position - 1)
    if seal.number is None:
        yield Finding(Kind.REMOVED, seal.position, seal.sealed)
    elif seal.position == before[index].position + 1:
        near = before[max(0, index - _NEAR) : index + _NEAR]
        moved = any(link(other.mac, _entry(seal)) == seal.mac for other in near)
        yield Finding(Kind.REORDERED if moved else Kind.ALTERED, seal.position, seal.number)


def _entry(seal: Row[Any]) -> Mapping[str, Any]:
    return {column.name: seal._mapping[column.name] for column in ENTRIES.c}
