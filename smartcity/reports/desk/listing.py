"""The lists of reports: an officer's by filter, and a citizen's own."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core.paging import Page, newest_first
from smartcity.core.text import fold
from smartcity.identity.permissions import Action, Principal
from smartcity.reports.desk import models as desk  # noqa: F401  (its tables)
from smartcity.reports.models import Report, coded
from smartcity.reports.visible import visible


def mine(session: Session, citizen: Principal, asked: Mapping[str, Any]) -> Page[Report]:
    """A citizen's own reports, newest first."""
    query = select(Report).where(Report.reporter_id == uuid.UUID(citizen.id))
    return newest_first(session, query, (Report.submitted_at, Report.id), asked)


def listed(session: Session, officer: Principal, asked: Mapping[str, Any]) -> Page[Report]:
    """The reports that an officer may see, by filter, newest first."""
    query = visible(officer, Action.LIST_REPORTS)
    for column in ("status", "category", "area", "agency", "urgent"):
        if asked.get(column) is not None:
            query = query.where(getattr(Report, column) == asked[column])
    if asked.get("code"):
        query = query.where(coded(asked["code"]))
    if asked.get("since"):
        query = query.where(Report.submitted_at >= asked["since"])
    if asked.get("until"):
        query = query.where(Report.submitted_at < asked["until"])
    if asked.get("q"):
        query = query.where(Report.folded.contains(fold(asked["q"]), autoescape=True))
    return newest_first(session, query, (Report.submitted_at, Report.id), asked)
