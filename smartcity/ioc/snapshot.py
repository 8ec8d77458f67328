"""The present state of all reports that a destination hears, for one that begins or lost its own.

Each page tells the log's position as it was before the first page was read. What the snapshot
shows may be newer than that, never older: the feed above it, minus what is not above a report's
`sequence`, gives the truth.
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core.errors import Malformed
from smartcity.core.signing import seal, unseal
from smartcity.identity.permissions import Principal
from smartcity.ioc import destinations
from smartcity.ioc.events import cloud_event, encoded
from smartcity.ioc.feed import end_of_log
from smartcity.ioc.models import Destination, Message
from smartcity.reports import service as reports

Step = tuple[reports.Report, reports.ReportEvent]


def page(session: Session, centre: Principal, cursor: str | None, limit: int) -> dict[str, Any]:
    """The reports of a page by rising id; Malformed for a cursor of somebody else's."""
    destination = destinations.find(session, centre.id)
    purpose = f"snapshot:{centre.id}"
    # The position comes first: what is read after it can only be newer.
    position, after = _place(purpose, cursor) if cursor else (end_of_log(session), None)
    found = reports.with_steps(session, after, limit)
    heard = [
        (report, step)
        for report, steps in found
        if (step := _last_heard(destination, report, steps))
    ]
    further = seal(purpose, [position, found[-1][0].id.hex]) if len(found) == limit else None
    return {"position": position, "reports": _shown(session, heard), "next_cursor": further}


def _place(purpose: str, cursor: str) -> tuple[int, uuid.UUID]:
    found = unseal(purpose, cursor)
    if not isinstance(found, list):
        raise Malformed("request.cursor")
    return found[0], uuid.UUID(found[1])


def _last_heard(
    destination: Destination,
    report: reports.Report,
    steps: Sequence[reports.ReportEvent],
) -> reports.ReportEvent | None:
    heard = (step for step in reversed(steps) if destinations.hears(destination, report, step))
    return next(heard, None)


def _shown(session: Session, heard: Sequence[Step]) -> list[dict[str, Any]]:
    query = select(Message).where(Message.event_id.in_([step.id for _, step in heard]))
    written = {message.event_id: message for message in session.scalars(query)}
    return [_item(session, step, written) for step in heard]


def _item(session: Session, step: Step, written: Mapping[uuid.UUID, Message]) -> dict[str, Any]:
    """A body that was dropped or never written is told anew, and kept by nobody.

    To keep it would change the digest that other destinations compare.
    """
    report, event = step
    message = written.get(event.id)
    return {
        "report": report.code,
        "status": report.status,
        "position": message and message.position,
        "sha256": message and message.sha256,
        "body": (message and message.body) or encoded(cloud_event(session, report, event)),
    }
