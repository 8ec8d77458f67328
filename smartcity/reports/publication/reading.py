"""What the public asks for: a report, a list by filter, counts by commune."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, false, func, or_, select
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core.db import is_sqlite
from smartcity.core.errors import NotFound
from smartcity.core.paging import Page, newest_first
from smartcity.reports.models import PUBLIC_WORDS, Report
from smartcity.reports.publication.publishing import words
from smartcity.reports.publication.states import GROUPS, published
from smartcity.reports.workflow import Status


def find_published(session: Session, report_id: uuid.UUID) -> Report:
    """A public report; for one that was joined to another, that one. NotFound for any other."""
    report = session.get(Report, report_id)
    joined = report and report.visibility == "public" and report.status == Status.DUPLICATE
    wanted = report.duplicate_of if report and joined else report_id
    found = session.scalar(select(Report).where(published(), Report.id == wanted))
    if found is None:
        raise NotFound("report.not_found")
    return found


def list_published(session: Session, asked: Mapping[str, Any]) -> Page[Report]:
    """The public reports by filter, those published last first."""
    query = narrowed(session, select(Report), asked)
    return newest_first(session, query, (Report.published_at, Report.id), asked)


def narrowed(session: Session, query: Any, asked: Mapping[str, Any]) -> Any:
    """A query, whatever it selects, down to the public reports that somebody asked for."""
    query = query.where(published())
    for column in ("area", "agency", "status"):
        if asked.get(column):
            query = query.where(getattr(Report, column) == asked[column])
    if asked.get("category"):
        below = Report.category.startswith(f"{asked['category']}.", autoescape=True)
        query = query.where(or_(Report.category == asked["category"], below))
    if asked.get("since"):
        query = query.where(Report.submitted_at >= asked["since"])
    if asked.get("until"):
        query = query.where(Report.submitted_at < asked["until"])
    return query.where(*_holding(session, asked["q"])) if asked.get("q") else query


def counts_by_ward(session: Session, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every commune of today with its number of public reports, by group of states."""
    query = narrowed(session, select(Report.area, Report.status, func.count()), asked)
    counts: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(GROUPS.values(), 0))
    for area, status, count in session.execute(query.group_by(Report.area, Report.status)):
        counts[area][GROUPS[Status(status)]] += count
    return [
        {
            "area": ward.code,
            "name_vi": ward.name_vi,
            "name_en": ward.name_en,
            "count": sum(counts[ward.code].values()),
            **counts[ward.code],
        }
        for ward in areas.reference().wards
    ]


def _holding(session: Session, q: str) -> tuple[Any, ...]:
    """Holds every word that was asked for, whole."""
    wanted = words(q).split()
    if not wanted:
        return (false(),)
    if is_sqlite(session):
        return (and_(*(Report.public_words.contains(f" {word} ") for word in wanted)),)
    return (PUBLIC_WORDS.op("@@")(func.plainto_tsquery("simple", " ".join(wanted))),)
