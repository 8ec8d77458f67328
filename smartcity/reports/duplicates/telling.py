"""What followers are told of a step: where the report stands, and the words meant for everybody."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.jobs.service import Job
from smartcity.push import service as push
from smartcity.reports.duplicates.following import reports_of
from smartcity.reports.duplicates.models import ReportFollower
from smartcity.reports.models import Report, ReportEvent

AT_ONCE = 200  # followers told in one transaction
# Other words, such as a question or its answer, are between the reporter and the officers.
_FOR_EVERYBODY = frozenset({"reject", "resolve"})


def followers_to_tell(
    session: Session, step: ReportEvent, after: uuid.UUID | None
) -> Sequence[ReportFollower]:
    """The next of those who followed when the step was made, by id; `after` is the last told."""
    query = select(ReportFollower).where(
        ReportFollower.report_id == step.report_id, ReportFollower.followed_at <= step.at
    )
    if after is not None:
        query = query.where(ReportFollower.id > after)
    return session.scalars(query.order_by(ReportFollower.id).limit(AT_ONCE)).all()


def messages(
    session: Session, report: Report, step: ReportEvent, followers: Sequence[ReportFollower]
) -> list[Job]:
    """A message to each, but for the reporter, who is told as such.

    Whoever follows by way of a report of his own is told of that, too.
    """
    known = reports_of(session, followers)
    told = [f for f in followers if f.citizen_id != report.reporter_id]
    return [_message(report, step, f, known[f.via] if f.via else None) for f in told]


def _message(report: Report, step: ReportEvent, to: ReportFollower, own: Report | None) -> Job:
    his = own is not None and own.reporter_id == to.citizen_id
    news = step.to_status if step.to_status != step.from_status else "update"
    to_be_told = step.move in _FOR_EVERYBODY and (own or report.public)
    words = (step.public_text or "") if to_be_told else ""
    return push.message(
        citizen=to.citizen_id,
        source=uuid.uuid5(step.id, to.citizen_id.hex),
        at=step.at,
        text=f"push.{'joined' if own else 'followed'}.{news}",
        values={"code": report.code, "own": own.code if own else "", "public_text": words},
        link=f"/reports/{own.id}" if own and his else f"/me/following/{report.id}",
    )
