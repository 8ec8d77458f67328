"""How each destination stands: what waits for it and since when, and what holds it back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, literal, literal_column, select, union_all
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.errors import NotFound
from smartcity.ioc import destinations
from smartcity.ioc.acknowledging import silent
from smartcity.ioc.models import OPEN, Delivery, Destination, Reconciliation, State
from smartcity.jobs import service as jobs

MOST = 100_000  # deliveries of a kind are counted at most, so that no scrape reads a million
LATE = timedelta(minutes=15)
WAITING = (State.PENDING, State.IN_FLIGHT, State.UNKNOWN, State.DEAD)


@dataclass
class Standing:
    """One destination's. `breaker`: closed, open, paused or disabled, and the `reason` why.

    `oldest_at`: since when the longest waiting delivery has been due. `unacknowledged`: taken, and
    not spoken of for longer than its `ack_hours`. `differences`: of the last reconciliation, not
    repaired.
    """

    name: str
    driver: str
    url: str
    version: int
    breaker: str = "closed"
    reason: str | None = None
    oldest_at: datetime | None = None
    delivered_at: datetime | None = None
    attempts: int = 0
    waiting: dict[str, int] = field(default_factory=dict)  # by state
    unacknowledged: int = 0
    differences: int = 0
    worries: list[str] = field(default_factory=list)

    def find_worries(self) -> list[str]:
        """What a person should look at; a pause is a person's own deed."""
        found = [self.breaker] if self.breaker in ("open", "disabled") else []
        if self.oldest_at and clock.now() - self.oldest_at > LATE:
            found.append("late")
        found += ["dead"] if self.waiting[State.DEAD] else []
        return [*found, *(n for n in ("unacknowledged", "differences") if getattr(self, n))]


def standings(session: Session) -> list[Standing]:
    """Every destination that hears of reports, by name; counts end at MOST."""
    known = destinations.active(session)
    found = {d.name: Standing(d.name, d.driver, d.url, d.version) for d in known}
    if not found:
        return []
    _count_open(session, found)
    _look_at_queues(session, found)
    for destination in known:
        _look_back(session, destination, found[destination.name])
    for standing in found.values():
        standing.worries = standing.find_worries()
    return list(found.values())


def of(session: Session, name: str) -> Standing:
    """One destination's. Raises NotFound for one that is not there, or retired."""
    for standing in standings(session):
        if standing.name == name:
            return standing
    raise NotFound("ioc.no_destination")


def pause(session: Session, actor: str, name: str, reason: str) -> None:
    """Send a destination nothing until it is resumed; what is on its way ends normally."""
    destinations.hold(session, name)
    jobs.pause(session, destinations.queue(name), actor, reason)
    _note(session, actor, "pause", name, reason)


def resume(session: Session, actor: str, name: str, reason: str) -> None:
    """Send again to a destination that was paused, or disabled since it said that it is gone."""
    destinations.hold(session, name)
    jobs.resume(session, destinations.queue(name))
    _note(session, actor, "resume", name, reason)


def _note(session: Session, actor: str, deed: str, name: str, reason: str) -> None:
    subject = ("destination", None)
    record(session, actor, f"destination.{deed}", subject, destination=name, reason=reason)


def _count_open(session: Session, found: dict[str, Standing]) -> None:
    each = [_open_of(name, state) for name in found for state in WAITING]
    rows: Sequence[Any] = session.execute(union_all(*each)).all()
    for name, state, number, attempts, since in rows:
        standing = found[name]
        standing.waiting[state] = number
        standing.attempts += attempts
        standing.oldest_at = min(filter(None, (standing.oldest_at, since)), default=None)


def _open_of(name: str, state: State) -> Select[tuple[str, str, int, int, datetime]]:
    """Number, attempts and earliest time of one state, from the index of what is open."""
    since = func.coalesce(Delivery.replayed_at, Delivery.created_at).label("since")
    is_so = Delivery.state == literal_column(f"'{state}'")
    some = select(Delivery.attempts, since).where(Delivery.destination == name, OPEN, is_so)
    first = some.order_by(Delivery.position).limit(MOST).subquery()
    attempts = func.coalesce(func.sum(first.c.attempts), 0)
    oldest = func.min(first.c.since)
    return select(literal(name), literal(str(state)), func.count(), attempts, oldest).select_from(
        first
    )


def _look_at_queues(session: Session, found: dict[str, Standing]) -> None:
    queues = {destinations.queue(name): name for name in found}
    for queue, row in jobs.queue_rows(session, queues).items():
        standing = found[queues[queue]]
        standing.breaker = jobs.breaker_of(row)
        standing.reason = row.disabled_reason or row.paused_reason or row.paused_by
        if standing.breaker == "open":
            standing.reason = _last_error(session, standing.name)


def _last_error(session: Session, name: str) -> str | None:
    failed = Delivery.destination == name, OPEN, Delivery.next_at.is_not(None)
    newest = Delivery.sent_at.desc()
    return session.scalar(select(Delivery.last_error).where(*failed).order_by(newest).limit(1))


def _look_back(session: Session, destination: Destination, standing: Standing) -> None:
    here = Delivery.destination == destination.name
    answered = select(Delivery.answered_at).where(here, Delivery.answered_at.is_not(None))
    standing.delivered_at = session.scalar(answered.order_by(Delivery.position.desc()).limit(1))
    overdue = select(Delivery.event_id).where(silent(destination)).limit(MOST).subquery()
    standing.unacknowledged = session.scalars(select(func.count()).select_from(overdue)).one()
    standing.differences = session.scalar(_differences(destination.name)) or 0


def _differences(name: str) -> Select[int]:
    """What the last reconciliation that came to its end left to be mended."""
    run = Reconciliation
    left = run.missing + run.different + run.extra - run.repaired
    ended = select(left).where(run.destination == name, run.ended_at.is_not(None))
    return ended.order_by(run.started_at.desc()).limit(1)
