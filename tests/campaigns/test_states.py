"""The table of states: what leads where, by whom, and that nothing else does."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.campaigns.drafting import begin
from smartcity.campaigns.models import Campaign, State, Step
from smartcity.campaigns.states import ENDED, STEPS, allowed, may, step
from smartcity.core.db import transaction
from smartcity.core.errors import Conflict, Forbidden
from smartcity.core.texts import catalogue
from smartcity.identity.permissions import SYSTEM, Action, Principal, Role
from tests.campaigns.desk import wished

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LEAD = Principal(Role.IOC_LEAD, "lead", "ioc")
AUDITOR = Principal(Role.AUDITOR, "auditor", "ioc")
APPROVALS = {"approve", "break_glass"}
UNDOING = {"send_back", "withdraw"}
SENDS = {State.FREEZING, State.CANARY, State.RUNNING}


class Undone(Exception):
    """Rolls a walk back."""


@contextmanager
def undone() -> Iterator[Session]:
    """A transaction that leaves nothing."""
    with suppress(Undone), transaction() as session:
        yield session
        raise Undone


def fresh(session: Session) -> Campaign:
    asked = {"tag": "", "link": "", "template": None, "audience": {}, "resend": False}
    plan = {"starts_at": None, "recurs": None, "spread": 0}
    return begin(session, LEAD, "create", **{**wished(), **asked, **plan})


def whoever_may(action: str) -> Principal:
    return LEAD if isinstance(STEPS[action].needs, Action) else SYSTEM


@SQLITE
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(walk=st.lists(st.sampled_from(sorted(STEPS)), min_size=5, max_size=40))
def test_any_walk_keeps_to_the_table(in_app: Flask, walk: list[str]) -> None:
    """Nothing is sent that was not approved since it was last a draft, and an end is an end."""
    with undone() as session:
        campaign, taken, approved = fresh(session), ["create"], False
        for action in walk:
            was = campaign.state
            try:
                step(session, campaign, action, whoever_may(action))
            except Conflict:
                assert was not in STEPS[action].sources
                assert campaign.state == was
                continue
            taken.append(action)
            approved = (approved or action in APPROVALS) and action not in UNDOING
            assert was not in ENDED or action == "review"
            assert campaign.state not in SENDS or approved
        history = session.scalars(select(Step).order_by(Step.number)).all()
        assert [one.action for one in history] == taken
        assert [one.number for one in history] == list(range(1, campaign.version + 1))
        assert history[-1].state == campaign.state


@SQLITE
def test_a_pause_and_a_halt_go_on_where_they_were(in_app: Flask) -> None:
    with undone() as session:
        for state, stop in [
            (State.SCHEDULED, "pause"),
            (State.CANARY, "pause"),
            (State.CANARY, "halt"),
        ]:
            campaign = fresh(session)
            campaign.state = state
            step(session, campaign, stop, whoever_may(stop))
            step(session, campaign, "resume", LEAD)
            assert (campaign.state, campaign.resumes_to) == (state, None)


@SQLITE
def test_who_has_no_right_to_a_step_changes_nothing(in_app: Flask) -> None:
    with undone() as session:
        campaign = fresh(session)
        for action in STEPS:
            for who in (AUDITOR, LEAD):
                if not may(who, action):
                    with pytest.raises(Forbidden):
                        step(session, campaign, action, who)
        assert (campaign.state, campaign.version) == (State.DRAFT, 1)


def test_the_engines_steps_are_no_persons() -> None:
    engine = {name for name, row in STEPS.items() if row.needs == SYSTEM}
    assert engine == {"recur", "launch", "begin_canary", "run", "halt", "finish"}
    people = [Principal(role, "x", "ioc") for role in Role if role is not Role.SYSTEM]
    assert not [(name, who.role) for name in engine for who in people if may(who, name)]
    assert not [name for name in STEPS if name not in engine and may(SYSTEM, name)]


def test_an_officer_is_offered_what_he_may_do_now() -> None:
    assert allowed(Campaign(state=State.DRAFT), LEAD) == [
        "edit",
        "discard",
        "submit",
        "break_glass",
    ]
    assert allowed(Campaign(state=State.DRAFT), AUDITOR) == []
    assert allowed(Campaign(state=State.RUNNING), Principal(Role.ADMIN, "a")) == [
        "review",
        "pause",
        "cancel",
    ]


def test_every_state_and_step_has_its_words() -> None:
    words = {f"campaign.state.{state}" for state in State} | {f"campaign.action.{a}" for a in STEPS}
    assert words <= catalogue().keys()
