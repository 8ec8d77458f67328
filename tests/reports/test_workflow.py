"""The one table of states: every row of it, and no step beside it."""

import uuid

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from smartcity.core.db import reading, transaction
from smartcity.core.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from smartcity.identity.models import Citizen
from smartcity.identity.permissions import Principal, Role
from smartcity.jobs.models import JobRow
from smartcity.reports import service
from smartcity.reports.models import ReportEvent
from smartcity.reports.officer_routes import SUB_RESOURCES
from smartcity.reports.workflow import MOVES, Status, allowed
from tests.helpers import UNIT, citizen, report_body, rows

FILED = {"urgent": False, "anonymous": False, "media_ids": []}
REASONS = {"reject": "spam", "return_to_ioc": "outside_authority"}
# domain.md, "Workflow": the states that may follow each state.
NEXT = {
    "submitted": {"accepted", "need_info", "rejected", "duplicate", "withdrawn"},
    "need_info": {"submitted", "accepted", "assigned", "in_progress", "rejected", "withdrawn"},
    "accepted": {"assigned", "need_info", "rejected", "duplicate"},
    "assigned": {"in_progress", "returned", "need_info"},
    "returned": {"assigned", "rejected"},
    "in_progress": {"pending_approval", "returned", "need_info"},
    "pending_approval": {"pending_publication", "in_progress"},
    "pending_publication": {"resolved", "in_progress"},
    "resolved": {"closed", "reopened"},
    "reopened": {"assigned"},
    "rejected": {"submitted"},
    "duplicate": {"submitted"},
    "withdrawn": set(),
    "closed": set(),
}
# The shortest way from `submitted` to each state.
WAYS: dict[str, list[str]] = {
    "submitted": [],
    "need_info": ["request_info"],
    "accepted": ["accept"],
    "rejected": ["reject"],
    "duplicate": ["mark_duplicate"],
    "withdrawn": ["withdraw"],
    "assigned": ["accept", "assign"],
    "returned": ["accept", "assign", "return_to_ioc"],
    "in_progress": ["accept", "assign", "start"],
    "pending_approval": ["accept", "assign", "start", "propose_result"],
    "pending_publication": ["accept", "assign", "start", "propose_result", "approve_result"],
    "resolved": ["accept", "assign", "start", "propose_result", "approve_result", "resolve"],
}
WAYS |= {"closed": [*WAYS["resolved"], "close"], "reopened": [*WAYS["resolved"], "reopen"]}


@pytest.fixture
def people(in_app: Flask) -> dict[Role, Principal]:
    """One principal of each role that can move a report."""
    citizen(in_app)
    with reading() as session:
        me = session.scalars(select(Citizen.id)).one()
    ids = {role: Principal(role, str(uuid.uuid4()), UNIT) for role in Role}
    return {**ids, Role.CITIZEN: Principal(Role.CITIZEN, str(me))}


def filed(people: dict[Role, Principal]) -> uuid.UUID:
    with transaction() as session:
        report, _ = service.submit(session, people[Role.CITIZEN], {**report_body(), **FILED})
        return report.id


def act(report_id: uuid.UUID, name: str, actor: Principal) -> Problem | None:
    """Make a move with all that it needs; what refused it."""
    told = service.Told(
        reason=REASONS.get(name),
        public_text="Vì lý do đã nêu",
        agency=UNIT if "agency" in MOVES[name].needs else None,
    )
    try:
        with transaction() as session:
            service.move(session, actor, report_id, name, told=told)
    except Problem as problem:
        return problem
    return None


def state(report_id: uuid.UUID) -> tuple[str, int]:
    with reading() as session:
        report = session.get_one(service.Report, report_id)
        return report.status, report.sequence


def brought_to(status: str, people: dict[Role, Principal]) -> uuid.UUID:
    report_id = filed(people)
    for name in WAYS[status]:
        actor = next(people[role] for role in sorted(MOVES[name].roles) if role is not Role.SYSTEM)
        assert act(report_id, name, actor) is None, (status, name)
    assert state(report_id)[0] == status
    return report_id


