"""Redis and PostgreSQL go away in the middle of a campaign."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from smartcity.demo.client import wait_for
from tests.conftest import _prepare
from tests.faults.campaign_proof import prove
from tests.faults.campaign_site import CampaignSite
from tests.faults.conftest import MakeCampaignSite
from tests.faults.postgres import own_cluster
from tests.faults.processes import Process
from tests.faults.scenarios.scale import PHONES, SHARE
from tests.faults.store import Store

pytestmark = pytest.mark.timeout(400)
STOPS = 3
QUOTA = int(12_000 * SHARE)  # a minute
OURS = int(0.8 * QUOTA)


def test_redis_goes_and_the_quota_holds(
    make_campaign_site: MakeCampaignSite, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    store = Store(tmp_path)
    request.addfinalizer(store.kill)
    store.start()
    quota = {"FCM_PER_MINUTE": str(QUOTA), "FCM_SENDERS": "2", "REDIS_URL": store.url}
    site = make_campaign_site(phones=OURS + OURS // 10, settings=quota)
    site.fcm.behave(quota=OURS)
    campaign = site.draft()
    with site.truth.watched(campaign) as seen:
        began = time.monotonic()
        site.launch(campaign)
        site.awaited(campaign, lambda stand: stand.settled > OURS / 4)
        store.kill()
        drain = site.over(campaign)
    took = time.monotonic() - began
    most = site.fcm.stats()["most_in_a_minute"]
    remark = f"{most} in the busiest minute, allowed {OURS}"
    prove(site, campaign, "Redis gone", "1 ×", seen=seen, drain=drain, remark=remark)
    assert "QUOTA_EXCEEDED" not in site.fcm.stats()["answers"]
    assert most <= OURS
    assert took > 60  # a bucket that was open would have let all of it through


def test_postgresql_stops_at_once(make_campaign_site: MakeCampaignSite) -> None:
    with own_cluster() as cluster:
        _prepare(cluster.url)
        site = make_campaign_site(cluster.url, phones=PHONES)
        site.fcm.behave(latency=[0.05, 0.3])
        campaign = site.draft(resend=True)
        with site.truth.watched(campaign) as seen:
            site.launch(campaign)
            for stop in range(STOPS):
                goal = (stop + 1) * PHONES / (STOPS + 2)
                site.awaited(campaign, lambda stand, goal=goal: stand.settled > goal)
                missed = [_missed(worker) for worker in site.crew]
                cluster.stop_at_once()
                wait_for(lambda missed=missed: _all_miss_it(site, missed), seconds=60)
                cluster.start()
            drain = site.over(campaign, seconds=300)
        faults = f"{STOPS} × immediate stop and start"
        prove(
            site,
            campaign,
            "PostgreSQL stopped",
            faults,
            seen=seen,
            resend=True,
            drain=drain,
        )


def _all_miss_it(site: CampaignSite, before: list[int]) -> bool:
    """Whether each worker has asked the database in vain since then."""
    return all(_missed(worker) > was for worker, was in zip(site.crew, before, strict=True))


def _missed(worker: Process) -> int:
    return worker.log.read_text("utf-8").count("worker.database_unavailable")
