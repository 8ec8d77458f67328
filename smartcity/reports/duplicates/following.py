"""Who hears of a report beside its reporter: by his wish, by support, or by a duplicate of his."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import insert_if_absent
from smartcity.core.ids import new_id
from smartcity.core.paging import Page, newest_first
from smartcity.identity.permissions import Principal
from smartcity.reports.duplicates.face import face
from smartcity.reports.duplicates.models import ReportFollower
from smartcity.reports.models import Report


def add_follower(
    session: Session, report: Report, citizen_id: uuid.UUID, via: uuid.UUID | None = None
) -> None:
    """Let a citizen hear of a report, which the caller holds, once; its reporter does anyway."""
    if citizen_id == report.reporter_id:
        return
    who = {"report_id": report.id, "citizen_id": citizen_id, "via": via}
    row = {"id": new_id(), **who, "followed_at": clock.now()}
    report.followers += insert_if_absent(session, ReportFollower, **row)


def remove_followers(session: Session, report: Report, *which: ColumnElement[bool]) -> None:
    """Let some hear no more of a report, which the caller holds."""
    gone = delete(ReportFollower).where(ReportFollower.report_id == report.id, *which)
    report.followers -= len(session.scalars(gone.returning(ReportFollower.id)).all())


def hand_over(session: Session, report: Report, parent: Report) -> None:
    """The reporter and the followers of a report hear of its parent from now on."""
    if report.reporter_id:
        add_follower(session, parent, report.reporter_id, report.id)
    for follower in session.scalars(_followers(report.id)).all():
        add_follower(session, parent, follower.citizen_id, follower.via or report.id)


def take_back(session: Session, report: Report, parent: Report) -> None:
    """Those who follow a parent by way of this report alone hear of it no more."""
    remove_followers(session, parent, ReportFollower.via == report.id)
    others = Report.duplicate_of == parent.id, Report.reporter_id.is_not(None)
    for other in session.scalars(select(Report).where(*others)).all():
        assert other.reporter_id
        add_follower(session, parent, other.reporter_id, other.id)


def followed(
    session: Session, citizen: Principal, asked: Mapping[str, Any]
) -> Page[ReportFollower]:
    """What a citizen follows, the latest first."""
    query = select(ReportFollower).where(ReportFollower.citizen_id == uuid.UUID(citizen.id))
    return newest_first(session, query, (ReportFollower.followed_at, ReportFollower.id), asked)


def shown(
    session: Session, citizen: Principal, follows: Sequence[ReportFollower]
) -> list[dict[str, Any]]:
    """What he follows as he may see it, with the code of the report that led there."""
    known = reports_of(session, follows)
    return [
        {
            **face(known[row.report_id], citizen),
            "followed_at": row.followed_at,
            "by_way_of": known[row.via].code if row.via else None,
        }
        for row in follows
    ]


def reports_of(session: Session, follows: Iterable[ReportFollower]) -> dict[uuid.UUID, Report]:
    """The reports that some rows speak of, those that led there, too."""
    ids = {ident for row in follows for ident in (row.report_id, row.via) if ident}
    return {r.id: r for r in session.scalars(select(Report).where(Report.id.in_(ids)))}


def _followers(report_id: uuid.UUID) -> Any:
    return select(ReportFollower).where(ReportFollower.report_id == report_id)
