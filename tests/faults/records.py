"""What the database holds, read beside the product."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import NullPool, Select, create_engine, func, or_, select
from sqlalchemy.orm import Session

from smartcity.ioc.models import Delivery
from smartcity.jobs.models import JobRow, SlotRow, State
from smartcity.jobs.registry import PERIODIC
from smartcity.push.models import InboxMessage
from smartcity.reports.models import Report, ReportEvent

SETTLED = ("delivered", "acknowledged")


@dataclass(frozen=True, order=True)
class Event:
    """One step of a report."""

    code: str
    sequence: int
    id: str


class Records:
    """Reads only; a new connection each time, since the database may be restarted."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, poolclass=NullPool)

    def events(self, reports: Iterable[str] | None = None) -> list[Event]:
        """Every step of these reports' codes, of all when not given, in order."""
        query = select(ReportEvent.id, ReportEvent.sequence, Report).join(
            Report, Report.id == ReportEvent.report_id
        )
        with Session(self._engine) as session:
            rows = session.execute(query).all()
            found = sorted(Event(report.code, number, str(id)) for id, number, report in rows)
        chosen = None if reports is None else set(reports)
        return [event for event in found if chosen is None or event.code in chosen]

    def filed(self, word: str) -> list[str]:
        """The last words of the descriptions that hold a word, each report one."""
        query = select(Report.description).where(Report.description.contains(word))
        return sorted(text.split()[-1] for text in self._all(query))

    def unsettled(self, destination: str) -> set[str]:
        """Ids of the events whose delivery is not settled, or was not even written down."""
        settled = select(Delivery.event_id).where(
            Delivery.destination == destination, Delivery.state.in_(SETTLED)
        )
        rest = select(ReportEvent.id).where(ReportEvent.id.not_in(settled))
        return {str(id) for id in self._all(rest)}

    def attempts(self) -> int:
        """How often anything was sent, with an answer or without."""
        return int(self._all(select(func.coalesce(func.sum(Delivery.attempts), 0)))[0])

    def repeated(self, events: set[str]) -> set[str]:
        """Those of the events that went out more than once."""
        again = select(Delivery.event_id).where(Delivery.attempts > 1)
        return events & {str(id) for id in self._all(again)}

    def unknown(self) -> set[str]:
        """Ids of the events of which nobody knows whether they arrived."""
        return {str(id) for id in self._all(select(Delivery.event_id).filter_by(state="unknown"))}

    def lags(self, destination: str, reports: Iterable[str]) -> list[float]:
        """Seconds from each step of these reports' codes to the destination's yes."""
        told = select(Delivery.event_id, Delivery.answered_at).where(
            Delivery.destination == destination, Delivery.state.in_(SETTLED)
        )
        return self._since(told, reports)

    def inbox_lags(self, reports: Iterable[str]) -> list[float]:
        """Seconds from each step of these reports' codes to the message for who filed it."""
        return self._since(select(InboxMessage.id, InboxMessage.created_at), reports)

    def waiting(self, *families: str) -> int:
        """Jobs of these families (the name's part before the dot) that will be done.

        Not those behind a dead letter, which wait for an operator, nor periodic ones.
        """
        held = select(JobRow.ordering_key).where(
            JobRow.state == State.DEAD, JobRow.ordering_key.is_not(None)
        )
        chosen = [JobRow.name.startswith(f"{family}.") for family in families]
        free = or_(JobRow.ordering_key.is_(None), JobRow.ordering_key.not_in(held))
        once = JobRow.queue != PERIODIC
        query = select(func.count()).where(JobRow.state != State.DEAD, once, free, or_(*chosen))
        return int(self._all(query)[0])

    def dead(self) -> list[int]:
        """The dead letters of all queues."""
        return self._all(select(JobRow.id).where(JobRow.state == State.DEAD))

    def held_by(self, pid: int) -> set[str]:
        """Ids of the events whose delivery a worker process has leased."""
        mine = JobRow.name == "ioc.deliver", JobRow.leased_by.like(f"%:{pid}:%")
        return {payload["event"] for payload in self._all(select(JobRow.payload).where(*mine))}

    def slots(self) -> dict[str, int]:
        """The newest period of each periodic job that somebody has taken."""
        query = select(SlotRow.name, func.max(SlotRow.slot)).group_by(SlotRow.name)
        with Session(self._engine) as session:
            return dict(session.execute(query).all())

    def _since(self, told: Select[Any], reports: Iterable[str]) -> list[float]:
        chosen = {event.id for event in self.events(reports)}
        with Session(self._engine) as session:
            began = dict(session.execute(select(ReportEvent.id, ReportEvent.at)).all())
            rows = session.execute(told).all()
        return [(at - began[id]).total_seconds() for id, at in rows if str(id) in chosen]

    def _all(self, query: Select[Any]) -> list[Any]:
        with Session(self._engine) as session:
            return list(session.scalars(query))
