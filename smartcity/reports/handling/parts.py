"""A report that concerns several units: each part is a report of its own, without a reporter.

So nobody is told twice, and the parts' history, deadlines and figures are like any other's.
"""

import uuid
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core import clock
from smartcity.core.db import insert_numbered, lock_row
from smartcity.core.errors import Conflict, Invalid
from smartcity.core.ids import new_id
from smartcity.core.text import fold
from smartcity.identity.permissions import Principal
from smartcity.reports.categories import choices
from smartcity.reports.deadlines import running
from smartcity.reports.handling.obstacles import is_split
from smartcity.reports.handling.told import Told
from smartcity.reports.history import write_event
from smartcity.reports.models import REPORT_NUMBER, Report
from smartcity.reports.workflow import ENDED, Status

_SAME = ("prefix", "urgent", "category", "latitude", "longitude", "address", "area", "channel")


def split(session: Session, actor: Principal, report: Report, told: Told) -> dict[str, Any]:
    """File the parts of a report, which no unit has from now on; Invalid for a unit named twice."""
    agencies = [areas.agency(part["agency"]).code for part in told.parts]
    if len(set(agencies)) < len(agencies):
        raise Invalid(parts="report.unit_twice")
    report.agency = None
    filed = [_file(session, actor, report, part) for part in told.parts]
    return {"parts": [part.code for part in filed]}


def to_hand_out(session: Session, parent: Report) -> list[tuple[uuid.UUID, str]]:
    """The parts that were just filed, each with its unit."""
    query = select(Report.id, Report.suggested_agency).where(Report.part_of == parent.id)
    fresh = query.where(Report.status == Status.SUBMITTED).order_by(Report.number)
    return [(part_id, str(agency)) for part_id, agency in session.execute(fresh)]


def was_last(session: Session, part: Report, came_from: Status) -> bool:
    """Whether a part has just ended, the last that its report waited for.

    Holds that report: of two last parts that end at once, the later one sees the earlier.
    """
    if came_from in ENDED or Status(part.status) not in ENDED:
        return False
    whole = lock_row(session, select(Report), Report.id == part.part_of)
    return whole is not None and is_split(whole) and not _still_open(session, whole)


def conclude(session: Session, _actor: Principal, report: Report, _told: Told) -> None:
    """Gather the parts' proof under the whole; Conflict while a part is open."""
    if _still_open(session, report):
        raise Conflict("report.waits_for_parts")
    report.proof = [proof for part in of(session, report) for proof in part.proof or []]


def of(session: Session, report: Report) -> list[Report]:
    """The parts of a report, in the order of their numbers."""
    query = select(Report).where(Report.part_of == report.id).order_by(Report.number)
    return list(session.scalars(query))


def _still_open(session: Session, report: Report) -> bool:
    going_on = exists().where(Report.part_of == report.id, Report.status.not_in(ENDED))
    return bool(session.scalar(select(going_on)))


def _file(session: Session, actor: Principal, whole: Report, part: Any) -> Report:
    description, now = part.get("description") or whole.description, clock.now()
    columns = {
        **{name: getattr(whole, name) for name in _SAME},
        "id": new_id(),
        "part_of": whole.id,
        "reporter_id": None,
        "anonymous": False,
        "description": description,
        "folded": fold(description),
        "agency": None,
        "suggested_agency": part["agency"],
        "status": Status.SUBMITTED,
        "sequence": 1,
        "submitted_at": now,
        "updated_at": now,
        **running.opening(choices().categories[whole.category], now),
    }
    number = insert_numbered(session, Report, REPORT_NUMBER, **columns)
    filed = Report(number=number, **columns)
    write_event(session, filed, "submit", actor, None, details={"part_of": whole.code})
    return filed
