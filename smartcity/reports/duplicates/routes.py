"""Before a report is sent, and instead of sending it: reports nearby, support, following."""

import uuid
from typing import Any

from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.core.paging import PageQuery, page_schema
from smartcity.core.ratelimit import limiter
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.reports.duplicates import following, joining
from smartcity.reports.duplicates.face import face
from smartcity.reports.duplicates.schemas import (
    FaceOut,
    FollowedOut,
    SimilarListOut,
    SimilarQuery,
)
from smartcity.reports.duplicates.similar import similar

blp = Blueprint(
    "joining_in", __name__, url_prefix="/api/v1", description="Similar reports, support, following"
)


@blp.route("/reports/similar")
@permit(Action.SUBMIT_REPORT)
@limiter.limit(lambda: settings().similar_limit)
@blp.problems(401, 403, 422, 429)
@blp.arguments(SimilarQuery, location="query")
@blp.response(200, SimilarListOut)
def list_similar_reports(asked: dict[str, Any]) -> dict[str, Any]:
    """Open reports nearby that may mean the same trouble. Ask before the citizen sends his."""
    with reading() as session:
        matches = similar(session, principal(), asked)
        return {
            "items": [
                {**face(m.report, principal()), "distance_m": round(m.metres, -1)} for m in matches
            ]
        }


@blp.route("/reports/<uuid:report_id>/support", methods=["PUT"])
@permit(Action.JOIN_IN)
@blp.problems(401, 403, 404, 409)
@blp.response(200, FaceOut)
def support_report(report_id: uuid.UUID) -> dict[str, Any]:
    """Tôi cũng gặp: count the citizen once, and let him follow. For a public or similar report."""
    with transaction() as session:
        return face(joining.support(session, principal(), report_id), principal())


@blp.route("/reports/<uuid:report_id>/support", methods=["DELETE"])
@permit(Action.JOIN_IN)
@blp.problems(401, 403)
@blp.response(204)
def withdraw_report_support(report_id: uuid.UUID) -> None:
    """Count the citizen no more; he goes on following. May be repeated."""
    with transaction() as session:
        joining.withdraw_support(session, principal(), report_id)


@blp.route("/reports/<uuid:report_id>/following", methods=["PUT"])
@permit(Action.JOIN_IN)
@blp.problems(401, 403, 404, 409)
@blp.response(200, FaceOut)
def follow_report(report_id: uuid.UUID) -> dict[str, Any]:
    """Let the citizen hear of every step of a report that is not his. May be repeated."""
    with transaction() as session:
        return face(joining.follow(session, principal(), report_id), principal())


@blp.route("/reports/<uuid:report_id>/following", methods=["DELETE"])
@permit(Action.JOIN_IN)
@blp.problems(401, 403)
@blp.response(204)
def unfollow_report(report_id: uuid.UUID) -> None:
    """Let the citizen hear of it no more. May be repeated."""
    with transaction() as session:
        joining.unfollow(session, principal(), report_id)


@blp.route("/me/following")
@permit(Action.JOIN_IN)
@blp.problems(400, 401, 403, 422)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(FollowedOut))
def list_followed_reports(asked: dict[str, Any]) -> dict[str, Any]:
    """What the citizen follows, the latest first, those that his own were joined to as well."""
    with reading() as session:
        page = following.followed(session, principal(), asked)
        items = following.shown(session, principal(), page.items)
        return {"items": items, "next_cursor": page.next_cursor}
