"""Reports for whoever mirrors all of them."""

import uuid
from collections.abc import Collection
from itertools import groupby

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from smartcity.reports.models import Report, ReportEvent, coded


def with_steps(
    session: Session, after: uuid.UUID | None, limit: int
) -> list[tuple[Report, list[ReportEvent]]]:
    """Reports by rising id, each with its steps, first to last."""
    query = select(Report).order_by(Report.id).limit(limit)
    found = session.scalars(query.where(Report.id > after) if after else query).all()
    steps = select(ReportEvent).where(ReportEvent.report_id.in_([report.id for report in found]))
    told = session.scalars(steps.order_by(ReportEvent.report_id, ReportEvent.sequence))
    by_report = {key: list(group) for key, group in groupby(told, lambda step: step.report_id)}
    return [(report, by_report.get(report.id, [])) for report in found]


def ids_of(session: Session, codes: Collection[str]) -> dict[str, uuid.UUID]:
    """The ids of the reports of some codes; those of no report are left out."""
    found = session.scalars(select(Report).where(or_(*map(coded, codes)))) if codes else ()
    return {report.code: report.id for report in found}
