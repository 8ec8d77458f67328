"""A citizen's word on the ward of a report that lies near a boundary."""

import uuid

from sqlalchemy.orm import Session

from smartcity.core.db import lock_row
from smartcity.core.errors import NotFound
from smartcity.identity.permissions import Action, Principal
from smartcity.reports.categories import choices
from smartcity.reports.handling.moving import move
from smartcity.reports.intake.placing import placed
from smartcity.reports.intake.routing import suggested
from smartcity.reports.intake.rules import Matter
from smartcity.reports.models import Report
from smartcity.reports.visible import visible


def confirm(session: Session, citizen: Principal, report_id: uuid.UUID, area: str) -> Report:
    """Put a report into the ward that its reporter names, and suggest a unit anew.

    Raises Invalid for a ward that is not near, and what `move` raises.
    """
    report = lock_row(session, visible(citizen, Action.MOVE_REPORT), Report.id == report_id)
    if report is None:
        raise NotFound("report.not_found")
    place, _ = placed(report.latitude, report.longitude, area)
    kind = choices().categories[report.category]
    matter = Matter(kind, place.ward.code, report.folded, report.submitted_at)
    report.area, report.area_uncertain = place.ward.code, False
    report.suggested_agency = suggested(matter, place.agency).agency
    return move(session, citizen, report_id, "confirm_area")
