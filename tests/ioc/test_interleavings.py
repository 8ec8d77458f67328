"""A centre's callbacks repeated, reordered, dropped and sent at once: nothing twice, nothing back.

The centre walks through the workflow table; what arrives of its walk, and when, is drawn.
"""

import uuid
from collections.abc import Sequence
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from smartcity.core import clock
from smartcity.core.db import reading, transaction
from smartcity.ioc.callbacks import Told, take
from smartcity.ioc.destinations import principal_of
from smartcity.ioc.models import Callback
from smartcity.reports.models import Report, ReportEvent
from smartcity.reports.service import CENTRE_MOVES
from smartcity.reports.workflow import MOVES, Status
from tests.helpers import Headers, at_once, file_report

CENTRE = principal_of("ioc")
# A citizen begins appeals; after the others a centre has little left to do.
LEFT_OUT = {"grant_appeal", "deny_appeal", "reject", "mark_duplicate", "request_info"}
BRINGS = {"reason": "outside_authority", "public_text": "Đã xử lý.", "agency": "so-xay-dung"}
STORMS = settings(
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
choices = st.lists(st.integers(0, 5), min_size=6, max_size=12)
arrivals = st.lists(st.integers(0, 11), min_size=8, max_size=24)


def walk(report: str, choices: Sequence[int]) -> list[Told]:
    """What a centre does with a report, step by step as the table allows."""
    status, steps = Status.SUBMITTED, []
    for number, choice in enumerate(choices, 1):
        possible = [m for m in CENTRE_MOVES if status in MOVES[m].sources and m not in LEFT_OUT]
        if not possible:
            break
        move = MOVES[possible[choice % len(possible)]]
        brings = {need: BRINGS[need] for need in move.needs}
        steps.append(Told(str(uuid.uuid4()), report, number, move.name, clock.now(), **brings))
        status = move.target or status
    return steps


def deliver(app: Flask, told: Told) -> str:
    with app.app_context(), transaction() as session:
        return str(take(session, CENTRE, told)["outcome"])


def history(app: Flask, report_id: uuid.UUID) -> list[tuple[int, str, str]]:
    query = select(ReportEvent).where(ReportEvent.report_id == report_id)
    with app.app_context(), reading() as session:
        events = session.scalars(query.order_by(ReportEvent.sequence))
        return [(event.sequence, event.move, event.to_status) for event in events]


def check(app: Flask, report_id: uuid.UUID, arrived: set[str]) -> None:
    """It stands where its applied callbacks lead, taken in the centre's own order."""
    with app.app_context(), reading() as session:
        query = select(Callback).where(Callback.report_id == report_id)
        known = session.scalars(query.order_by(Callback.sequence)).all()
        status, sequence = session.get_one(Report, report_id).status, 1
    applied = [MOVES[one.move] for one in known if one.outcome == "applied"]
    steps = history(app, report_id)
    assert {one.id for one in known} == arrived
    assert [number for number, _, _ in steps] == list(range(sequence, len(applied) + 2))
    assert [move for _, move, _ in steps] == ["submit", *(move.name for move in applied)]
    stood = Status.SUBMITTED
    for move in applied:
        assert stood in move.sources
        stood = move.target or stood
    assert status == stood


def storm(app: Flask, report: dict, choices: list[int], arrivals: list[int], width: int) -> None:
    report_id = uuid.UUID(report["id"])
    steps = walk(report["code"], choices)
    sent = [steps[number % len(steps)] for number in arrivals]
    before = history(app, report_id)
    for start in range(0, len(sent), width):
        at_once(*(partial(deliver, app, told) for told in sent[start : start + width]))
        after = history(app, report_id)
        assert after[: len(before)] == before
        before = after
    check(app, report_id, {told.id for told in sent})


def test_any_order_ends_where_some_of_it_in_order_leads(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    @settings(STORMS, max_examples=12)
    @given(choices, arrivals)
    def run(choices: list[int], arrivals: list[int]) -> None:
        storm(app, file_report(client, me), choices, arrivals, width=1)

    run()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_any_number_at_once_too(app: Flask, client: FlaskClient, me: Headers) -> None:
    @settings(STORMS, max_examples=6)
    @given(choices, arrivals)
    def run(choices: list[int], arrivals: list[int]) -> None:
        storm(app, file_report(client, me), choices, arrivals * 2, width=8)

    run()
