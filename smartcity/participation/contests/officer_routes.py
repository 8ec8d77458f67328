"""Officers correct a contest's bank, settle its results and take them away as files."""

import uuid
from typing import Any

from flask import Response

from smartcity.audit import service as audit
from smartcity.core.db import reading, transaction
from smartcity.core.export import csv_file
from smartcity.core.web import Blueprint, conditional, expected_version, version_tag
from smartcity.identity.permissions import Action, permit, principal
from smartcity.participation.contests import exporting, regrading, results, settling
from smartcity.participation.contests.contest import CONTEST
from smartcity.participation.contests.wire import RegradeIn, RegradeOut, SettlementOut
from smartcity.registers import service as registers
from smartcity.registers.service import RegisterReasonIn

_ONE = "/contests/<uuid:contest_id>"
_REFUSED = (401, 403, 404, 409, 412, 428)
blp = Blueprint(
    "contest_results", __name__, url_prefix="/api/v1/officer", description="Kết quả cuộc thi"
)


@blp.route(f"{_ONE}/regrade", methods=["POST"])
@permit(Action.SETTLE_CONTESTS)
@conditional
@blp.problems(*_REFUSED)
@blp.arguments(RegradeIn)
@blp.response(202, RegradeOut)
def regrade_contest(asked: dict[str, Any], contest_id: uuid.UUID) -> Any:
    """Đính chính đáp án: say which option is right; everybody is graded anew by a job.

    If-Match is the version of the contest's entry. Not once it is settled.
    """
    version = expected_version()
    with transaction() as session:
        return regrading.correct(session, principal(), contest_id, version, asked)


@blp.route(f"{_ONE}/regrade")
@permit(Action.READ_PARTICIPATION)
@blp.problems(401, 403, 404)
@blp.response(200, RegradeOut)
def get_contest_regrade(contest_id: uuid.UUID) -> Any:
    """The last correction, and how many entrants are graded anew by now."""
    with reading() as session:
        return regrading.last(session, contest_id)


@blp.route(f"{_ONE}/results")
@permit(Action.READ_PARTICIPATION)
@blp.problems(401, 403, 404)
@blp.response(200, SettlementOut)
def get_contest_settlement(contest_id: uuid.UUID) -> Any:
    """The winners, settled or as they would be now; the version of the results as ETag."""
    with reading() as session:
        return _settlement(session, contest_id)


@blp.route(f"{_ONE}/results", methods=["PUT"])
@permit(Action.SETTLE_CONTESTS)
@conditional
@blp.problems(*_REFUSED)
@blp.response(200, SettlementOut)
def settle_contest(contest_id: uuid.UUID) -> Any:
    """Công nhận kết quả: give the prizes away as they were read; winners are told in ten minutes.

    409 while somebody is still answering, or graded anew.
    """
    version = expected_version()
    with transaction() as session:
        settling.settle(session, principal(), contest_id, version)
        return _settlement(session, contest_id)


@blp.route(f"{_ONE}/results", methods=["DELETE"])
@permit(Action.SETTLE_CONTESTS)
@conditional
@blp.problems(*_REFUSED)
@blp.arguments(RegisterReasonIn, location="query")
@blp.response(200, SettlementOut)
def unsettle_contest(asked: dict[str, Any], contest_id: uuid.UUID) -> Any:
    """Hủy công nhận: take the results back, before the winners are told."""
    version = expected_version()
    with transaction() as session:
        settling.undo(session, principal(), contest_id, version, asked["reason"])
        return _settlement(session, contest_id)


@blp.route(f"{_ONE}/ranking.csv")
@permit(Action.READ_PARTICIPATION)
@blp.problems(401, 403, 404)
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_contest_ranking(contest_id: uuid.UUID) -> Response:
    """The whole ranking as a CSV file, without names and numbers; recorded each time."""
    with transaction() as session:
        registers.found(session, CONTEST, contest_id)
        audit.record(session, principal().key, "contest.export_ranking", ("contest", contest_id))
    return csv_file("ranking", exporting.ranking_lines(contest_id))


@blp.route(f"{_ONE}/winners.csv")
@permit(Action.SETTLE_CONTESTS)
@blp.problems(401, 403, 404)
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_contest_winners(contest_id: uuid.UUID) -> Response:
    """The settled winners as a CSV file, with names and telephone numbers; recorded each time."""
    with transaction() as session:
        registers.found(session, CONTEST, contest_id)
        lines = exporting.winners_lines(session, contest_id)
        audit.record(session, principal().key, "contest.export_winners", ("contest", contest_id))
    return csv_file("winners", lines)


def _settlement(session: Any, contest_id: uuid.UUID) -> Any:
    told = results.for_officers(session, contest_id)
    return told, 200, {"ETag": version_tag(told["version"])}
