"""Two sets of (report, sequence, digest), and where they do not agree."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core.errors import Permanent
from smartcity.ioc.models import Delivery, Message, State

ARRIVED = (State.DELIVERED, State.ACKNOWLEDGED)
LARGEST = 2**31  # no sequence reaches it
Holding = Mapping[str, Mapping[int, str]]  # digests by report code and sequence


class Kind(StrEnum):
    """MISSING: they lack it. DIFFERENT: with other bytes. EXTRA: we never delivered it."""

    MISSING = "missing"
    DIFFERENT = "different"
    EXTRA = "extra"


@dataclass(frozen=True)
class Sent:
    """An event of ours for a destination."""

    event_id: uuid.UUID
    report_id: uuid.UUID
    position: int
    state: str
    created_at: datetime
    code: str
    sequence: int
    sha256: str

    @property
    def settled(self) -> bool:
        return self.state in ARRIVED


@dataclass(frozen=True)
class Compared:
    """What became of it; `missing` may be on its way yet."""

    matching: Sequence[Sent]
    missing: Sequence[Sent]
    different: Sequence[Sent]
    extra: Sequence[tuple[str, int]]


def sent(session: Session, destination: str, report_ids: Collection[uuid.UUID]) -> list[Sent]:
    """All events of some reports for a destination, in order within each."""
    ours = (Delivery.event_id, Delivery.report_id, Delivery.position, Delivery.state)
    query = (
        select(*ours, Delivery.created_at, Message.code, Message.sequence, Message.sha256)
        .join(Message, Message.event_id == Delivery.event_id)
        .where(Delivery.report_id.in_(report_ids), Delivery.destination == destination)
        .order_by(Message.code, Message.sequence)
    )
    return [Sent(*row) for row in session.execute(query)]


def compare(ours: Sequence[Sent], held: Holding, until: datetime) -> Compared:
    """Compare what was written before `until`; what a person gave up is left out.

    What is newer, or is being sent again, is not judged: it may be on its way.
    """
    judged = [e for e in ours if e.created_at < until and e.state != State.SUPERSEDED]
    theirs = {e.event_id: held.get(e.code, {}).get(e.sequence) for e in judged}
    known = {(e.code, e.sequence) for e in ours}
    return Compared(
        matching=[e for e in judged if theirs[e.event_id] == e.sha256],
        missing=[e for e in judged if theirs[e.event_id] is None],
        different=[e for e in judged if e.settled and theirs[e.event_id] not in (None, e.sha256)],
        extra=[(c, s) for c, events in held.items() for s in events if (c, s) not in known],
    )


def told(run: uuid.UUID, page: int, ours: Sequence[Sent], until: datetime) -> dict[str, Any]:
    """The page of a reconciliation as a destination reads it: what it should hold."""
    reports: dict[str, list[dict[str, str]]] = {event.code: [] for event in ours}
    for event in ours:
        if event.settled and event.created_at < until:
            held = {"sequence": written(event.sequence), "sha256": event.sha256}
            reports[event.code].append(held)
    listed = [{"report": code, "events": events} for code, events in reports.items()]
    return {"run": str(run), "page": page, "reports": listed}


def holding(answer: Mapping[str, Any], codes: Collection[str]) -> Holding:
    """What a destination says that it holds of the reports we asked about.

    Raises Permanent when the answer is not as agreed.
    """
    try:
        held = {
            row["report"]: {int(e["sequence"]): e["sha256"].lower() for e in row["events"]}
            for row in answer["reports"]
            if row["report"] in codes
        }
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Permanent("the answer to a reconciliation is not as agreed") from None
    if not all(0 <= sequence < LARGEST for events in held.values() for sequence in events):
        raise Permanent("the answer to a reconciliation has an impossible sequence")
    return held


def written(sequence: int) -> str:
    """A sequence as events carry it."""
    return f"{sequence:010d}"
