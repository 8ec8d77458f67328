"""What an officer looks at before he joins one report to another."""

import uuid
from typing import Any

from smartcity.core.db import reading
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.reports import service, views
from smartcity.reports.duplicates.schemas import CandidateListOut
from smartcity.reports.duplicates.similar import comparable

blp = Blueprint(
    "duplicates", __name__, url_prefix="/api/v1/officer", description="Duplicates, for officers"
)


@blp.route("/reports/<uuid:report_id>/similar")
@permit(Action.LIST_REPORTS)
@blp.problems(401, 403, 404)
@blp.response(200, CandidateListOut)
def list_duplicate_candidates(report_id: uuid.UUID) -> dict[str, Any]:
    """Open reports that this one may be a duplicate of, of those that the officer may see."""
    with reading() as session:
        report = service.find(session, principal(), report_id)
        matches = comparable(session, principal(), report)
        reports = views.shown(session, [match.report for match in matches])
        return {
            "items": [
                {"report": report, "score": round(m.score, 2), "distance_m": round(m.metres)}
                for m, report in zip(matches, reports, strict=True)
            ]
        }
