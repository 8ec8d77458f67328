"""What the database of a running demonstration holds, read beside it."""

from __future__ import annotations

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from smartcity.core.db import open_engine
from smartcity.ioc.models import Delivery
from smartcity.jobs.models import JobRow, State
from smartcity.push.models import InboxMessage
from smartcity.reports.models import Report, ReportEvent

FORWARD, DELIVER, NOTIFY = "ioc.forward", "ioc.deliver", "push.notify"


class Records:
    """Reads only."""

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url, pool=2).execution_options(reading=True)

    def held_by(self, pid: int) -> int:
        """Deliveries that a worker process has leased."""
        return self._count(JobRow.name == DELIVER, JobRow.leased_by.like(f"%:{pid}:%"))

    def is_quiet(self) -> bool:
        """Whether no step of a report waits to be told to anybody."""
        told = JobRow.name.in_([FORWARD, DELIVER, NOTIFY])
        return not self._count(told, JobRow.state != State.DEAD)

    def dead_letters(self) -> int:
        return self._count(JobRow.state == State.DEAD)

    def events_for_the_centre(self) -> list[tuple[str, str, int]]:
        """Id, report and sequence of each step that the centre did not cause itself."""
        query = select(ReportEvent, Report).join(Report, Report.id == ReportEvent.report_id)
        others = query.where(ReportEvent.actor.not_like("operations_centre:%"))
        with Session(self._engine) as session:
            steps = session.execute(others).all()
            return sorted((str(step.id), report.code, step.sequence) for step, report in steps)

    def delivered(self) -> list[str]:
        """Ids of the steps that are written down as delivered."""
        arrived = Delivery.state.in_(["delivered", "acknowledged"])
        return self._ids(select(Delivery.event_id).where(arrived))

    def untold(self) -> list[str]:
        """Ids of the steps of which the reporter's inbox has no message."""
        told = select(InboxMessage.id)
        return self._ids(select(ReportEvent.id).where(ReportEvent.id.not_in(told)))

    def close(self) -> None:
        self._engine.dispose()

    def _count(self, *conditions: object) -> int:
        with Session(self._engine) as session:
            return session.scalars(
                select(func.count()).select_from(JobRow).where(*conditions)
            ).one()

    def _ids(self, query: Select[object]) -> list[str]:
        with Session(self._engine) as session:
            return sorted(str(found) for found in session.scalars(query))
