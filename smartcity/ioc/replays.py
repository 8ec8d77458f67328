"""Replays of many deliveries: by id, by state, by report, by time; a job does them in batches.

Each batch commits with how far it came, so a worker that is killed costs nothing but its batch.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.db import lock_row, transaction
from smartcity.core.errors import Invalid, NotFound
from smartcity.core.ids import new_id
from smartcity.identity.permissions import SYSTEM
from smartcity.ioc.models import OPEN, SETTLED, Delivery, Replay, State
from smartcity.ioc.replaying import again, sent_to
from smartcity.jobs import service as jobs
from smartcity.reports import service as reports

REPLAY = "ioc.replay"
AT_ONCE = 500
NARROWING = ("states", "events", "since", "until", "report")


def begin(
    session: Session, actor: str, name: str, asked: Mapping[str, Any], reason: str
) -> tuple[Replay, int]:
    """Note what is to be sent once more, how much that is now, and let a worker do it.

    `asked` has at least one of NARROWING. Raises NotFound, Conflict, Invalid.
    """
    wanted, matching = _understood(session, name, asked)
    newest = session.scalar(select(func.max(Delivery.position)).where(*matching)) or 0
    replay = Replay(
        id=new_id(),
        destination=name,
        wanted=wanted,
        reason=reason,
        started_by=actor,
        started_at=clock.now(),
        position=0,
        until_position=newest,
        replayed=0,
    )
    session.add(replay)
    session.flush()
    jobs.enqueue(session, REPLAY, {"replay": str(replay.id)})
    what, subject = {"destination": name, "wanted": wanted}, ("replay", replay.id)
    record(session, actor, "delivery.replay_many", subject, after=what, reason=reason)
    return replay, _count(session, matching)


def count(session: Session, name: str, asked: Mapping[str, Any]) -> int:
    """How many deliveries a replay would send once more; raises as `begin`."""
    return _count(session, _understood(session, name, asked)[1])


def find(session: Session, replay_id: uuid.UUID) -> Replay:
    """A replay and how far it came. Raises NotFound."""
    replay = session.get(Replay, replay_id)
    if replay is None:
        raise NotFound("ioc.no_replay")
    return replay


def carry_on(lease: jobs.Lease) -> None:
    """Do what is left of a replay, and end its job with the last batch."""
    replay_id = uuid.UUID(lease.payload["replay"])
    while True:
        with transaction() as session:
            if not _batch(session, replay_id):
                lease.finish(session)
                return
        lease.renew()


def _batch(session: Session, replay_id: uuid.UUID) -> bool:
    """The next batch; False when nothing is left."""
    replay = lock_row(session, select(Replay), Replay.id == replay_id)
    assert replay is not None
    held = session.scalars(_next(replay)).all()
    again(session, replay.destination, held, str(replay.id))
    replay.replayed += len(held)
    if len(held) == AT_ONCE:
        replay.position = held[-1].position
        return True
    replay.position, replay.ended_at = replay.until_position, clock.now()
    return False


def _next(replay: Replay) -> Select[Delivery]:
    left = Delivery.position > replay.position, Delivery.position <= replay.until_position
    matching = select(Delivery).where(*_matching(replay.destination, replay.wanted), *left)
    return matching.order_by(Delivery.position).limit(AT_ONCE).with_for_update()


def _understood(
    session: Session, name: str, asked: Mapping[str, Any]
) -> tuple[dict[str, Any], list[ColumnElement[bool]]]:
    """What is wanted as it is kept, and the condition that it makes."""
    sent_to(session, name)
    given = {key: asked[key] for key in NARROWING if asked.get(key)}
    if not given:
        raise Invalid(states="ioc.replay_of_what")
    if "report" in given:
        given["report"] = reports.identify(session, SYSTEM, given["report"])
    wanted = {key: _kept(value) for key, value in given.items()}
    return wanted, _matching(name, wanted)


def _kept(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(map(str, value)) if isinstance(value, list) else str(value)


def _matching(name: str, wanted: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    where = [Delivery.destination == name]
    if "states" in wanted:
        where.append(Delivery.state.in_(wanted["states"]))
        where += [OPEN] if not set(SETTLED).intersection(wanted["states"]) else []
    elif "events" not in wanted:  # what a person gave up is asked for by name
        where.append(Delivery.state != State.SUPERSEDED)
    if "events" in wanted:
        where.append(Delivery.event_id.in_([uuid.UUID(event) for event in wanted["events"]]))
    if "report" in wanted:
        where.append(Delivery.report_id == uuid.UUID(wanted["report"]))
    if "since" in wanted:
        where.append(Delivery.created_at >= datetime.fromisoformat(wanted["since"]))
    if "until" in wanted:
        where.append(Delivery.created_at < datetime.fromisoformat(wanted["until"]))
    return where


def _count(session: Session, matching: list[ColumnElement[bool]]) -> int:
    return session.scalars(select(func.count()).select_from(Delivery).where(*matching)).one()
