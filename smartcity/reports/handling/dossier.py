"""How a report was handled, as officers see it: its parts, its questions, appeals and ratings."""

from typing import Any

from sqlalchemy.orm import Session

from smartcity.core.texts import text
from smartcity.reports.handling import parts, ratings
from smartcity.reports.models import Report

_OWN = ("proposed_question", "appealed_at", "returns", "reopenings")


def dossier(session: Session, report: Report) -> dict[str, Any]:
    """What stands in an officer's view of a report beside the report itself."""
    root = session.get(Report, report.duplicate_of) if report.duplicate_of else None
    whole = session.get(Report, report.part_of) if report.part_of else None
    return {
        **{name: getattr(report, name) for name in _OWN},
        "duplicate_of": _named(root) if root else None,
        "part_of": _named(whole) if whole else None,
        "parts": [_named(part) for part in parts.of(session, report)],
        "ratings": ratings.of(session, report),
    }


def _named(report: Report) -> dict[str, Any]:
    return {
        "id": report.id,
        "code": report.code,
        "agency": report.agency,
        "status": report.status,
        "status_label": text(f"report.status.{report.status}"),
    }
