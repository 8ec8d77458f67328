"""The first ones decide whether the others follow."""

import pytest
from flask import Flask
from sqlalchemy import update

from smartcity.campaigns import scheduling
from smartcity.campaigns.models import Outcome, State
from smartcity.core.db import transaction
from smartcity.push.models import Device
from smartcity.sandbox.fcm import Fcm
from tests.campaigns import engine

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def app(sending_app: Flask) -> Flask:
    return sending_app


def spoil(app: Flask, share: float, word: str) -> None:
    """So many of a hundred phones have an address of that word."""
    engine.phones(app, *engine.named((n, word) for n in range(1, round(share * 100) + 1)))
    left = 100 - round(share * 100)
    with app.app_context(), transaction() as session:
        engine.add_phones(session, [engine.phone(n) for n in range(101, 101 + left)])


@pytest.mark.parametrize(
    ("share", "word"), [(0.02, "sender-mismatch"), (0.21, "unregistered"), (0.21, "unavailable")]
)
def test_too_many_failures_halt_it(app: Flask, fcm: Fcm, share: float, word: str) -> None:
    spoil(app, share, word)
    with app.app_context(), transaction() as session:
        session.execute(update(Device).values(ward="10507"))
    campaign = engine.approved(app, canary=100)
    halted = engine.run(app, campaign)
    assert halted.state == State.HALTED
    assert (halted.halted_reason or "").startswith("Nhóm gửi thử")
    assert engine.tally(app, campaign)[Outcome.PENDING] == 0


@pytest.mark.parametrize(("share", "word"), [(0.01, "sender-mismatch"), (0.20, "unregistered")])
def test_what_may_be_chance_does_not(app: Flask, share: float, word: str) -> None:
    spoil(app, share, word)
    campaign = engine.approved(app, canary=100)
    assert engine.run(app, campaign).state == State.FINISHED


def test_a_person_lets_the_others_follow(app: Flask, fcm: Fcm) -> None:
    engine.phones(app, many=60)
    campaign = engine.approved(app, canary=30)
    engine.suffer(fcm, mode="accept_then_error", status=503)
    assert engine.run(app, campaign).state == State.HALTED
    engine.mend(fcm)
    assert engine.tally(app, campaign) == {Outcome.UNKNOWN: 30, Outcome.PENDING: 30}
    with app.app_context(), transaction() as session:
        scheduling.resume(session, engine.LEADER, campaign, "Đã kiểm tra")
    assert engine.run(app, campaign).state == State.FINISHED
    assert engine.tally(app, campaign) == {Outcome.UNKNOWN: 30, Outcome.ACCEPTED: 30}


def test_a_pause_in_the_canary_holds_the_others_too(app: Flask) -> None:
    engine.phones(app, many=60)
    campaign = engine.approved(app, canary=30)
    engine.run_launch(app, campaign)
    with app.app_context(), transaction() as session:
        scheduling.pause(session, engine.LEADER, campaign, "Chờ")
    assert engine.run(app, campaign).state == State.PAUSED
    assert engine.tally(app, campaign) == {Outcome.PENDING: 60}
    with app.app_context(), transaction() as session:
        scheduling.resume(session, engine.LEADER, campaign, "Tiếp tục")
    assert engine.run(app, campaign).state == State.FINISHED
