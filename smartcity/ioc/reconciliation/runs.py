"""Runs: begun every night and by hand, one at a time for a destination, and what they found."""

import uuid
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import insert_all, reading, transaction
from smartcity.core.errors import Conflict
from smartcity.core.ids import new_id
from smartcity.ioc import destinations
from smartcity.ioc.models import Delivery, Destination, Difference, Reconciliation
from smartcity.ioc.reconciliation.comparison import Compared, Kind
from smartcity.jobs import service as jobs

RECONCILE, VERIFY = "ioc.reconcile", "ioc.verify_repairs"
NIGHT = time(2)  # of the local day; most of the province sleeps
LOOK_BACK = timedelta(days=30)
SETTLES_IN = timedelta(hours=1)  # what is younger may be on its way
SYSTEM = "system"
_COUNTS = ("pages", "reports", "events", "missing", "different", "extra", "repaired")


def can_reconcile(destination: Destination) -> bool:
    """Whether it can be asked what it holds."""
    asked_at = destination.options.get("reconcile_url")
    return destinations.is_sent_to(destination) and bool(asked_at)


def start(session: Session, name: str, by: str) -> Reconciliation:
    """Begin to compare the last 30 days with a destination.

    Raises Conflict when one is under way (also one that failed and waits for a person), or when
    the destination cannot be asked.
    """
    destination = destinations.hold(session, name)
    if not can_reconcile(destination):
        raise Conflict("ioc.cannot_reconcile")
    if jobs.head(session, ordering_key(name)):
        raise Conflict("ioc.reconciliation_runs")
    now = clock.now()
    run = new_run(name, by, since=now - LOOK_BACK, until=now - SETTLES_IN)
    run.cursor = str(_position_before(session, name, run.since))
    session.add(run)
    session.flush()
    enqueue(session, RECONCILE, run)
    return run


def start_due() -> None:
    """Begin the night's run of each destination that can tell, once."""
    with reading() as session:
        due = [d.name for d in destinations.active(session) if _is_due(session, d)]
    for name in due:
        with transaction() as session, suppress(Conflict):  # the one under way stands for it
            start(session, name, SYSTEM)


def new_run(name: str, by: str, **period: Any) -> Reconciliation:
    """A run that has compared nothing yet."""
    counts = dict.fromkeys(_COUNTS, 0)
    return Reconciliation(
        **{"id": new_id(), **period},
        destination=name,
        started_by=by,
        started_at=clock.now(),
        **counts,
    )


def enqueue(
    session: Session, job: str, run: Reconciliation, after: float = 0.0, **told: Any
) -> None:
    """Enqueue a step of a run behind the one that is being done."""
    jobs.enqueue(
        session,
        job,
        {"run": str(run.id), **told},
        ordering_key=ordering_key(run.destination),
        after=after,
        queue=f"reconciliation:{run.destination}",
    )


def ordering_key(name: str) -> str:
    """What the steps of a destination's runs share, so that there is one run at a time."""
    return f"reconcile:{name}"


def note_differences(session: Session, run: Reconciliation, found: Compared) -> None:
    """List what did not agree, but for what this run has listed already."""
    rows = list(_rows(run.id, found))
    codes = {row["code"] for row in rows}
    listed = select(Difference.code, Difference.sequence).where(
        Difference.reconciliation_id == run.id, Difference.code.in_(codes)
    )
    known = {(code, sequence) for code, sequence in session.execute(listed)}
    new = [row for row in rows if (row["code"], row["sequence"]) not in known]
    insert_all(session, Difference, new)


def note_repaired(session: Session, run: Reconciliation, events: Collection[uuid.UUID]) -> None:
    """Note that what did not agree now does."""
    mended = update(Difference).where(
        Difference.reconciliation_id == run.id,
        Difference.event_id.in_(events),
        Difference.repaired_at.is_(None),
    )
    session.connection().execute(mended.values(repaired_at=clock.now()))


def count(session: Session, run: Reconciliation) -> None:
    """Bring a run's counts up to what is listed."""
    counted = (
        select(Difference.kind, func.count(), func.count(Difference.repaired_at))
        .where(Difference.reconciliation_id == run.id)
        .group_by(Difference.kind)
    )
    found = {kind: (number, mended) for kind, number, mended in session.execute(counted)}
    for kind in Kind:
        setattr(run, kind, found.get(kind, (0, 0))[0])
    run.repaired = sum(mended for _, mended in found.values())


def _rows(run: uuid.UUID, found: Compared) -> Iterable[dict[str, Any]]:
    for kind, events in ((Kind.MISSING, found.missing), (Kind.DIFFERENT, found.different)):
        for event in events:
            yield _row(run, event.code, event.sequence, kind, event.event_id)
    for code, sequence in found.extra:
        yield _row(run, code, sequence, Kind.EXTRA, None)


def _row(
    run: uuid.UUID, code: str, sequence: int, kind: Kind, event_id: uuid.UUID | None
) -> dict[str, Any]:
    found = {"code": code, "sequence": sequence, "kind": kind, "event_id": event_id}
    return {"reconciliation_id": run, **found}


def _is_due(session: Session, destination: Destination) -> bool:
    if not can_reconcile(destination):
        return False
    begun = select(func.max(Reconciliation.started_at)).where(
        Reconciliation.destination == destination.name, Reconciliation.started_by == SYSTEM
    )
    last = session.scalar(begun)
    return last is None or last < _last_night()


def _last_night() -> datetime:
    now = clock.now().astimezone(clock.LOCAL)
    tonight = datetime.combine(now.date(), NIGHT, clock.LOCAL)
    return tonight if tonight <= now else tonight - timedelta(days=1)


def _position_before(session: Session, name: str, since: datetime) -> int:
    """The last position that is too old to be compared: found from the newest backwards."""
    older = select(Delivery.position).where(
        Delivery.destination == name, Delivery.created_at < since
    )
    return session.scalar(older.order_by(Delivery.position.desc()).limit(1)) or 0
