"""A slip in the bank is corrected, and everybody is graded anew by it."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.core.errors import Conflict, Invalid, NotFound
from smartcity.core.ids import new_id
from smartcity.identity.permissions import Principal
from smartcity.jobs.service import Lease, enqueue
from smartcity.participation.contests import banks
from smartcity.participation.contests.contest import CONTEST
from smartcity.participation.contests.grading import AttemptState, best
from smartcity.participation.contests.models import Attempt, Draw, Entrant, Regrade
from smartcity.participation.contests.papers import graded
from smartcity.participation.contests.settling import SETTLED
from smartcity.registers import service as registers
from smartcity.registers.service import Entry

REGRADE = "contests.regrade"
_AT_ONCE = 200  # entrants a transaction
# The one change that a bank may undergo once somebody entered.
_CORRECTED = replace(CONTEST, check=lambda _session, _entry, _record: None)


def correct(
    session: Session, who: Principal, contest_id: uuid.UUID, version: int, asked: Mapping[str, Any]
) -> Regrade:
    """Say which option of a question is right; a job grades everybody anew. Audited.

    PreconditionFailed for another version of the contest, Conflict once it is settled, Invalid for
    what its bank lacks or says already.
    """
    entry = registers.found(session, CONTEST, contest_id)
    before = _right(entry, asked)
    draw = _draw(session, contest_id)
    registers.change(
        session, _CORRECTED, who, contest_id, version, _record(entry, asked), asked["reason"]
    )
    draw.version += 1
    made = _noted(session, who, contest_id, asked, before)
    enqueue(session, REGRADE, {"regrade": str(made.id)}, ordering_key=f"contest:{contest_id}")
    told: dict[str, Any] = {"question": made.question, "before": before, "right": made.right}
    subject = ("contest", contest_id)
    audit.record(session, who.key, "contest.regrade", subject, reason=made.reason, **told)
    return made


def last(session: Session, contest_id: uuid.UUID) -> Regrade:
    """The last correction of a contest and how far it is; NotFound."""
    query = select(Regrade).where(Regrade.contest_id == contest_id)
    found = session.scalar(query.order_by(Regrade.made_at.desc(), Regrade.id.desc()).limit(1))
    if found is None:
        raise NotFound("contest.never_corrected")
    return found


def carry_out(lease: Lease) -> None:
    """Grade all ended attempts by the bank as it stands; begins anew when a worker died over it."""
    regrade_id = uuid.UUID(lease.payload["regrade"])
    after, done = uuid.UUID(int=0), 0
    while not lease.finished:
        with transaction() as session:
            lease.hold(session)
            made = session.get_one(Regrade, regrade_id)
            entrants = _batch(session, made.contest_id, after)
            _grade(session, made.contest_id, entrants)
            done += len(entrants)
            made.done = done
            if len(entrants) < _AT_ONCE:
                made.ended_at = clock.now()
                lease.finish(session)
            else:
                after = entrants[-1]


def _batch(session: Session, contest_id: uuid.UUID, after: uuid.UUID) -> list[uuid.UUID]:
    query = select(Entrant.citizen_id).where(Entrant.contest_id == contest_id)
    query = query.where(Entrant.citizen_id > after).order_by(Entrant.citizen_id)
    return list(session.scalars(query.limit(_AT_ONCE)))


def _grade(session: Session, contest_id: uuid.UUID, citizens: list[uuid.UUID]) -> None:
    theirs = Attempt.contest_id == contest_id, Attempt.citizen_id.in_(citizens)
    ended = select(Attempt).where(*theirs, Attempt.state != AttemptState.RUNNING)
    by_citizen = ended.order_by(Attempt.citizen_id, Attempt.number).with_for_update()
    attempts = session.scalars(by_citizen).all()
    bank = banks.held(session, contest_id).bank
    for attempt in attempts:
        attempt.points = graded(bank, attempt.paper, attempt.answers)
    found = select(Entrant).where(Entrant.contest_id == contest_id)
    found = found.where(Entrant.citizen_id.in_(citizens)).order_by(Entrant.citizen_id)
    entrants = {entrant.citizen_id: entrant for entrant in session.scalars(found.with_for_update())}
    for citizen, his in groupby(attempts, lambda attempt: attempt.citizen_id):
        _keep_best(entrants[citizen], list(his))


def _keep_best(entrant: Entrant, attempts: list[Attempt]) -> None:
    if top := best(attempts):
        entrant.best_id, entrant.points, entrant.took_ms = top.id, top.points, top.took_ms


def _draw(session: Session, contest_id: uuid.UUID) -> Draw:
    query = select(Draw).where(Draw.contest_id == contest_id).with_for_update()
    draw = session.scalars(query).first()
    if draw is None:
        raise Conflict("contest.never_published")
    if draw.settled_at:
        raise Conflict(SETTLED)
    return draw


def _right(entry: Entry, asked: Mapping[str, Any]) -> int:
    """Which option is right so far; Invalid for a correction that changes nothing."""
    named = [each for each in entry.record["questions"] if each["id"] == asked["question"]]
    if not named:
        raise Invalid(question="contest.no_such_question")
    if asked["right"] >= len(named[0]["options"]):
        raise Invalid(right="contest.no_such_option")
    if asked["right"] == named[0]["right"]:
        raise Invalid(right="contest.right_already")
    return int(named[0]["right"])


def _record(entry: Entry, asked: Mapping[str, Any]) -> dict[str, Any]:
    corrected = [
        {**question, "right": asked["right"]} if question["id"] == asked["question"] else question
        for question in entry.record["questions"]
    ]
    return {**entry.record, "questions": corrected}


def _noted(
    session: Session, who: Principal, contest_id: uuid.UUID, asked: Mapping[str, Any], before: int
) -> Regrade:
    entered = select(func.count()).select_from(Entrant).where(Entrant.contest_id == contest_id)
    made = Regrade(
        id=new_id(),
        contest_id=contest_id,
        before=before,
        made_by=who.key,
        made_at=clock.now(),
        entrants=session.scalars(entered).one(),
        done=0,
        **asked,
    )
    session.add(made)
    session.flush()
    return made
