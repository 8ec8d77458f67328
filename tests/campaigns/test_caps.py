"""A phone gets so many messages of a category in 24 hours."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from smartcity.campaigns.models import Outcome, State
from smartcity.core import clock
from tests.campaigns import engine


@pytest.fixture
def app(sending_app: Flask) -> Iterator[Flask]:
    with clock.frozen(clock.now().astimezone(clock.LOCAL).replace(hour=12, minute=5)):
        yield sending_app


def test_who_has_had_enough_is_left_out(app: Flask) -> None:
    engine.phones(app, many=3)
    first = engine.approved(app, category="surveys", audience={})  # its cap is 1
    assert engine.run(app, first).recipients == 3
    engine.phones(app, engine.phone(4))
    second = engine.approved(app, category="surveys")
    assert engine.run(app, second).state == State.FINISHED
    assert engine.outcomes(app, second) == {4: Outcome.ACCEPTED}
    other = engine.approved(app, category="warnings")  # has none
    assert engine.run(app, other).recipients == 4
    with clock.frozen(clock.now() + timedelta(hours=24, seconds=1)):
        third = engine.approved(app, category="surveys")
        assert engine.run(app, third).recipients == 4


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_never_arrived_does_not_count(app: Flask) -> None:
    engine.phones(app, *engine.named([(1, "sender-mismatch")]))
    first = engine.approved(app, category="surveys")
    engine.run(app, first)
    engine.mended(app, 1)
    second = engine.approved(app, category="surveys")
    assert engine.run(app, second).recipients == 1
