"""Asking a destination page by page what it holds, and looking again at what was repaired.

A page is asked outside any transaction and settled in one that moves the run's cursor: after kill
-9 the run goes on at the page that was not settled.
"""

import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Row, and_, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from smartcity.core import clock
from smartcity.core.db import reading, transaction
from smartcity.core.errors import Permanent
from smartcity.ioc import destinations
from smartcity.ioc.arrivals import arrived
from smartcity.ioc.models import OPEN, Delivery, Difference, Reconciliation, State
from smartcity.ioc.reconciliation import repair, runs
from smartcity.ioc.reconciliation.comparison import (
    Compared,
    Kind,
    Sent,
    compare,
    holding,
    sent,
    told,
)
from smartcity.jobs.service import LeaseLost

PAGE = 200  # reports
FIRST_LOOK, LONGEST_WAIT = 15.0, 600.0  # seconds until repairs are looked at
MOST_LOOKS = 40  # about six hours; what is not repaired by then is the next night's


def compare_page(run_id: uuid.UUID) -> bool:
    """Compare the next reports of a run, and send again what is not as it should be.

    False when there were none left. Raises LeaseLost when another worker did this page.
    """
    with reading() as session:
        run = session.get_one(Reconciliation, run_id)
        found = _next_reports(session, run)
        ours = sent(session, run.destination, [row.report_id for row in found])
    if not found:
        return False
    compared = _ask(run, ours)
    with transaction() as session:
        _advance(session, run, found[-1].position, len(found), len(ours))
        kept = session.get_one(Reconciliation, run_id)
        _settle(session, kept, compared)
    return True


def compared(session: Session, run_id: uuid.UUID) -> None:
    """All pages are done: end the run, or look in a while at what was sent again."""
    run = session.get_one(Reconciliation, run_id)
    if _has(session, run, Difference.kind != Kind.EXTRA):
        runs.enqueue(session, runs.VERIFY, run, after=FIRST_LOOK, look=1)
    else:
        run.ended_at = clock.now()


def verify_page(run_id: uuid.UUID, after: str) -> str | None:
    """Look whether repairs have arrived, of the reports whose code follows `after`.

    The last code looked at; None when there were no more.
    """
    with reading() as session:
        run = session.get_one(Reconciliation, run_id)
        codes = _unrepaired_codes(session, run, after)
        ours = sent(session, run.destination, _reports_of(session, run, codes))
    if not codes:
        return None
    if any(event.settled for event in ours):
        found = _ask(run, ours)
        with transaction() as session:
            kept = session.get_one(Reconciliation, run_id)
            arrived(session, run.destination, found.matching)
            runs.note_repaired(session, kept, [event.event_id for event in found.matching])
            runs.count(session, kept)
    return codes[-1]


def verified(session: Session, run_id: uuid.UUID, look: int) -> None:
    """Look once more later while repairs are on their way, else end the run."""
    run = session.get_one(Reconciliation, run_id)
    comes = and_(OPEN, Delivery.state != State.DEAD)
    if look < MOST_LOOKS and _has(session, run, comes):
        wait = min(FIRST_LOOK * 2.0**look, LONGEST_WAIT)
        runs.enqueue(session, runs.VERIFY, run, after=wait, look=look + 1)
    else:
        run.ended_at = clock.now()


def _ask(run: Reconciliation, ours: Sequence[Sent]) -> Compared:
    page = told(run.id, run.pages + 1, ours, run.until)
    answer = destinations.driver(run.destination).reconcile(page)
    if answer is None:
        raise Permanent("the destination cannot tell what it holds")
    held = holding(answer, {event.code for event in ours})
    return compare(ours, held, run.until)


def _next_reports(session: Session, run: Reconciliation) -> Sequence[Row[uuid.UUID, int]]:
    """The next reports in the order of their last event before `until`, each once."""
    later = aliased(Delivery)
    is_last = ~exists().where(
        later.report_id == Delivery.report_id,
        later.destination == Delivery.destination,
        later.position > Delivery.position,
        later.created_at < run.until,
    )
    query = select(Delivery.report_id, Delivery.position).where(
        Delivery.destination == run.destination,
        Delivery.position > int(run.cursor or 0),
        Delivery.created_at < run.until,
        is_last,
    )
    return session.execute(query.order_by(Delivery.position).limit(PAGE)).all()


def _advance(
    session: Session, run: Reconciliation, position: int, reports: int, events: int
) -> None:
    """Move the cursor from where the page began: the fence against a worker that woke late."""
    moved = update(Reconciliation).where(
        Reconciliation.id == run.id, Reconciliation.cursor == run.cursor
    )
    counts = {
        "pages": Reconciliation.pages + 1,
        "reports": Reconciliation.reports + reports,
        "events": Reconciliation.events + events,
    }
    result = session.connection().execute(
        moved.values(cursor=str(position), last_error=None, **counts)
    )
    if result.rowcount != 1:
        raise LeaseLost(f"reconciliation {run.id}")


def _settle(session: Session, run: Reconciliation, found: Compared) -> None:
    arrived(session, run.destination, found.matching)
    found = repair.without_what_comes(session, destinations.find(session, run.destination), found)
    runs.note_differences(session, run, found)
    repair.send_again(session, run, [*found.missing, *found.different])
    runs.count(session, run)


def _unrepaired(run: Reconciliation) -> ColumnElement[bool]:
    return and_(Difference.reconciliation_id == run.id, Difference.repaired_at.is_(None))


def _unrepaired_codes(session: Session, run: Reconciliation, after: str) -> Sequence[str]:
    query = select(Difference.code).where(
        _unrepaired(run), Difference.kind != Kind.EXTRA, Difference.code > after
    )
    return session.scalars(query.distinct().order_by(Difference.code).limit(PAGE)).all()


def _reports_of(session: Session, run: Reconciliation, codes: Sequence[str]) -> list[uuid.UUID]:
    query = (
        select(Delivery.report_id)
        .distinct()
        .join(Difference, Difference.event_id == Delivery.event_id)
    )
    mine = Delivery.destination == run.destination, Difference.reconciliation_id == run.id
    return list(session.scalars(query.where(*mine, Difference.code.in_(codes))))


def _has(session: Session, run: Reconciliation, *which: ColumnElement[bool]) -> bool:
    """Whether a run has differences of a kind that are not repaired."""
    query = (
        select(func.count())
        .select_from(Difference)
        .outerjoin(
            Delivery,
            and_(Delivery.event_id == Difference.event_id, Delivery.destination == run.destination),
        )
    )
    return bool(session.scalar(query.where(_unrepaired(run), *which)))
