"""A correction goes to those whom the first message may have reached, in its place."""

import pytest
from flask import Flask

from smartcity.campaigns.models import Outcome, State
from smartcity.push.models import Broadcast
from smartcity.sandbox.fcm import Fcm
from tests.campaigns import engine
from tests.helpers import rows

ACCEPTED, UNKNOWN = Outcome.ACCEPTED, Outcome.UNKNOWN


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_correction_takes_the_place_of_the_first(sending_app: Flask, fcm: Fcm) -> None:
    words = ["unavailable", "unregistered", "sender-mismatch"]
    engine.phones(sending_app, *engine.named(enumerate(words, 1)), many=20)
    first = engine.approved(sending_app)
    engine.run(sending_app, first)
    engine.phones(sending_app, engine.phone(99))  # came later: it never saw the first
    correction = engine.approved(
        sending_app,
        recall_of=first,
        content={"vi": engine.CHANGED, "en": engine.CHANGED},
    )
    assert engine.run(sending_app, correction).state == State.FINISHED
    assert engine.tally(sending_app, correction) == {ACCEPTED: 20, UNKNOWN: 1}
    (seen,) = engine.shown(fcm, "token-9")
    assert seen["title"] == engine.CHANGED["title"]
    recalled = {row.id: bool(row.recalled_at) for row in rows(sending_app, Broadcast)}
    assert recalled == {first: True, correction: False}
