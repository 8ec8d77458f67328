"""The one long outage: the centre is away for ten real minutes while the day goes on."""

from __future__ import annotations

import time

import pytest

from smartcity.demo.client import wait_for
from tests.faults.conftest import MakeSite
from tests.faults.results import prove
from tests.faults.scenarios.scale import WORST

AWAY = 600.0  # seconds


@pytest.mark.timeout(AWAY + 700)
def test_the_centre_is_away_for_ten_minutes(make_site: MakeSite) -> None:
    site = make_site(settings={"BREAKER_PROBE_EVERY": "30"})
    client = site.client("away")
    site.centre.kill()
    began = time.monotonic()
    client.file(WORST, rate=WORST / (AWAY - 10))()
    wait_for(lambda: time.monotonic() > began + AWAY, seconds=AWAY)
    attempts = site.records.attempts()
    site.centre.start()
    drain = site.drained(seconds=600)
    remark = f"{attempts} attempts in the ten minutes; the backlog left after the next probe"
    prove(site, client, "centre away", "10 minutes", drain=drain, remark=remark)
    assert attempts < 100