def test_the_table_says_what_the_domain_says() -> None:
    told: dict[str, set[str]] = {status.value: set() for status in Status}
    for row in MOVES.values():
        for source in row.sources:
            targets = MOVES["request_info"].sources if row.target is None else {row.target}
            told[source.value] |= {t.value for t in targets}
    assert told == NEXT


def test_each_state_lets_exactly_its_moves_happen(people: dict[Role, Principal]) -> None:
    for status in NEXT:
        report_id = brought_to(status, people)
        before = state(report_id)
        for row in MOVES.values():
            for role in row.roles - {Role.SYSTEM}:
                if Status(status) in row.sources:
                    assert row.name in allowed(Status(status), role)
                    continue
                refusal = act(report_id, row.name, people[role])
                # A unit sees no report before it was given to it.
                assert isinstance(refusal, (Conflict, NotFound)), (status, row.name, role)
                assert isinstance(refusal, Conflict) or "unit" in role
        assert state(report_id) == before


def test_a_role_that_the_row_does_not_name_is_refused(people: dict[Role, Principal]) -> None:
    report_id = brought_to("assigned", people)
    for row in MOVES.values():
        for role in Role:
            if role in row.roles:
                continue
            refusal = act(report_id, row.name, people[role])
            assert isinstance(refusal, (Forbidden, NotFound)), (row.name, role)
    assert state(report_id)[0] == "assigned"


def test_what_a_move_needs_is_asked_for(people: dict[Role, Principal]) -> None:
    for row in MOVES.values():
        if not row.needs:
            continue
        status = sorted(row.sources)[0]
        report_id = brought_to(status, people)
        actor = people[sorted(row.roles - {Role.SYSTEM})[0]]
        with pytest.raises(Invalid) as refusal, transaction() as session:
            service.move(session, actor, report_id, row.name)
        assert refusal.value.errors.keys() == row.needs
        assert state(report_id)[0] == status


def test_every_move_of_officers_has_its_sub_resource() -> None:
    offered = {move for move, _, _ in SUB_RESOURCES.values()}
    officers = {Role.IOC_OPERATOR, Role.IOC_LEAD, Role.UNIT_OFFICER, Role.UNIT_LEADER}
    assert offered == {row.name for row in MOVES.values() if row.roles & officers}


STEPS = st.lists(st.tuples(st.sampled_from(list(MOVES)), st.integers(0, 9)), max_size=12)
SOME = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@SOME
@given(steps=STEPS)
def test_no_sequence_of_moves_leaves_the_table(
    people: dict[Role, Principal], in_app: Flask, steps: list[tuple[str, int]]
) -> None:
    report_id = filed(people)
    was, number = state(report_id)
    for wild, pick in steps:
        roles = sorted(MOVES[wild].roles - {Role.SYSTEM})
        actor = people[roles[pick % len(roles)]]
        possible = allowed(Status(was), actor.role)
        # Every second step is one that the table allows, so that the walk goes far.
        name = possible[pick % len(possible)] if pick % 2 and possible else wild
        refused = act(report_id, name, actor)
        became, next_number = state(report_id)
        assert became == was if refused else became in NEXT[was]
        assert next_number == number + (refused is None)
        was, number = became, next_number
    events = rows(in_app, ReportEvent, ReportEvent.report_id == report_id)
    events.sort(key=lambda event: event.sequence)
    assert [e.sequence for e in events] == list(range(1, number + 1))
    assert [e.from_status for e in events] == [None, *(e.to_status for e in events[:-1])]
    assert events[-1].to_status == was
    told = [
        j.payload["event"] for j in rows(in_app, JobRow, JobRow.ordering_key == f"ioc:{report_id}")
    ]
    assert told == [str(e.id) for e in events]
