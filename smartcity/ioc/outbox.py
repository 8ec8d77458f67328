"""Each step of a report, written out once for all destinations that hear of it.

The one log of what leaves: its positions have no gaps and rise in the order in which steps become
visible, so that whoever reads it up to a position has missed nothing below.
"""

import hashlib
import uuid
from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import insert_all, one_at_a_time, reading, transaction
from smartcity.core.expiry import AT_ONCE, Over
from smartcity.ioc import destinations
from smartcity.ioc.events import BODIES_KEPT, cloud_event, encoded
from smartcity.ioc.models import Delivery, Destination, Message, State
from smartcity.jobs.service import NORMAL, URGENT, Job, Lease, enqueue_all
from smartcity.reports import service as reports

DELIVER = "ioc.deliver"


def write_out(lease: Lease, event_id: uuid.UUID) -> None:
    """Write a step's message, a delivery and a job for each destination; ends the job with it."""
    with reading() as session:
        report, event = reports.event(session, event_id)
        hearing = destinations.hearing(session, report, event)
        body = encoded(cloud_event(session, report, event)) if hearing else ""
    if not hearing:
        return
    with transaction() as session:
        hearing = destinations.kept(session, hearing)
        enqueue_all(
            session, [_job(d, report, event) for d in hearing if destinations.is_sent_to(d)]
        )
        position = _write(session, report, event, body)
        _deliver(session, hearing, event, position)
        lease.finish(session)


def ordering_key(destination: str, report_id: uuid.UUID) -> str:
    """What the jobs of one report at one destination share, so that they go in order."""
    return f"ioc:{destination}:{report_id}"


def digest(body: str) -> str:
    """What both sides compare: SHA-256 of the body's bytes, hexadecimal."""
    return hashlib.sha256(body.encode()).hexdigest()


def rebuild(session: Session, event_id: uuid.UUID) -> str:
    """Write out a body anew that was dropped: its photo links are fresh, so its digest changes."""
    report, event = reports.event(session, event_id)
    body = encoded(cloud_event(session, report, event))
    session.execute(
        update(Message)
        .where(Message.event_id == event_id)
        .values(body=body, sha256=digest(body), made_at=clock.now())
    )
    return body


def bodies_over() -> Over:
    """The bodies of a time ago; what a message says can be told anew from its report."""
    old = Message.made_at < clock.now() - BODIES_KEPT
    return Over(Message, (Message.body.is_not(None), old))


def drop_bodies(over: Over) -> None:
    """Empty the messages, a few at a time."""
    batch = select(Message.event_id).where(*over.where).limit(AT_ONCE)
    while True:
        with transaction() as session:
            emptied = update(Message).where(Message.event_id.in_(batch)).values(body=None)
            gone = session.connection().execute(emptied).rowcount
        if gone < AT_ONCE:
            return


def _job(destination: Destination, report: reports.Report, event: reports.ReportEvent) -> Job:
    return Job(
        DELIVER,
        {"event": str(event.id), "destination": destination.name},
        ordering_key=ordering_key(destination.name, report.id),
        priority=URGENT if report.urgent else NORMAL,
        queue=destinations.queue(destination.name),
    )


def _write(session: Session, report: reports.Report, event: reports.ReportEvent, body: str) -> int:
    """The message's position: the log's writers come one after the other, until they commit."""
    one_at_a_time(session, "ioc.messages")
    last = select(func.coalesce(func.max(Message.position), 0)).scalar_subquery()
    row = {
        "event_id": event.id,
        "report_id": report.id,
        "code": report.code,
        "sequence": event.sequence,
        "move": event.move,
        "body": body,
        "sha256": digest(body),
        "made_at": clock.now(),
    }
    table = Message.__table__
    statement = table.insert().values(position=last + 1, **row).returning(table.c.position)  # type: ignore[attr-defined]
    position: int = session.connection().execute(statement).scalar_one()
    return position


def _deliver(
    session: Session, hearing: Sequence[Destination], event: reports.ReportEvent, position: int
) -> None:
    rows = [
        {
            "destination": destination.name,
            "event_id": event.id,
            "position": position,
            "report_id": event.report_id,
            "state": State.PENDING,
            "attempts": 0,
            "created_at": clock.now(),
        }
        for destination in hearing
    ]
    insert_all(session, Delivery, rows)
