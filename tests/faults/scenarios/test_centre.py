"""The operations centre misbehaves in each of the ways that contracts.md names."""

from __future__ import annotations

import pytest

from smartcity.demo.client import wait_for
from tests.faults.centre import SANDBOX, new_secret
from tests.faults.conftest import MakeSite
from tests.faults.destinations import rotation
from tests.faults.results import prove
from tests.faults.scenarios.scale import EVENTS
from tests.faults.site import PATIENCE, Site

pytestmark = pytest.mark.timeout(400)
FLAPS = 20
FREEZES = 3
TIMEOUTS = 20


def test_it_flaps_between_500_and_503(make_site: MakeSite) -> None:
    site = make_site()
    client = site.client("flapping")
    filed = client.file(EVENTS, rate=40)
    for flap in range(FLAPS):
        _answers_ill(site, 500 if flap % 2 else 503)
    filed()
    drain = site.drained()
    failed = site.centre.stats()["failed_on_purpose"]
    faults = f"{FLAPS} × 500 or 503"
    prove(site, client, "flapping", faults, drain=drain, remark=f"{failed} deliveries refused")
    assert failed >= FLAPS


def test_it_hangs_with_its_connections_open(make_site: MakeSite) -> None:
    site = make_site()
    client = site.client("frozen")
    filed = client.file(EVENTS, rate=40)
    for _ in range(FREEZES):
        wait_for(lambda: site.records.held_by(site.crew[0].pid), PATIENCE)
        site.centre.freeze()
        known = site.records.unknown()
        wait_for(lambda known=known: len(site.records.unknown() - known) > 2, seconds=60)
        site.centre.thaw()
        _takes_again(site)
    filed()
    drain = site.drained()
    faults = f"{FREEZES} × SIGSTOP until requests timed out"
    prove(site, client, "half-open connections", faults, drain=drain)


def test_it_accepts_and_answers_after_the_time_out(make_site: MakeSite) -> None:
    site = make_site(timeout=1.0)
    client = site.client("late")
    site.centre.suffer(mode="timeout_after_accept", delay=1.5, rate=0.1)
    filed = client.file(EVENTS, rate=40)
    wait_for(lambda: site.centre.duplicates >= TIMEOUTS, seconds=120)
    site.centre.recover()
    filed()
    drain = site.drained()
    faults = f"{TIMEOUTS} × 200 after the time-out"
    result = prove(site, client, "accepted after the time-out", faults, drain=drain)
    assert result.duplicates >= TIMEOUTS


def test_it_takes_another_secret_and_we_follow_later(make_site: MakeSite) -> None:
    site = make_site()
    client = site.client("rotated")
    filed = client.file(EVENTS, rate=40)
    wait_for(lambda: site.centre.stats()["accepted"] > EVENTS / 10, PATIENCE)
    site.centre.become(secret=new_secret())
    wait_for(lambda: site.centre.stats()["bad_signature"] > 3, seconds=60)
    site.command(*rotation(site.centre))
    filed()
    drain = site.drained()
    refused = site.centre.stats()["bad_signature"]
    prove(site, client, "401 after a rotation", f"{refused} × 401", drain=drain)
    assert site.records.dead() == []


def test_it_refuses_one_report_for_good(make_site: MakeSite) -> None:
    site = make_site(module="tests.faults.picky")
    client, poisoner = site.client("many"), site.client("poison")
    filed, poisoned = client.file(EVENTS - 2, rate=50), poisoner.file(2)
    filed()
    poisoned()
    (held,) = poisoner.reports.values()
    drain = site.drained()
    arrived = {event["subject"] for event in site.centre.accepted()}
    prove(site, client, "a poison report", "1 × 422 for good", drain=drain)
    assert len(site.records.dead()) == 1
    assert held not in arrived
    _forgives(site)
    site.drained()
    prove(site, poisoner, "the poison report, replayed", "1 × replay", drain=0)


def _answers_ill(site: Site, status: int) -> None:
    """Fail a few deliveries, then take some again."""
    failed = site.centre.stats()["failed_on_purpose"]
    site.centre.suffer(mode="error", status=status)
    wait_for(lambda: site.centre.stats()["failed_on_purpose"] > failed, seconds=60)
    site.centre.recover()
    _takes_again(site)


def _takes_again(site: Site) -> None:
    accepted = site.centre.stats()["accepted"]
    wait_for(lambda: site.centre.stats()["accepted"] > accepted, seconds=60)


def _forgives(site: Site) -> None:
    """The centre takes the report after all, and an operator replays what it refused."""
    site.centre.become(SANDBOX)
    for job in site.records.dead():
        site.command("jobs", "replay", str(job))
