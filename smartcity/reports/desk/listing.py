"""The lists of reports: an officer's by filter, and a citizen's own."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from smartcity.core.paging import Page, newest_first, oldest_first
from smartcity.identity.permissions import Action, Principal
from smartcity.reports.desk.filters import narrowed
from smartcity.reports.desk.words import newest_telling, telling
from smartcity.reports.models import Report
from smartcity.reports.visible import visible


def mine(session: Session, citizen: Principal, asked: Mapping[str, Any]) -> Page[Report]:
    """A citizen's own reports, newest first."""
    query = select(Report).where(Report.reporter_id == uuid.UUID(citizen.id))
    return newest_first(session, query, (Report.submitted_at, Report.id), asked)


def listed(session: Session, officer: Principal, asked: Mapping[str, Any]) -> Page[Report]:
    """The reports that an officer may see, by filter, newest first.

    With `sort` due those whose limit runs, the first to be over first.
    """
    query = visible(officer, Action.LIST_REPORTS).where(*narrowed(session, officer, asked))
    words = asked.get("q")
    if asked.get("sort") == "due":
        told = telling(session, words) if words else true()
        running = query.where(told, Report.due_at.is_not(None))
        return oldest_first(session, running, (Report.due_at, Report.id), asked)
    if words:
        return newest_telling(session, query, words, asked)
    return newest_first(session, query, (Report.submitted_at, Report.id), asked)
