"""The one table of states: every row of it, and no step beside it."""

import pytest
from flask import Flask

from smartcity.core.db import transaction
from smartcity.core.errors import Conflict, Forbidden, Invalid, NotFound
from smartcity.identity.permissions import Principal, Role
from smartcity.reports import service
from smartcity.reports.officer_routes import SUB_RESOURCES
from smartcity.reports.workflow import MOVES, Status, allowed
from tests.helpers import citizen
from tests.reports.handling.walking import NEXT, PARTNERS, act, brought_to, everybody, state

# What has to be open before some steps can be told what they need.
BEFORE = {
    "grant_appeal": "lodge_appeal",
    "deny_appeal": "lodge_appeal",
    "grant_extension": "request_extension",
    "deny_extension": "request_extension",
}


@pytest.fixture
def people(in_app: Flask) -> dict[Role, Principal]:
    """One principal of each role that can move a report."""
    citizen(in_app)
    return everybody()


def test_the_table_says_what_the_domain_says() -> None:
    told: dict[str, set[str]] = {status.value: set() for status in Status}
    for row in MOVES.values():
        for source in row.sources if not row.stays else ():
            targets = MOVES["request_info"].sources if row.target is None else {row.target}
            told[source.value] |= {t.value for t in targets}
    assert told == NEXT


def test_each_state_lets_exactly_its_moves_happen(people: dict[Role, Principal]) -> None:
    for status in NEXT:
        report_id = brought_to(status, people)
        before = state(report_id)
        for row in MOVES.values():
            for role in row.roles - PARTNERS:
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
        if not row.needs or "agency" in row.needs:  # without one the suggested unit gets it
            continue
        status = sorted(row.sources)[0]
        report_id = brought_to(status, people)
        if row.name in BEFORE:
            first = MOVES[BEFORE[row.name]]
            assert act(report_id, first.name, people[sorted(first.roles)[0]]) is None
        actor = people[sorted(row.roles - PARTNERS)[0]]
        with pytest.raises(Invalid) as refusal, transaction() as session:
            service.move(session, actor, report_id, row.name)
        assert refusal.value.errors.keys() == row.needs, row.name
        assert state(report_id)[0] == status


def test_every_move_of_officers_has_its_sub_resource() -> None:
    offered = {move for move, _, _ in SUB_RESOURCES.values()}
    officers = {Role.IOC_OPERATOR, Role.IOC_LEAD, Role.UNIT_OFFICER, Role.UNIT_LEADER}
    assert offered == {row.name for row in MOVES.values() if row.roles & officers}
