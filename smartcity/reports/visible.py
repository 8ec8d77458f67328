"""Which reports a reader may see, and finding one of them."""

import uuid
from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import Session, load_only

from smartcity.areas import service as areas
from smartcity.core.db import lock_row
from smartcity.core.errors import Forbidden, NotFound
from smartcity.identity.permissions import Action, Principal, Role, Scope
from smartcity.reports.models import Report, ReportEvent, coded


def find(session: Session, reader: Principal, report_id: uuid.UUID) -> Report:
    """A report that the reader may see; NotFound when it is absent or hidden."""
    query = visible(reader, Action.READ_REPORT).where(Report.id == report_id)
    report = session.scalar(query)
    if report is None:
        raise NotFound("report.not_found")
    return report


def hold(session: Session, actor: Principal, named: str) -> Report:
    """The report that an outside system names by id or code, held until the transaction ends."""
    report = lock_row(session, visible(actor, Action.MOVE_REPORT), _is(named))
    if report is None:
        raise NotFound("report.not_found")
    return report


def identify(session: Session, actor: Principal, named: str) -> uuid.UUID:
    """The id of the report that an outside system names by id or code, not held."""
    query = visible(actor, Action.MOVE_REPORT).where(_is(named))
    ident: uuid.UUID | None = session.scalar(query.with_only_columns(Report.id))
    if ident is None:
        raise NotFound("report.not_found")
    return ident


def codes(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What people call some reports by, for lists of what happened to them."""
    told = load_only(Report.number, Report.prefix, Report.submitted_at)
    found = session.scalars(select(Report).where(Report.id.in_(ids)).options(told))
    return {report.id: report.code for report in found}


def event(session: Session, event_id: uuid.UUID) -> tuple[Report, ReportEvent]:
    """A step and its report, for whoever carries it on."""
    found = session.get_one(ReportEvent, event_id)
    return session.get_one(Report, found.report_id), found


def subject(report_id: uuid.UUID) -> str:
    """How photos name the report they belong to."""
    return f"report:{report_id}"


def photos_of(report: Report) -> str:
    """How the photos that were reported name it; a part has those of the whole."""
    return subject(report.part_of or report.id)


def visible(reader: Principal, action: Action) -> Select[Report]:
    """All reports, those of the reader's agency (and its commune), or his own."""
    match reader.scope(action):
        case Scope.ALL:
            return select(Report)
        case Scope.AGENCY:
            # None is no unit: what nobody was given yet is not his.
            return select(Report).where(Report.agency == (reader.agency or ""))
        case Scope.AREA:
            unit = areas.reference().agencies.get(reader.agency or "")
            agencys = Report.agency == (reader.agency or "")
            # A department has no commune of its own: it sees what it was given.
            there = Report.area == unit.area_code if unit and unit.area_code else false()
            return select(Report).where(or_(agencys, there))
        case Scope.OWN if reader.role is Role.PARTNER:
            return select(Report).where(Report.filed_by == reader.key)
        case Scope.OWN:
            return select(Report).where(Report.reporter_id == uuid.UUID(reader.id))
    raise Forbidden("identity.forbidden")


def _is(named: str) -> ColumnElement[bool]:
    try:
        return Report.id == uuid.UUID(named)
    except ValueError:
        return coded(named)
