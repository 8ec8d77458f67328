"""Who is frozen, in which order, and that a launch that died leaves nothing half done."""

import uuid

import pytest
from flask import Flask
from sqlalchemy import update

from smartcity.campaigns import freezing, scheduling, shards, states
from smartcity.campaigns.models import Campaign, Outcome, Shard, State
from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.identity.permissions import SYSTEM
from smartcity.jobs.perform import perform
from smartcity.jobs.service import LeaseLost
from smartcity.push.models import Broadcast
from smartcity.sandbox.fcm import Fcm
from tests.campaigns import engine
from tests.helpers import rows, take
from tests.push.phones import phone

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def app(sending_app: Flask) -> Flask:
    return sending_app


def frozen(app: Flask, campaign: uuid.UUID) -> list[list[int]]:
    found = rows(app, Shard, Shard.campaign_id == campaign)
    return [list(shards.numbers(shard.devices)) for shard in found]


def test_shards_go_by_ward_and_platform_after_a_canary_from_everywhere(app: Flask) -> None:
    places = [("10507", "ios"), ("10507", "android"), ("10000", "web"), (None, "ios")]
    made = [phone(n, ward=places[n % 4][0], platform=places[n % 4][1]) for n in range(1, 2401)]
    engine.phones(app, *made)
    campaign = engine.approved(app, canary=200)
    engine.run_launch(app, campaign)
    canary, *rest = frozen(app, campaign)
    assert [len(canary), *map(len, rest)] == [200, 1000, 1000, 200]
    flat = [number for shard in rest for number in shard]
    assert flat == sorted(flat, key=lambda n: (places[n % 4][0] or "", places[n % 4][1], n))
    assert sorted(canary + flat) == list(range(1, 2401))
    assert all(30 <= sum(n % 4 == place for n in canary) <= 80 for place in range(4))
    found = engine.stand(app, campaign)
    assert (found.state, found.recipients) == (State.CANARY, 2400)
    assert [row.id for row in rows(app, Broadcast)] == [campaign]


def test_a_launch_that_died_begins_again_from_nothing(app: Flask) -> None:
    engine.phones(app, many=120)
    campaign = engine.approved(app)
    with app.app_context():
        (dead,) = take(scheduling.queue(campaign))
        with transaction() as session:
            held = session.get_one(Campaign, campaign, with_for_update=True)
            states.step(session, held, "launch", SYSTEM)
            session.add(
                Shard(
                    campaign_id=campaign,
                    number=7,
                    size=1,
                    devices=b"\1" + bytes(7),
                    outcomes=b"\0",
                    passes=0,
                )
            )
        engine.hasten(app, campaign)
        (successor,) = take(scheduling.queue(campaign))
        with pytest.raises(LeaseLost):
            freezing.freeze(dead, held)
        perform(successor)
    assert [len(shard) for shard in frozen(app, campaign)] == [120]
    assert engine.run(app, campaign).state == State.FINISHED


@on_sqlite
def test_what_is_not_what_was_approved_is_halted(app: Flask, fcm: Fcm) -> None:
    engine.phones(app, many=3)
    campaign = engine.approved(app)
    with app.app_context(), transaction() as session:
        session.execute(update(Campaign).values(content={"vi": engine.CHANGED}))
    halted = engine.run(app, campaign)
    assert halted.state == State.HALTED
    assert "được duyệt" in (halted.halted_reason or "")
    assert not engine.arrivals(fcm)


@on_sqlite
def test_an_audience_of_nobody_is_a_campaign_of_nobody(app: Flask) -> None:
    campaign = engine.approved(app, canary=500)
    found = engine.run(app, campaign)
    assert (found.state, found.recipients) == (State.FINISHED, 0)


@on_sqlite
def test_a_message_that_validation_refuses_reaches_nobody(app: Flask, fcm: Fcm) -> None:
    engine.phones(app, many=3)
    campaign = engine.approved(app)
    engine.suffer(fcm, mode="error", status=400)
    assert engine.run(app, campaign).state == State.HALTED
    assert engine.tally(app, campaign) == {Outcome.PENDING: 3}
    engine.mend(fcm)
    with app.app_context(), transaction() as session:
        scheduling.resume(session, engine.LEADER, campaign, "Lỗi của sandbox")
    assert engine.run(app, campaign).state == State.FINISHED


@on_sqlite
def test_nothing_is_frozen_before_its_time(app: Flask) -> None:
    engine.phones(app, many=3)
    campaign = engine.approved(app, starts_at=clock.now().replace(year=2099))
    engine.hasten(app, campaign)
    assert engine.run(app, campaign).state == State.SCHEDULED
    assert not frozen(app, campaign)
