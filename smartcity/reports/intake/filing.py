"""Filing a report."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core import clock
from smartcity.core.db import insert_numbered
from smartcity.core.errors import Invalid
from smartcity.core.ids import new_id
from smartcity.core.text import fold
from smartcity.identity.permissions import Principal
from smartcity.media import service as media
from smartcity.reports.categories import category
from smartcity.reports.history import write_event
from smartcity.reports.models import REPORT_NUMBER, Report
from smartcity.reports.visible import subject
from smartcity.reports.workflow import Status


def submit(
    session: Session, reporter: Principal, asked: Mapping[str, Any]
) -> tuple[Report, list[media.Photo]]:
    """File a citizen's report with its photos; Invalid names the field that does not fit."""
    kind = category(asked["category"])
    if asked["anonymous"] and not kind.anonymous_allowed:
        raise Invalid(anonymous="report.anonymous_not_allowed")
    place = areas.locate(asked["latitude"], asked["longitude"])
    now = clock.now()
    columns = {
        "id": new_id(),
        "prefix": place.province.report_prefix,
        "reporter_id": uuid.UUID(reporter.id),
        "anonymous": asked["anonymous"],
        "urgent": asked["urgent"],
        "category": kind.code,
        "description": asked["description"],
        "folded": fold(asked["description"]),
        "latitude": asked["latitude"],
        "longitude": asked["longitude"],
        "address": asked.get("address"),
        "area": place.ward.code,
        "agency": None,
        "status": Status.SUBMITTED,
        "asked_in": None,
        "sequence": 1,
        "submitted_at": now,
        "updated_at": now,
    }
    number = insert_numbered(session, Report, REPORT_NUMBER, **columns)
    report = Report(number=number, **columns)
    photos = media.attach(session, asked["media_ids"], reporter.key, subject(report.id))
    write_event(session, report, "submit", reporter, None)
    return report, photos
