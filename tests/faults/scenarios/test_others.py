"""One destination is slow: the others, and the other queues, keep pace."""

from __future__ import annotations

import time

import pytest

from smartcity.demo.client import wait_for
from tests.faults.conftest import MakeSite
from tests.faults.measures import p95
from tests.faults.results import prove
from tests.faults.scenarios.scale import EVENTS

SLOW = 60.0  # seconds
PACE = 3.0  # seconds from a step to the quick destination, 95 of 100 times


@pytest.mark.timeout(300)
def test_a_slow_destination_holds_up_no_other(make_site: MakeSite) -> None:
    site = make_site(names=("slow", "quick"), timeout=10.0)
    client = site.client("beside-slow")
    began = time.monotonic()
    site.centres[0].suffer(mode="slow", delay=5, seconds=SLOW)
    filed = client.file(EVENTS, rate=EVENTS / SLOW)
    filed()
    wait_for(lambda: not site.records.waiting("push"), seconds=PACE)
    lag = p95(site.records.lags("quick", client.reports.values()))
    behind = len(site.records.unsettled("slow"))
    wait_for(lambda: time.monotonic() > began + SLOW, seconds=SLOW)
    drain = site.drained()
    remark = f"the other had it within {lag:.1f} s (p95), while the slow one was {behind} behind"
    faults = f"{SLOW:.0f} s of answers after 5 s"
    prove(site, client, "one destination slow", faults, drain=drain, remark=remark)
    assert behind > EVENTS / 4
    assert lag < PACE
