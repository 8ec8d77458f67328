"""Workers die in a campaign: small enough for every run of the tests."""

from __future__ import annotations

import pytest

from smartcity.campaigns.models import Outcome
from tests.faults.campaign_kills import kill_senders
from tests.faults.campaign_proof import prove
from tests.faults.conftest import MakeCampaignSite

PHONES, KILLS = 2_000, 2


@pytest.mark.timeout(120)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_nobody_gets_it_twice_when_workers_die(make_campaign_site: MakeCampaignSite) -> None:
    site = make_campaign_site(phones=PHONES, threads=2)
    site.fcm.behave(latency=[0.2, 0.6])  # so that who dies leaves something open
    campaign = site.draft()
    with site.truth.watched(campaign) as seen:
        site.launch(campaign)
        assert kill_senders(site, campaign, KILLS) == KILLS
        site.fcm.behave()
        drain = site.over(campaign, seconds=60)
    faults = f"{KILLS} × kill -9"
    prove(site, campaign, "quick", faults, seen=seen, drain=drain)
    assert seen
    assert site.truth.stand(campaign).outcomes[Outcome.UNKNOWN]
