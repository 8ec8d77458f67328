"""What a citizen may know of another's report: what is public, or that there is one at all."""

import uuid
from typing import Any

from smartcity.core import clock
from smartcity.core.texts import text
from smartcity.identity.permissions import Principal
from smartcity.reports.categories import choices
from smartcity.reports.duplicates.nearby import Nearby
from smartcity.reports.models import Report

_DECIMALS = 4  # of a degree: 11 m


def told_to_strangers(report: Report | Nearby) -> bool:
    """Whether others may learn that there is this report: not before it is public, if sensitive.

    Whom a report of noise or violence is about must not find out by asking.
    """
    return report.public or not choices().categories[report.category].sensitive


def place_shown(report: Report | Nearby) -> tuple[float, float]:
    """Its public place, or the rounded one of a report that nobody has published yet."""
    if report.public and report.public_latitude is not None and report.public_longitude is not None:
        return report.public_latitude, report.public_longitude
    return round(report.latitude, _DECIMALS), round(report.longitude, _DECIMALS)


def face(report: Report, reader: Principal) -> dict[str, Any]:
    """A report as a citizen who did not file it sees it: never who did, words only if public."""
    latitude, longitude = place_shown(report)
    return {
        "id": report.id,
        "code": report.code,
        "category": report.category,
        "status": report.status,
        "status_label": text(f"report.status.{report.status}"),
        "description": report.public_description if report.public else None,
        "latitude": latitude,
        "longitude": longitude,
        "age_hours": int((clock.now() - report.submitted_at).total_seconds() // 3600),
        "supporters": report.supporters,
        "mine": report.reporter_id == uuid.UUID(reader.id),
    }
