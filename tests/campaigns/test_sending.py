"""What FCM answers, as outcomes, prunes, brakes and halts; by the real transport."""

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, update

from smartcity.campaigns.models import Outcome, Shard, State
from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.push.models import Brake, Device
from smartcity.sandbox.fcm import Fcm
from tests.campaigns import engine
from tests.helpers import rows
from tests.push.phones import phone

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ACCEPTED, PENDING, UNKNOWN = Outcome.ACCEPTED, Outcome.PENDING, Outcome.UNKNOWN


@pytest.fixture
def app(sending_app: Flask) -> Flask:
    return sending_app


def test_every_answer_is_the_outcome_that_its_address_asks_for(app: Flask, fcm: Fcm) -> None:
    words = ["unregistered", "invalid", "sender-mismatch", "unavailable"]
    engine.phones(app, *engine.named(enumerate(words, 1)), many=300)
    campaign = engine.approved(app)
    assert engine.run(app, campaign).state == State.FINISHED
    found = engine.outcomes(app, campaign)
    assert [found[n] for n in range(1, 5)] == [
        Outcome.PRUNED,
        Outcome.PRUNED,
        Outcome.QUARANTINED,
        UNKNOWN,
    ]
    assert Counter(found.values())[ACCEPTED] == 300
    left = rows(app, Device, Device.number <= 4)
    assert [(d.number, bool(d.quarantined_at)) for d in left] == [(3, True), (4, False)]
    assert all(times == [1] for times in engine.arrivals(fcm).values())
    (shown,) = engine.shown(fcm, "token-9")
    assert shown["data"]["mid"].startswith(f"{campaign}.0.")
    assert {"title": shown["title"], "body": shown["body"]} == engine.TEXT


@on_sqlite
def test_a_payload_that_is_refused_halts_and_prunes_nobody(app: Flask, fcm: Fcm) -> None:
    engine.phones(app, many=250)
    campaign = engine.approved(app)
    engine.suffer(fcm, mode="error", status=400)
    halted = engine.run(app, campaign)
    assert halted.state == State.HALTED
    assert "Firebase từ chối" in (halted.halted_reason or "")
    assert len(rows(app, Device)) == 250
    engine.mend(fcm)
    assert engine.run(app, campaign).state == State.HALTED  # a person has to look


@on_sqlite
def test_who_left_or_switched_off_or_sleeps_is_passed_over(app: Flask, fcm: Fcm) -> None:
    night = {"quiet_from": 0, "quiet_to": 1439}
    engine.phones(app, phone(1), phone(2), phone(3, **night), phone(4))
    at_noon = clock.now().astimezone(clock.LOCAL).replace(hour=12, minute=5)
    with clock.frozen(at_noon):
        campaign = engine.approved(app, category="news", canary=1)
        engine.run_launch(app, campaign)
        with app.app_context(), transaction() as session:
            session.execute(delete(Device).where(Device.number == 1))
            engine.switch_off(session, 2, "news")
        assert engine.run(app, campaign).state == State.FINISHED
    found = engine.outcomes(app, campaign)
    assert found == {1: Outcome.LEFT, 2: Outcome.LEFT, 3: Outcome.QUIET, 4: ACCEPTED}
    assert list(engine.arrivals(fcm)) == ["token-4"]


@on_sqlite
def test_an_ordinary_campaign_waits_for_the_end_of_the_quiet_hours(app: Flask, fcm: Fcm) -> None:
    engine.phones(app, many=3)
    at_night = clock.now().astimezone(clock.LOCAL).replace(hour=23, minute=5)
    with clock.frozen(at_night):
        news = engine.approved(app, category="news")
        assert engine.run(app, news).state == State.SCHEDULED
        warning = engine.approved(app, category="warnings")
        assert engine.run(app, warning).state == State.FINISHED
    with clock.frozen(at_night + timedelta(hours=8)):
        engine.hasten(app, news)
        assert engine.run(app, news).state == State.FINISHED


