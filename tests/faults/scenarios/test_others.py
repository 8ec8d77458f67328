"""One destination is slow: the others, and the other queues, keep pace."""

from __future__ import annotations

import time

import pytest

from smartcity.demo.client import wait_for
from tests.faults.client import Client
from tests.faults.conftest import MakeSite
from tests.faults.measures import p95
from tests.faults.results import prove
from tests.faults.scenarios.scale import EVENTS, SUSTAINED
from tests.faults.site import Site

SLOW = EVENTS / SUSTAINED  # seconds
WORSE = 2.0  # times what it took before, and a second


@pytest.mark.timeout(400)
def test_a_slow_destination_holds_up_no_other(make_site: MakeSite) -> None:
    site = make_site(names=("slow", "quick"), timeout=8.0, settings={"JOB_LEASE": "16"})
    before, client = site.client("before-slow"), site.client("beside-slow")
    before.file(EVENTS // 10, SUSTAINED)()
    site.drained()
    began = time.monotonic()
    site.centre.suffer(mode="slow", delay=5, seconds=SLOW)
    client.file(EVENTS, SUSTAINED)()
    behind = len(site.records.unsettled("slow"))
    wait_for(lambda: time.monotonic() > began + SLOW, seconds=SLOW)
    drain = site.drained()
    was, (quick, inbox) = _lags(site, before), _lags(site, client)
    remark = (
        f"{behind} steps behind there; p95 to the other {quick:.2f} s (before {was[0]:.2f} s),"
        f" to the citizen's inbox {inbox:.2f} s (before {was[1]:.2f} s)"
    )
    faults = f"{SLOW:.0f} s of answers after 5 s"
    prove(site, client, "one destination slow", faults, drain=drain, remark=remark)
    assert behind > EVENTS / 4
    assert quick < WORSE * was[0] + 1
    assert inbox < WORSE * was[1] + 1


def _lags(site: Site, client: Client) -> tuple[float, float]:
    """How long a step took to the quick destination, and to the inbox: 95 of 100."""
    codes = client.reports.values()
    return p95(site.records.lags("quick", codes)), p95(site.records.inbox_lags(codes))
