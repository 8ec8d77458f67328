"""The results of a contest as they are read: by officers before, by everybody once told."""

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core.errors import Conflict, NotFound
from smartcity.participation.contests import winning
from smartcity.participation.contests.contest import CONTEST
from smartcity.participation.contests.draws import seed_of
from smartcity.participation.contests.mine import written
from smartcity.participation.contests.models import Draw, Winner
from smartcity.participation.contests.ranking import told
from smartcity.registers import service as registers


def for_officers(session: Session, contest_id: uuid.UUID) -> dict[str, Any]:
    """The winners, settled or as they would be now; the seed only once everybody may know it."""
    entry = registers.found(session, CONTEST, contest_id)
    draw = session.get(Draw, contest_id)
    if draw is None:
        raise NotFound("contest.never_published")
    if draw.settled_at:
        won = _settled(session, contest_id)
    else:
        prizes = entry.record["prizes"]
        rows = winning.winners(session, contest_id, prizes, seed_of(draw))
        won = [_winner(Winner(**row)) for row in rows]
    return {
        "version": draw.version,
        "settled_at": draw.settled_at,
        "settled_by": draw.settled_by,
        "told_at": draw.told_at,
        "entrants": winning.entrants(session, contest_id),
        "winners": won,
    }


def for_everybody(session: Session, contest_id: uuid.UUID) -> dict[str, Any]:
    """The winners with all that anybody needs to draw the lot again; Conflict before it is told."""
    registers.public_entry(session, CONTEST, contest_id)
    draw = session.get_one(Draw, contest_id)
    if draw.told_at is None:
        raise Conflict("contest.not_told")
    seed, won = seed_of(draw), _settled(session, contest_id)
    results = [(winner["points"], winner["took_ms"]) for winner in won]
    return {
        "told_at": written(draw.told_at),
        "seed": seed,
        "commitment": draw.commitment,
        "entrants": winning.entrants(session, contest_id),
        "winners": won,
        "equals": winning.equals(session, contest_id, results, seed),
    }


def answers(session: Session, contest_id: uuid.UUID) -> list[dict[str, Any]]:
    """The bank with its right answers; Conflict before the contest is over."""
    entry = registers.public_entry(session, CONTEST, contest_id)
    if not entry.over:
        raise Conflict("contest.answers_not_yet")
    return [_answer(question) for question in entry.record["questions"]]


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    same = {name: question[name] for name in ("id", "text", "options", "points", "explains", "law")}
    return {**same, "right": question["options"][question["right"]]}


def _settled(session: Session, contest_id: uuid.UUID) -> list[dict[str, Any]]:
    query = select(Winner).where(Winner.contest_id == contest_id).order_by(Winner.place)
    return [_winner(winner) for winner in session.scalars(query)]


def _winner(winner: Winner) -> dict[str, Any]:
    place = {"place": winner.place, "prize": winner.prize}
    return {**place, **told(winner.rank, winner.entrant_id, winner)}
