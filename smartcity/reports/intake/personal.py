"""The devices that a citizen's reports came from: told to him, and forgotten."""

import uuid
from collections.abc import Iterator
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from smartcity.reports.intake.models import ReportDevice
from smartcity.reports.models import Report


def held_devices(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """Each of his reports whose device is known, by the digest that stands for it."""
    query = select(ReportDevice).join(Report, Report.id == ReportDevice.report_id)
    for row in session.scalars(query.where(Report.reporter_id == citizen_id)):
        yield {"report_id": row.report_id, "device": row.device_index, "at": row.at}


def forget_devices(session: Session, citizen_id: uuid.UUID) -> None:
    """Forget which devices his reports came from; blocks of devices go on until their day."""
    his = select(Report.id).where(Report.reporter_id == citizen_id)
    session.execute(delete(ReportDevice).where(ReportDevice.report_id.in_(his)))
