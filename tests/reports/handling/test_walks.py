"""Wild walks through the table: by any role, over splits, ratings, appeals and the passing time."""

import uuid
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from smartcity.core.db import reading, transaction
from smartcity.core.errors import Problem
from smartcity.identity.permissions import Principal, Role
from smartcity.jobs.models import JobRow
from smartcity.reports import service
from smartcity.reports.handling import jobs
from smartcity.reports.models import ReportEvent
from smartcity.reports.workflow import MOVES, Status
from tests.helpers import citizen
from tests.reports.handling.walking import (
    FINAL,
    NEXT,
    PARTNERS,
    act,
    as_seen_by,
    everybody,
    filed,
    found,
    parts_of,
)

# The moves that bring a report to its end, in the order they are tried.
HOME = ("start", "propose_result", "approve_result", "resolve", "assign", "reject")
# What stands in their way only the history knows, so they are offered and then refused.
ASKED_OF_HISTORY = {"lodge_appeal", "request_extension", "grant_extension", "deny_extension"}
WALK = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


class Walk(RuleBasedStateMachine):
    """One report, its parts, and everybody who may touch them."""

    def __init__(self, people: dict[Role, Principal]) -> None:
        super().__init__()
        self.people = people
        self.clocks = ExitStack()
        self.clocks.enter_context(clock.frozen(clock.now()))

    @initialize()
    def file(self) -> None:
        self.report_id = filed(self.people)
        self.was = {self.report_id: ("submitted", 1)}

    @rule(pick=st.integers(0, 99), which=st.integers(0, 99))
    def take_what_is_offered(self, pick: int, which: int) -> None:
        """Whatever an officer or citizen is offered, he can do."""
        report = self._any(which)
        offered = [
            (actor, name)
            for role in sorted(set(Role) - PARTNERS)
            for actor in [as_seen_by(self.people[role], report)]
            for name in service.possible_moves(actor, report)
            if actor.role is not Role.CITIZEN or report.reporter_id
        ]
        if offered:
            actor, name = offered[pick % len(offered)]
            refusal = act(report.id, name, actor)
            assert refusal is None or name in ASKED_OF_HISTORY, (name, actor.role, refusal)

    @rule(pick=st.integers(0, 99))
    def split(self, pick: int) -> None:
        lead = self.people[Role.IOC_LEAD]
        for name in (*(["accept"] if pick % 2 else []), "split"):
            act(self.report_id, name, lead)

    @rule(which=st.integers(0, 99))
    def finish(self, which: int) -> None:
        """Go straight on to a result."""
        self._bring_home(self._any(which).id, rounds=4)

    @rule(
        name=st.sampled_from(list(MOVES)), role=st.sampled_from(list(Role)), which=st.integers(0, 9)
    )
    def try_anything(self, name: str, role: Role, which: int) -> None:
        report = self._any(which)
        refusal = act(report.id, name, as_seen_by(self.people[role], report))
        if refusal is None:
            assert report.status in MOVES[name].sources
            assert role in MOVES[name].roles

    @rule(verdict=st.sampled_from(["satisfied", "dissatisfied"]), reopen=st.booleans())
    def rate(self, verdict: str, reopen: bool) -> None:
        asked = {"verdict": verdict, "comment": "Vẫn hỏng.", "reopen": reopen}
        before = found(self.report_id)
        try:
            with transaction() as session:
                service.rate(session, self.people[Role.CITIZEN], self.report_id, asked)
        except Problem:
            assert before.status != "resolved" or (reopen and before.reopenings)

    @rule(days=st.sampled_from([1, 4, 8, 40]))
    def let_time_pass(self, days: int) -> None:
        self.clocks.enter_context(clock.frozen(clock.now() + timedelta(days=days)))
        jobs.refuse_unanswered()
        jobs.close_resolved()

    @invariant()
    def nothing_leaves_the_table(self) -> None:
        for report_id in self._family():
            report = found(report_id)
            status, number = self.was.get(report_id, ("submitted", 1))
            for event in _events(report_id)[number:]:
                row = MOVES[event.move]
                assert event.to_status == status if row.stays else event.to_status in NEXT[status]
                assert event.from_status == status
                status = event.to_status
            assert status == report.status
            self.was[report_id] = (report.status, report.sequence)
            assert report.reopenings <= 1
            assert (report.answer_due_at is not None) == (report.status == "need_info")

    @invariant()
    def somebody_can_move_it_on(self) -> None:
        for report_id in self._family():
            report = found(report_id)
            if report.status not in FINAL:
                assert self._next_mover(report), (report.status, report.agency)

    def teardown(self) -> None:
        if hasattr(self, "report_id"):
            for report_id in [*parts_of(self.report_id), self.report_id]:
                self._bring_home(report_id)
                assert found(report_id).status in {*FINAL, "resolved"}
            self.let_time_pass(8)
            for report_id in self._family():
                assert found(report_id).status in FINAL
                _nothing_is_lost(report_id)
        self.clocks.close()

    def _family(self) -> list[uuid.UUID]:
        return [self.report_id, *parts_of(self.report_id)]

    def _any(self, which: int) -> service.Report:
        family = self._family()
        return found(family[which % len(family)])

    def _next_mover(self, report: service.Report) -> bool:
        """Whether a move of somebody, tried and taken back, changes its state."""
        parts = [found(part) for part in parts_of(report.id)]
        if report.status == "in_progress" and report.agency is None:
            return any(part.status not in {*FINAL, "resolved"} for part in parts)
        tries = (
            (row.name, as_seen_by(self.people[role], report))
            for row in MOVES.values()
            if report.status in row.sources and not row.stays
            for role in sorted(row.roles - {Role.PARTNER})
        )
        return any(act(report.id, name, actor, only_try=True) is None for name, actor in tries)

    def _bring_home(self, report_id: uuid.UUID, rounds: int = 9) -> None:
        """Move a report to its end, or as far as some moves go."""
        for _ in range(rounds):
            report = found(report_id)
            for name in HOME if report.status not in {*FINAL, "resolved"} else ():
                roles = sorted(MOVES[name].roles - {Role.OPERATIONS_CENTRE} - PARTNERS)
                actor = as_seen_by(self.people[roles[0]], report)  # of the centre, its lead
                if act(report_id, name, actor) is None:
                    break


