"""Moderating: what the public is to see of a report, decided by the centre's staff."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from smartcity.core.db import reading, transaction
from smartcity.core.errors import NotFound
from smartcity.core.web import Blueprint, conditional, expected_version, version_tag
from smartcity.identity.permissions import Action, permit, principal
from smartcity.reports.models import Report
from smartcity.reports.publication import publishing, views
from smartcity.reports.publication.schemas import (
    HidingQuery,
    PublicationIn,
    PublicationOut,
    RedactionIn,
)
from smartcity.reports.visible import visible

blp = Blueprint(
    "publication", __name__, url_prefix="/api/v1/officer", description="Moderating reports"
)
_PUBLICATION = "/reports/<uuid:report_id>/publication"
_REDACTION = "/reports/<uuid:report_id>/photos/<uuid:media_id>/redaction"


@blp.route(_PUBLICATION)
@permit(Action.PUBLISH_REPORTS)
@blp.problems(401, 403, 404)
@blp.response(200, PublicationOut)
def get_publication(report_id: uuid.UUID) -> Any:
    """Just what the public sees or would see of a report, and what to cover in it."""
    with reading() as session:
        query = visible(principal(), Action.PUBLISH_REPORTS).where(Report.id == report_id)
        report = session.scalar(query)
        if report is None:
            raise NotFound("report.not_found")
        return _answer(session, report)


@blp.route(_PUBLICATION, methods=["PUT"])
@permit(Action.PUBLISH_REPORTS)
@blp.problems(401, 403, 404, 409, 412, 422, 428)
@conditional
@blp.arguments(PublicationIn)
@blp.response(200, PublicationOut)
def publish_report(asked: dict[str, Any], report_id: uuid.UUID) -> Any:
    """Show a report to the public, or change what is shown; without a body, as suggested."""
    version = expected_version()
    with transaction() as session:
        report = publishing.publish(session, principal(), report_id, asked, version)
        return _answer(session, report)


@blp.route(_PUBLICATION, methods=["DELETE"])
@permit(Action.PUBLISH_REPORTS)
@blp.problems(401, 403, 404, 409, 412, 422, 428)
@conditional
@blp.arguments(HidingQuery, location="query")
@blp.response(200, PublicationOut)
def hide_report(asked: dict[str, Any], report_id: uuid.UUID) -> Any:
    """Take a report and its photos from the public; it may be published again."""
    version = expected_version()
    with transaction() as session:
        report = publishing.hide(session, principal(), report_id, asked["reason"], version)
        return _answer(session, report)


@blp.route(_REDACTION, methods=["PUT"])
@permit(Action.PUBLISH_REPORTS)
@blp.problems(401, 403, 404, 412, 422, 428)
@conditional
@blp.arguments(RedactionIn)
@blp.response(200, PublicationOut)
def blur_photo(asked: dict[str, Any], report_id: uuid.UUID, media_id: uuid.UUID) -> Any:
    """Blur regions of a photo in all that the public sees; the original is kept."""
    version = expected_version()
    with transaction() as session:
        names = (report_id, media_id)
        report = publishing.blur(session, principal(), names, asked["regions"], version)
        return _answer(session, report)


@blp.route(_REDACTION, methods=["DELETE"])
@permit(Action.PUBLISH_REPORTS)
@blp.problems(401, 403, 404, 412, 428)
@conditional
@blp.response(200, PublicationOut)
def unblur_photo(report_id: uuid.UUID, media_id: uuid.UUID) -> Any:
    """Blur nothing in a photo any more."""
    version = expected_version()
    with transaction() as session:
        report = publishing.blur(session, principal(), (report_id, media_id), (), version)
        return _answer(session, report)


def _answer(session: Session, report: Report) -> Any:
    session.flush()
    body = views.moderated(session, report)
    return body, 200, {"ETag": version_tag(report.public_version)}
