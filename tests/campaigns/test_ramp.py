"""When shards start."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from flask import Flask

from smartcity.campaigns import ramp, scheduling
from smartcity.campaigns.models import State
from smartcity.jobs.models import JobRow
from tests.campaigns import engine
from tests.helpers import rows

RATE = 8_000.0  # messages a second


def test_the_rate_rises_evenly_and_then_stays() -> None:
    starts = list(ramp.offsets([1000] * 500, RATE, ramp=60, minutes=0))
    assert starts[0] == 0
    sent_by = [sum(start <= at for start in starts) * 1000 for at in (15, 30, 60, 70)]
    assert sent_by == pytest.approx([15_000, 60_000, 240_000, 320_000], abs=2_000)
    assert all(before < after for before, after in pairwise(starts))


def test_spread_is_over_all_its_minutes() -> None:
    starts = list(ramp.offsets([1000] * 60, RATE, ramp=0, minutes=30))
    assert starts == pytest.approx([30.0 * n for n in range(60)])


def test_without_a_ramp_all_start_at_once() -> None:
    assert set(ramp.offsets([1000] * 3, RATE, ramp=0, minutes=0)) == {0.0}


@pytest.mark.parametrize(
    ("second", "least", "most"),
    [(0, 30, 60), (29, 1, 31), (30, 0, 0), (450, 0, 0), (869, 0, 0), (870, 60, 90), (899, 31, 61)],
)
def test_nothing_begins_with_everybody_else(second: int, least: float, most: float) -> None:
    at = datetime.fromtimestamp(datetime(2026, 3, 26, 8, 15, tzinfo=UTC).timestamp() + second, UTC)
    assert least <= ramp.beside_the_quarter(at) <= most


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_shards_wait_in_the_queue_for_their_time(sending_app: Flask) -> None:
    engine.phones(sending_app, many=2500)
    campaign = engine.approved(sending_app, spread=10)
    engine.run_launch(sending_app, campaign)
    first, *others = [
        job.run_at for job in rows(sending_app, JobRow, JobRow.queue == scheduling.queue(campaign))
    ]
    assert [(at - first).total_seconds() for at in others] == pytest.approx([240, 480], abs=1)
    assert engine.run(sending_app, campaign).state == State.RUNNING
