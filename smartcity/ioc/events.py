"""A report's step as the CloudEvent that operations centres receive."""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from smartcity.core.context import settings
from smartcity.core.text import shortened
from smartcity.core.texts import text
from smartcity.media import service as media
from smartcity.reports import service as reports

BODIES_KEPT = timedelta(days=30)
PHOTOS_LAST = BODIES_KEPT + timedelta(hours=80)  # longer than the last body may be retried
# Bytes of the two long texts, so that the whole body stays under the 20,000 that we promise.
MOST_OF_DESCRIPTION, MOST_OF_PUBLIC_TEXT = 9_000, 6_500


def cloud_event(
    session: Session, report: reports.Report, event: reports.ReportEvent
) -> dict[str, Any]:
    """The event in CloudEvents 1.0, structured mode.

    `sequence` is zero-padded, since the extension is compared as text. A very long text is cut to
    end in "…". No word on the reporter: who he is, only authorised staff of this province see.
    """
    subject = reports.photos_of(report)
    photos = media.of_subjects(session, [subject], lifetime=PHOTOS_LAST).get(subject, [])
    return {
        "specversion": "1.0",
        "id": str(event.id),
        "source": settings().public_url,
        "type": f"vn.smartcity.report.{event.move}",
        "subject": report.code,
        "time": event.at.isoformat(timespec="milliseconds"),
        "sequence": f"{event.sequence:010d}",
        "datacontenttype": "application/json",
        "data": {
            "report": str(report.id),
            "code": report.code,
            "move": event.move,
            "status": event.to_status,
            "status_label": text(f"report.status.{event.to_status}", "vi"),
            "category": report.category,
            "description": shortened(report.description, MOST_OF_DESCRIPTION),
            "latitude": report.latitude,
            "longitude": report.longitude,
            "address": report.address,
            "area": report.area,
            "agency": event.agency,
            "urgent": report.urgent,
            "anonymous": report.anonymous,
            "reason": event.reason,
            "details": event.details,
            "public_text": shortened(event.public_text or "", MOST_OF_PUBLIC_TEXT) or None,
            "photos": [p["links"]["large"] for p in photos if p["links"]],
        },
    }


def encoded(envelope: dict[str, Any]) -> str:
    """The body to sign and send, Vietnamese as itself."""
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))