def _events(report_id: uuid.UUID) -> list[ReportEvent]:
    with reading() as session:
        query = select(ReportEvent).where(ReportEvent.report_id == report_id)
        return list(session.scalars(query.order_by(ReportEvent.sequence)))


def _nothing_is_lost(report_id: uuid.UUID) -> None:
    """Every step stands in the history, in the record, and on its way to the centres, in order."""
    events, sequence = _events(report_id), found(report_id).sequence
    assert [e.sequence for e in events] == list(range(1, sequence + 1))
    assert [e.from_status for e in events] == [None, *(e.to_status for e in events[:-1])]
    with reading() as session:
        queued: Any = select(JobRow).where(JobRow.ordering_key == f"ioc:{report_id}")
        told = [j.payload["event"] for j in session.scalars(queued.order_by(JobRow.id))]
        deeds = select(AuditEntry.action).where(AuditEntry.subject_id == report_id)
        audited = list(session.scalars(deeds.order_by(AuditEntry.number)))
    assert told == [str(e.id) for e in events]
    assert [a for a in audited if a != "report.see_reporter"] == [f"report.{e.move}" for e in events]


@pytest.fixture
def people(in_app: Flask) -> dict[Role, Principal]:
    citizen(in_app)
    return everybody()


def test_no_walk_leaves_the_table_loses_a_step_or_ends_without_a_mover(
    people: dict[Role, Principal],
) -> None:
    run_state_machine_as_test(lambda: Walk(people), settings=WALK)
