"""Workers die, sleep and are told to stop in the middle of a campaign."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from smartcity.campaigns.models import Outcome, State
from smartcity.demo.client import wait_for
from tests.faults.campaign_kills import kill_senders
from tests.faults.campaign_proof import prove
from tests.faults.conftest import MakeCampaignSite
from tests.faults.scenarios.scale import CROWD, PHONES
from tests.faults.site import HELD, LEASE

pytestmark = pytest.mark.timeout(600)
WINDOW = 200  # messages
NAPS = 4


@pytest.mark.parametrize("resend", [False, True], ids=["kept", "resent"])
def test_workers_are_killed_every_three_seconds(
    resend: bool, make_campaign_site: MakeCampaignSite
) -> None:
    site = make_campaign_site(phones=CROWD, workers=4)
    site.fcm.behave(latency=[0.02, 0.3])
    campaign = site.draft(resend=resend)
    with site.truth.watched(campaign) as seen:
        site.launch(campaign)
        kills = kill_senders(site, campaign)
        drain = site.over(campaign, seconds=300)
    policy = "sent again" if resend else "left alone"
    name, faults = f"workers killed, unknown {policy}", f"{kills} × kill -9, one every 3 s"
    result = prove(site, campaign, name, faults, seen=seen, resend=resend, drain=drain)
    unknown = site.truth.stand(campaign).outcomes[Outcome.UNKNOWN]
    assert kills > 1
    assert (result.duplicates, unknown > 0) == (0, True) if not resend else result.duplicates > 0


def test_it_is_cancelled_in_the_middle(make_campaign_site: MakeCampaignSite) -> None:
    site = make_campaign_site(phones=PHONES)
    site.fcm.behave(latency=[0.05, 0.2])
    campaign = site.draft()
    with site.truth.watched(campaign) as seen:
        site.launch(campaign)
        site.awaited(campaign, lambda stand: stand.settled > PHONES / 4)
        site.cancel(campaign)
        arrived = site.fcm.stats()["arrived"]
        drain = site.over(campaign)
        site.awaited(campaign, lambda stand: not stand.outcomes[Outcome.PENDING])
    more = site.fcm.stats()["arrived"] - arrived
    remark = f"{more} messages after the officer had his answer"
    left = [Outcome.CANCELLED]
    prove(site, campaign, "cancelled", "1 ×", seen=seen, left=left, drain=drain, remark=remark)
    stand = site.truth.stand(campaign)
    assert stand.state == State.CANCELLED
    assert stand.outcomes[Outcome.CANCELLED] > PHONES / 4
    assert more <= site.workers * site.threads * WINDOW


def test_two_schedulers_of_which_one_sleeps_past_its_leases(
    make_campaign_site: MakeCampaignSite,
) -> None:
    site = make_campaign_site(phones=PHONES)
    site.fcm.behave(latency=[0.05, 0.3])
    campaign = site.draft(starts_at=(datetime.now(UTC) + timedelta(seconds=5)).isoformat())
    with site.truth.watched(campaign) as seen:
        site.launch(campaign)
        for _ in range(NAPS):
            worker = wait_for(site.sender, seconds=90)
            worker.freeze()
            held = site.truth.held_by(worker.pid)
            wait_for(
                lambda held=held, pid=worker.pid: not held & site.truth.held_by(pid),
                seconds=LEASE + HELD,
            )
            worker.thaw()
        drain = site.over(campaign)
    faults = f"{NAPS} × SIGSTOP until the leases were another's"
    prove(site, campaign, "two schedulers", faults, seen=seen, drain=drain)
    assert site.truth.steps(campaign).count("launch") == 1
