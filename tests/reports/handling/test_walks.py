"""Wild walks through the table: by any role, over splits, ratings, appeals and the passing time."""

import random
import uuid
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
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
from smartcity.reports.workflow import MOVES
from tests.helpers import citizen
from tests.reports.handling.walking import (
    FINAL,
    NEXT,
    PARTNERS,
    act,
    as_seen_by,
    brought_to,
    everybody,
    found,
    parts_of,
)

# The moves that bring a report to its end, in the order they are tried.
HOME = ("start", "propose_result", "approve_result", "resolve", "assign", "reject")
# What stands in their way only the history knows, so they are offered and then refused.
ASKED_OF_HISTORY = {"lodge_appeal", "request_extension", "grant_extension", "deny_extension"}
# They end a walk; without them most would be over at the first steps.
ENDINGS = {"reject", "withdraw", "mark_duplicate", "close"}
WALKS = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),  # a walk is read as it failed: a smaller seed is none shorter
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


class Walk:
    """One report, its parts, and everybody who may touch them."""

    def __init__(self, people: dict[Role, Principal], dice: random.Random) -> None:
        self.people, self.dice = people, dice
        self.report_id = brought_to(dice.choice([state for state in NEXT if NEXT[state]]), people)
        self.was = {self.report_id: ("submitted", 1)}

    def go(self, steps: int) -> None:
        """Take some steps, each seen to be one of the table; then bring all of it to an end."""
        with ExitStack() as clocks:
            clocks.enter_context(clock.frozen(clock.now()))
            kinds = [self.take_what_is_offered] * 12
            kinds += [self.split, self.ask, self.rate, self.finish] + [self.try_anything] * 4
            for _ in range(steps):
                if not NEXT[found(self.report_id).status]:
                    break
                step = self.dice.choice([*kinds, partial(self.let_time_pass, clocks)])
                step()
                self.nothing_left_the_table()
                self.somebody_can_move_it_on()
            self.come_to_an_end(clocks)

    def take_what_is_offered(self) -> None:
        """Whatever an officer or citizen is offered, he can do."""
        report = self._any()
        offered = self._offered(report)
        if len(offered) > 1 and self.dice.random() < 0.9:
            offered = [o for o in offered if o[1] not in ENDINGS] or offered
        if offered:
            actor, name = self.dice.choice(offered)
            refusal = act(report.id, name, actor)
            assert refusal is None or name in ASKED_OF_HISTORY, (name, actor.role, refusal)

    def split(self) -> None:
        for name in ("accept", "split"):
            act(self.report_id, name, self.people[Role.IOC_LEAD])

    def ask(self) -> None:
        report_id = self._any().id
        act(report_id, "request_info", self.people[Role.IOC_LEAD])
        if self.dice.random() < 0.5:
            act(report_id, "answer_info", self.people[Role.CITIZEN])

    def finish(self) -> None:
        """Go straight on to a result."""
        self._bring_home(self._any().id, rounds=4)

    def try_anything(self) -> None:
        name, role, report = self.dice.choice(list(MOVES)), self.dice.choice([*Role]), self._any()
        if act(report.id, name, as_seen_by(self.people[role], report)) is None:
            assert report.status in MOVES[name].sources
            assert role in MOVES[name].roles

    def rate(self) -> None:
        reopen = self.dice.random() < 0.7
        verdict = "dissatisfied" if reopen else "accepted"
        asked = {"verdict": verdict, "comment": "Vẫn hỏng.", "reopen": reopen}
        before = found(self.report_id)
        try:
            with transaction() as session:
                service.rate(session, self.people[Role.CITIZEN], self.report_id, asked)
        except Problem:
            assert before.status != "resolved" or (reopen and before.reopenings)

    def let_time_pass(self, clocks: ExitStack, days: int | None = None) -> None:
        days = days or self.dice.choice([1, 4, 8])
        clocks.enter_context(clock.frozen(clock.now() + timedelta(days=days)))
        jobs.refuse_unanswered()
        jobs.close_resolved()
        for report in map(found, self._family()):
            assert report.answer_due_at is None or report.answer_due_at >= clock.now()
            if report.status == "resolved":
                assert report.resolved_at >= clock.now() - timedelta(days=7)

    def nothing_left_the_table(self) -> None:
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
            assert not (report.part_of and parts_of(report_id))

    def somebody_can_move_it_on(self) -> None:
        for report_id in self._family():
            report = found(report_id)
            if report.status not in FINAL:
                assert self._next_mover(report), (report.status, report.agency)

    def come_to_an_end(self, clocks: ExitStack) -> None:
        for report_id in [*parts_of(self.report_id), self.report_id]:
            self._bring_home(report_id)
            assert found(report_id).status in {*FINAL, "resolved"}
        self.let_time_pass(clocks, days=8)
        for report_id in self._family():
            assert found(report_id).status in FINAL
            _nothing_is_lost(report_id)

    def _family(self) -> list[uuid.UUID]:
        return [self.report_id, *parts_of(self.report_id)]

    def _any(self) -> service.Report:
        return found(self.dice.choice(self._family()))

    def _offered(self, report: service.Report) -> list[tuple[Principal, str]]:
        actors = (as_seen_by(self.people[role], report) for role in sorted(set(Role) - PARTNERS))
        return [
            (actor, name)
            for actor in actors
            if actor.role is not Role.CITIZEN or report.reporter_id
            for name in service.possible_moves(actor, report)
        ]

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
    assert [a for a in audited if a != "report.see_reporter"] == [
        f"report.{e.move}" for e in events
    ]


@pytest.fixture
def people(in_app: Flask) -> dict[Role, Principal]:
    citizen(in_app)
    return everybody()


@WALKS
@given(seed=st.integers(0, 2**32))
def test_no_walk_leaves_the_table_loses_a_step_or_ends_without_a_mover(
    people: dict[Role, Principal], seed: int
) -> None:
    Walk(people, random.Random(seed)).go(steps=40)
