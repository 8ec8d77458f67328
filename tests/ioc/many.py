"""A report as many reports, with all that was written out of it: where filing each takes too long.

Their messages keep the body of the first; the clones are like it but for ids, codes and digests.
"""

import hashlib
import uuid
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from smartcity.core.db import Base, insert_all, transaction
from smartcity.core.ids import new_id
from smartcity.ioc.models import Delivery, Message
from smartcity.reports.models import Report, ReportEvent

AT_ONCE = 1_000


def clone(app: Flask, report_id: str, copies: int) -> None:
    """Copies of a report, its steps, messages and deliveries, behind all that there is."""
    with app.app_context(), transaction() as session:
        first = session.get_one(Report, uuid.UUID(report_id))
        report, code = _row(first), first.code
        number = session.scalars(select(func.max(Report.number))).one()
        position = session.scalars(select(func.max(Message.position))).one()
        steps = [_row(step) for step in _of(session, ReportEvent, first.id)]
        messages = {m.event_id: _row(m) for m in _of(session, Message, first.id)}
        deliveries = [_row(d) for d in _of(session, Delivery, first.id)]
    rows: dict[type[Base], list[dict[str, Any]]]
    for start in range(0, copies, AT_ONCE):
        rows = {Report: [], ReportEvent: [], Message: [], Delivery: []}
        for _ in range(min(AT_ONCE, copies - start)):
            number, report_id_ = number + 1, new_id()
            rows[Report].append({**report, "id": report_id_, "number": number})
            for step in steps:
                event, old, position = new_id(), step["id"], position + 1
                rows[ReportEvent].append({**step, "id": event, "report_id": report_id_})
                mine = {"event_id": event, "report_id": report_id_, "position": position}
                told = {
                    "code": f"{code[:8]}{number:06d}",
                    "sha256": hashlib.sha256(event.bytes).hexdigest(),
                }
                rows[Message].append({**messages[old], **mine, **told})
                rows[Delivery] += [{**d, **mine} for d in deliveries if d["event_id"] == old]
        with app.app_context(), transaction() as session:
            for table, new in rows.items():
                insert_all(session, table, new)


def _of(session: Any, table: Any, report_id: uuid.UUID) -> Any:
    return session.scalars(select(table).where(table.report_id == report_id))


def _row(found: Base) -> dict[str, Any]:
    return {column.key: getattr(found, column.key) for column in found.__mapper__.column_attrs}
