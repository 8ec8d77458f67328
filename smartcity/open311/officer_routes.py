"""The centre's staff find places for requests that came without coordinates."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from smartcity.core.db import reading, transaction
from smartcity.core.paging import PageQuery, page_schema
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.media import service as media
from smartcity.open311.schemas import PlacedOut, PlaceIn, UnplacedOut, UnplacedRefusalIn
from smartcity.reports import service as reports

_DESCRIPTION = "Phản ánh qua Open311 chưa có vị trí"
blp = Blueprint(
    "open311_unplaced", __name__, url_prefix="/api/v1/officer/open311", description=_DESCRIPTION
)


@blp.route("/unplaced")
@permit(Action.FILE_ON_BEHALF)
@blp.problems(400, 401, 403, 422)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(UnplacedOut))
def list_unplaced_requests(asked: dict[str, Any]) -> dict[str, Any]:
    """Requests that wait for a place, the longest waiting first."""
    with reading() as session:
        page = reports.relay.unplaced(session, asked)
        return {"items": _shown(session, page.items), "next_cursor": page.next_cursor}


@blp.route("/unplaced/<uuid:unplaced_id>/place", methods=["PUT"])
@permit(Action.FILE_ON_BEHALF)
@blp.problems(401, 403, 404, 409, 422)
@blp.arguments(PlaceIn)
@blp.response(200, PlacedOut)
def place_request(asked: dict[str, Any], unplaced_id: uuid.UUID) -> reports.Report:
    """File a request at the place that was found; the partner's token leads to it from now on."""
    with transaction() as session:
        return reports.relay.place(session, principal(), unplaced_id, asked)


@blp.route("/unplaced/<uuid:unplaced_id>/refusal", methods=["PUT"])
@permit(Action.FILE_ON_BEHALF)
@blp.problems(401, 403, 404, 409, 422)
@blp.arguments(UnplacedRefusalIn)
@blp.response(204)
def refuse_unplaced_request(asked: dict[str, Any], unplaced_id: uuid.UUID) -> None:
    """Refuse a request whose place nobody can find, and tell its partner why."""
    with transaction() as session:
        reports.relay.refuse(session, principal(), unplaced_id, asked["reason"])


def _shown(session: Session, waiting: Any) -> list[dict[str, Any]]:
    subjects = {row.id: reports.relay.photo_subject(row) for row in waiting}
    photos = media.of_subjects(session, list(subjects.values()))
    return [
        {
            **vars(row),
            "attributes": [_attribute(*given) for given in _given(row)],
            "media": photos.get(subjects[row.id], []),
        }
        for row in waiting
    ]


def _given(row: Any) -> Any:
    return (row.details or {}).get("attributes", {}).items()


def _attribute(code: str, value: str | list[str]) -> dict[str, Any]:
    return {"code": code, "values": [value] if isinstance(value, str) else value}
