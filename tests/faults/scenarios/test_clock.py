"""Two workers whose clocks are two hours off, one before and one behind."""

from __future__ import annotations

import pytest

from smartcity.demo.client import wait_for
from tests.faults.conftest import MakeSite
from tests.faults.results import prove
from tests.faults.scenarios.scale import EVENTS

HOURS = 2
LAUNCHER = "tests.faults.shifted"


@pytest.mark.timeout(400)
def test_clocks_are_two_hours_off(make_site: MakeSite) -> None:
    site = make_site(workers=1)
    wrong = [site.hire("-m", LAUNCHER, str(sign * HOURS * 3600)) for sign in (1, -1)]
    client = site.client("clock")
    filed = client.file(EVENTS, rate=40)
    filed()
    wait_for(lambda: site.centre.stats()["bad_signature"] > 20, seconds=60)
    for worker in wrong:
        worker.kill()
    drain = site.drained()
    refused = site.centre.stats()["bad_signature"]
    remark = f"{refused} signatures out of the window, refused (401) and sent again"
    faults = f"one worker + {HOURS} h, one − {HOURS} h, one right"
    prove(site, client, "clocks off", faults, drain=drain, remark=remark)
    assert site.records.dead() == []
