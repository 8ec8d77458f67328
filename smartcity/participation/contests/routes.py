"""Citizens enter contests; everybody reads how they stand and who won."""

import uuid
from typing import Any

import orjson
from flask import Response, current_app

from smartcity.changes.kept import unkept
from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.core.ratelimit import limiter
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.participation.contests import attempts, banks, mine, ranking, results
from smartcity.participation.contests.contest import CONTEST
from smartcity.participation.contests.wire import (
    AnswersIn,
    AnswersOut,
    AttemptOut,
    ContestResultsOut,
    EntryIn,
    LeaderboardOut,
    MyContestOut,
    RightAnswersOut,
)
from smartcity.registers import service as registers

_CONTEST, _ATTEMPT = "/contests/<uuid:contest_id>", "/contest-attempts/<uuid:attempt_id>"
blp = Blueprint("contests", __name__, url_prefix="/api/v1", description="Dự thi")


@blp.route(f"{_CONTEST}/attempts", methods=["POST"])
@permit(Action.TAKE_PART)
@limiter.limit(lambda: settings().contest_limit)
@blp.problems(401, 403, 404, 409, 422, 429)
@blp.arguments(EntryIn)
@blp.response(201, AttemptOut)
@blp.alt_response(200, schema=AttemptOut, description="The paper that is running")
def start_attempt(asked: dict[str, Any], contest_id: uuid.UUID) -> Response:
    """Vào thi: draw a paper; the clock runs from now on. Repeated, it gives the running paper."""
    with transaction() as session:
        attempt, bank, fresh = attempts.start(session, principal(), contest_id, asked)
    return _json(mine.paper(attempt, bank), 201 if fresh else 200)


@blp.route(_ATTEMPT)
@permit(Action.TAKE_PART)
@blp.problems(401, 403, 404)
@blp.response(200, AttemptOut)
def get_attempt(attempt_id: uuid.UUID) -> Response:
    """One's paper with what is saved: to go on after the phone died, and the points at the end."""
    with reading() as session:
        attempt = attempts.found(session, principal(), attempt_id)
        return _json(mine.paper(attempt, banks.now_read(session, attempt.contest_id).bank))


@blp.route(f"{_ATTEMPT}/answers", methods=["PUT"])
@permit(Action.TAKE_PART)
@limiter.limit(lambda: settings().contest_limit)
@blp.problems(401, 403, 404, 409, 422, 429)
@blp.arguments(AnswersIn)
@blp.response(200, AnswersOut)
def save_answers(asked: dict[str, Any], attempt_id: uuid.UUID) -> Response:
    """Save some answers or all; the last to a question counts. 409 once the bell rang."""
    with transaction() as session:
        kept = attempts.save(session, principal(), attempt_id, asked["answers"])
    told = {"ends_at": mine.written(kept["ends_at"]), "now": mine.written(clock.now())}
    return _json({**kept, **told})


@blp.route(f"{_ATTEMPT}/submission", methods=["POST"])
@permit(Action.TAKE_PART)
@limiter.limit(lambda: settings().contest_limit)
@blp.problems(401, 403, 404, 409, 429)
@blp.response(200, AttemptOut)
def submit_attempt(attempt_id: uuid.UUID) -> Response:
    """Nộp bài: end the attempt; its points and time. After the bell, of what was saved by then."""
    with transaction() as session:
        attempt = attempts.submit(session, principal(), attempt_id)
        bank = banks.now_read(session, attempt.contest_id).bank
    return _json(mine.paper(attempt, bank))


@blp.route("/me/contests/<uuid:contest_id>")
@permit(Action.TAKE_PART)
@blp.problems(401, 403, 404)
@blp.response(200, MyContestOut)
def get_my_contest(contest_id: uuid.UUID) -> Response:
    """One's attempts, best result and rank of this moment; the prize once it is told."""
    with reading() as session:
        return _json(mine.standing(session, contest_id, uuid.UUID(principal().id)))


@blp.route(f"{_CONTEST}/leaderboard")
@permit(Action.READ_PUBLIC)
@blp.problems(404)
@blp.response(200, LeaderboardOut)
def get_leaderboard(contest_id: uuid.UUID) -> Response:
    """Bảng xếp hạng: the first 100 of this moment."""
    with reading() as session:
        registers.public_entry(session, CONTEST, contest_id)
        return unkept(orjson.dumps({"items": ranking.leaderboard(session, contest_id)}))


@blp.route(f"{_CONTEST}/answers")
@permit(Action.READ_PUBLIC)
@blp.problems(404, 409)
@blp.response(200, RightAnswersOut)
def get_contest_answers(contest_id: uuid.UUID) -> Response:
    """Đáp án: the whole bank with right answers and reasons, a minute after it closed at latest."""
    with reading() as session:
        return unkept(orjson.dumps({"items": results.answers(session, contest_id)}))


@blp.route(f"{_CONTEST}/results")
@permit(Action.READ_PUBLIC)
@blp.problems(404, 409)
@blp.response(200, ContestResultsOut)
def get_contest_results(contest_id: uuid.UUID) -> Response:
    """Kết quả: the winners, and the seed by which anybody can draw the lot again."""
    with reading() as session:
        return unkept(orjson.dumps(results.for_everybody(session, contest_id)))


def _json(told: dict[str, Any], status: int = 200) -> Response:
    response: Response = current_app.response_class(
        orjson.dumps(told), status, mimetype="application/json"
    )
    return response