def test_the_address_of_the_moment_counts(app: Flask, fcm: Fcm) -> None:
    engine.phones(app, many=2)
    campaign = engine.approved(app, canary=1)
    engine.run_launch(app, campaign)
    with app.app_context(), transaction() as session:
        session.execute(update(Device).where(Device.number == 1).values(value="moved"))
    assert engine.run(app, campaign).state == State.FINISHED
    assert set(engine.arrivals(fcm)) == {"moved", "token-2"}


@on_sqlite
def test_nothing_goes_out_under_the_quota_brake_and_nobody_is_lost(app: Flask, fcm: Fcm) -> None:
    engine.phones(app, many=400)
    campaign = engine.approved(app)
    engine.suffer(fcm, mode="error", status=429, retry_after=20)
    assert engine.run(app, campaign).state == State.RUNNING
    assert engine.tally(app, campaign) == {PENDING: 400}
    assert [brake.scope for brake in rows(app, Brake)] == ["all"]
    engine.mend(fcm)
    engine.hasten(app, campaign)
    assert engine.run(app, campaign).state == State.RUNNING  # the brake holds yet
    with clock.frozen(clock.now() + timedelta(seconds=21)):
        engine.hasten(app, campaign)
        assert engine.run(app, campaign).state == State.FINISHED
    assert engine.tally(app, campaign) == {ACCEPTED: 400}


def test_a_platform_that_is_refused_waits_alone(app: Flask, fcm: Fcm) -> None:
    apns = [phone(n, platform="ios", value=f"apns-auth-{n}") for n in range(1, 4)]
    engine.phones(app, *apns, many=30)
    campaign = engine.approved(app)
    assert engine.run(app, campaign).state == State.RUNNING
    assert engine.tally(app, campaign) == {PENDING: 3, ACCEPTED: 30}
    assert [(brake.scope, brake.until) for brake in rows(app, Brake)] == [("ios", None)]
    with app.app_context(), transaction() as session:
        session.execute(delete(Brake))
        for number in range(1, 4):
            mended = update(Device).where(Device.number == number)
            session.execute(mended.values(value=f"mended-{number}"))
    engine.hasten(app, campaign)
    assert engine.run(app, campaign).state == State.FINISHED
    assert engine.tally(app, campaign) == {ACCEPTED: 33}


@on_sqlite
def test_what_fcm_did_not_take_up_is_tried_again_at_once(app: Flask, fcm: Fcm) -> None:
    engine.phones(app, many=300)
    campaign = engine.approved(app)
    engine.suffer(fcm, mode="refuse_stream", rate=0.1)
    engine.run(app, campaign)
    engine.mend(fcm)
    engine.hasten(app, campaign)
    assert engine.run(app, campaign).state == State.FINISHED
    assert engine.tally(app, campaign) == {ACCEPTED: 300}
    assert all(times == [1] for times in engine.arrivals(fcm).values())


@pytest.mark.parametrize("resend", [False, True])
def test_who_is_unknown_gets_it_again_only_where_that_is_meant(
    app: Flask, fcm: Fcm, resend: bool
) -> None:
    engine.phones(app, many=40)
    campaign = engine.approved(app, resend=resend)
    engine.suffer(fcm, mode="accept_then_error", status=503)
    engine.run(app, campaign)
    engine.mend(fcm)
    assert engine.tally(app, campaign) == {UNKNOWN: 40}
    engine.hasten(app, campaign)
    assert engine.run(app, campaign).state == State.FINISHED
    assert engine.tally(app, campaign) == {ACCEPTED if resend else UNKNOWN: 40}
    assert engine.arrivals(fcm)["token-1"] == [2 if resend else 1]
    assert len(engine.shown(fcm, "token-1")) == 1


@on_sqlite
def test_passes_end(app: Flask, fcm: Fcm) -> None:
    engine.phones(app, *engine.named([(1, "unavailable")]))
    campaign = engine.approved(app, resend=True)
    for _ in range(4):
        engine.run(app, campaign)
        engine.hasten(app, campaign)
    (shard,) = rows(app, Shard, Shard.campaign_id == campaign)
    assert shard.passes == 3
    assert engine.tally(app, campaign) == {UNKNOWN: 1}
    assert engine.stand(app, campaign).state == State.FINISHED
