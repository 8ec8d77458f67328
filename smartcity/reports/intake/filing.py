"""Filing a report."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import insert_numbered
from smartcity.core.errors import Invalid
from smartcity.core.ids import new_id
from smartcity.core.text import fold
from smartcity.identity.permissions import Principal
from smartcity.media import service as media
from smartcity.reports.categories import Category, category
from smartcity.reports.deadlines import running
from smartcity.reports.history import write_event
from smartcity.reports.intake.placing import placed
from smartcity.reports.intake.routing import suggested
from smartcity.reports.intake.rules import Matter
from smartcity.reports.models import REPORT_NUMBER, Report
from smartcity.reports.visible import subject
from smartcity.reports.workflow import Status


@dataclass(frozen=True)
class Source:
    """How a report comes in, when not from a citizen who files for himself with the app.

    `reporter_id` is the citizen whose report it is, None when nobody knows him. `device` is the
    keyed digest of the app's installation. `details` stand in the history.
    """

    reporter_id: uuid.UUID | None
    channel: str = "app"
    device: str | None = None
    details: dict[str, Any] | None = None


def submit(
    session: Session,
    filer: Principal,
    asked: Mapping[str, Any],
    source: Source | None = None,
) -> tuple[Report, list[media.Photo]]:
    """File a report with its photos; Invalid names the field that does not fit.

    Without a source the filer is the citizen whose report it is. The photos are the filer's.
    """
    source = source or Source(uuid.UUID(filer.id))
    kind = category(asked["category"])
    if asked["anonymous"] and not kind.anonymous_allowed:
        raise Invalid(anonymous="report.anonymous_not_allowed")
    columns = {**_told(asked), **_begun(filer, source)}
    columns |= _placed(kind, columns, asked.get("area"))
    columns |= running.opening(kind, columns["submitted_at"])
    number = insert_numbered(session, Report, REPORT_NUMBER, **columns)
    report = Report(number=number, **columns)
    photos = media.attach(session, asked["media_ids"], filer.key, subject(report.id))
    write_event(
        session, report, "submit", filer, None, details=source.details, device=source.device
    )
    return report, photos


def _told(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "anonymous": asked["anonymous"],
        "urgent": asked["urgent"],
        "category": asked["category"],
        "description": asked["description"],
        "folded": fold(asked["description"]),
        "latitude": asked["latitude"],
        "longitude": asked["longitude"],
        "address": asked.get("address"),
    }


def _placed(kind: Category, told: Mapping[str, Any], chosen: str | None) -> dict[str, Any]:
    place, uncertain = placed(told["latitude"], told["longitude"], chosen)
    matter = Matter(kind, place.ward.code, told["folded"], told["submitted_at"])
    return {
        "prefix": place.province.report_prefix,
        "area": place.ward.code,
        "area_uncertain": uncertain,
        "agency": None,
        "suggested_agency": suggested(matter, place.agency).agency,
    }


def _begun(filer: Principal, source: Source) -> dict[str, Any]:
    now = clock.now()
    return {
        "id": new_id(),
        "reporter_id": source.reporter_id,
        "channel": source.channel,
        "filed_by": None if source.channel == "app" else filer.key,
        "hints": [],
        "status": Status.SUBMITTED,
        "asked_in": None,
        "sequence": 1,
        "submitted_at": now,
        "updated_at": now,
    }
