"""A worker that wakes late, campaigns that are stopped: nobody is lost, nobody gets it twice."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from smartcity.campaigns import scheduling
from smartcity.campaigns.models import Outcome, Shard, State
from smartcity.core.db import transaction
from smartcity.jobs.models import JobRow
from smartcity.jobs.perform import perform
from smartcity.sandbox.fcm import Fcm
from tests.campaigns import engine
from tests.helpers import rows, take, until

ACCEPTED, CANCELLED, UNKNOWN = Outcome.ACCEPTED, Outcome.CANCELLED, Outcome.UNKNOWN


@pytest.fixture
def app(sending_app: Flask) -> Flask:
    return sending_app


@contextmanager
def in_its_window(app: Flask, fcm: Fcm, campaign: uuid.UUID) -> Iterator[None]:
    """A worker has sent its first window, of which FCM tells it nothing until the block ends."""
    engine.run_launch(app, campaign)
    engine.suffer(fcm, mode="slow", delay=1.0)

    def send() -> None:
        with app.app_context():
            for lease in take(scheduling.queue(campaign)):
                perform(lease)

    worker = threading.Thread(target=send)
    worker.start()
    until(lambda: len(engine.arrivals(fcm)) == 200)
    engine.mend(fcm)
    yield
    worker.join(20)


def test_a_worker_that_wakes_late_writes_and_sends_nothing(app: Flask, fcm: Fcm) -> None:
    engine.phones(app, many=450)
    campaign = engine.approved(app)
    with in_its_window(app, fcm, campaign), app.app_context():
        engine.hasten(app, campaign)  # its lease lapses
        (successor,) = take(scheduling.queue(campaign))
    assert engine.tally(app, campaign) == {Outcome.PENDING: 450}
    with app.app_context():
        perform(successor)
    assert engine.run(app, campaign).state == State.FINISHED
    assert engine.tally(app, campaign) == {UNKNOWN: 200, ACCEPTED: 250}
    assert all(times == [1] for times in engine.arrivals(fcm).values())


def test_a_cancelled_campaign_stops_within_a_window_and_keeps_its_answers(
    app: Flask, fcm: Fcm
) -> None:
    engine.phones(app, many=1300)
    campaign = engine.approved(app, ramp=600)  # the second shard's time is far away
    with in_its_window(app, fcm, campaign), app.app_context(), transaction() as session:
        scheduling.cancel(session, engine.LEADER, campaign, "Nhầm nội dung")
    found = engine.run(app, campaign)
    assert engine.tally(app, campaign) == {ACCEPTED: 200, CANCELLED: 1100}
    assert (found.state, bool(found.finished_at)) == (State.CANCELLED, True)
    assert not rows(app, JobRow, JobRow.queue == scheduling.queue(campaign))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_campaign_that_is_cancelled_in_its_canary_ends_the_others_too(app: Flask) -> None:
    engine.phones(app, many=40)
    campaign = engine.approved(app, canary=10)
    engine.run_launch(app, campaign)
    with app.app_context(), transaction() as session:
        scheduling.cancel(session, engine.LEADER, campaign, "Nhầm nội dung")
    engine.run(app, campaign)
    assert engine.tally(app, campaign) == {CANCELLED: 40}
    assert all(shard.done_at for shard in rows(app, Shard, Shard.campaign_id == campaign))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_paused_campaign_stops_within_a_window_and_goes_on(app: Flask, fcm: Fcm) -> None:
    engine.phones(app, many=450)
    campaign = engine.approved(app)
    with in_its_window(app, fcm, campaign), app.app_context(), transaction() as session:
        scheduling.pause(session, engine.LEADER, campaign, "Chờ")
    engine.hasten(app, campaign)
    assert engine.run(app, campaign).state == State.PAUSED
    assert engine.tally(app, campaign) == {ACCEPTED: 200, Outcome.PENDING: 250}
    with app.app_context(), transaction() as session:
        scheduling.resume(session, engine.LEADER, campaign, "Tiếp tục")
    engine.hasten(app, campaign)
    assert engine.run(app, campaign).state == State.FINISHED
    assert engine.tally(app, campaign) == {ACCEPTED: 450}
