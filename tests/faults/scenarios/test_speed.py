"""What phones feel of it: these run alone, since they measure."""

from __future__ import annotations

import time

import pytest

from tests.faults.conftest import MakeSite
from tests.faults.measures import ms, p95
from tests.faults.results import prove
from tests.faults.site import Site

BLOCKS = 12  # in turn with the centre up and down
BLOCK = 200  # events
RATE = 40.0  # a second
WORSE = 1.3  # times the p95 with the centre up
NOISE = 0.02  # seconds
QUIET, BURST, SECONDS = 10.0, 100.0, 15.0  # events a second, and for how long


@pytest.mark.timeout(300)
def test_phones_do_not_feel_that_the_centre_is_away(make_site: MakeSite) -> None:
    site = make_site()
    client = site.client("paired")
    _block(site, BLOCK, RATE)  # warm
    felt: dict[bool, list[float]] = {True: [], False: []}
    drain = 0.0
    for number in range(BLOCKS):
        up = number % 2 == 0
        if not up:
            site.centre.kill()
        felt[up] += _block(site, BLOCK, RATE)
        if not up:
            site.centre.start()
        drain = max(drain, site.drained())
    with_it, without = p95(felt[True]), p95(felt[False])
    remark = f"submit p95 {ms(without)} without it, {ms(with_it)} with it, in turn"
    faults = f"{BLOCKS // 2} × the centre killed"
    prove(site, client, "centre down", faults, drain=drain, remark=remark)
    assert without <= WORSE * with_it


@pytest.mark.timeout(240)
def test_a_burst_drains_and_latency_recovers(make_site: MakeSite) -> None:
    site = make_site()
    client = site.client("burst", threads=24)
    _block(site, 100, QUIET)
    before = _block(site, int(QUIET * SECONDS), QUIET)
    during = _block(site, int(BURST * SECONDS), BURST)
    drain = site.drained()
    after = _block(site, int(QUIET * SECONDS), QUIET)
    site.drained()
    remark = "submit p95 " + ", ".join(ms(p95(felt)) for felt in (before, during, after))
    remark += " before, in and after it"
    faults = f"{SECONDS:.0f} s at ten times the rate"
    prove(site, client, "burst, then quiet", faults, drain=drain, remark=remark)
    assert p95(after) < 2 * p95(before) + NOISE


def _block(site: Site, events: int, rate: float) -> list[float]:
    """File at a rate; the seconds that each filing took."""
    (client,) = site.clients
    began = time.monotonic()
    client.file(events, rate)()
    return client.answered(began, time.monotonic())
