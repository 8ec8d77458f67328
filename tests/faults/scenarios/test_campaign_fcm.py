"""FCM misbehaves in each of the ways that contracts.md names, through a whole campaign."""

from __future__ import annotations

import pytest

from smartcity.campaigns.models import Outcome
from smartcity.demo.client import wait_for
from tests.faults.campaign_proof import prove
from tests.faults.conftest import MakeCampaignSite
from tests.faults.scenarios.scale import PHONES

pytestmark = pytest.mark.timeout(400)
STORMS = 3
WINDOW = 200  # messages
GOAWAY_AFTER = PHONES // 40  # messages of a connection
STRIKES = 60


def test_storms_of_429(make_campaign_site: MakeCampaignSite) -> None:
    site = make_campaign_site(phones=PHONES)
    site.fcm.behave(latency=[0.05, 0.3])
    campaign = site.draft()
    with site.truth.watched(campaign) as seen:
        site.launch(campaign)
        for storm in range(STORMS):
            goal = (storm + 1) * PHONES / (STORMS + 2)
            site.awaited(campaign, lambda stand, goal=goal: stand.settled > goal)
            site.fcm.suffer(mode="error", status=429, retry_after=2)
            wait_for(lambda: "all" in site.truth.brakes(), seconds=30)
            site.fcm.recover()
            assert site.truth.attempts() == 0
        drain = site.over(campaign)
    refused = site.fcm.stats()["answers"]["QUOTA_EXCEEDED"]
    remark = f"{refused} × 429"
    prove(site, campaign, "429", f"{STORMS} storms", seen=seen, drain=drain, remark=remark)
    assert site.truth.stand(campaign).outcomes[Outcome.UNKNOWN] == 0
    # Of each storm a sender sees one window, in which nothing was taken; then all wait.
    assert STORMS <= refused <= STORMS * site.workers * site.threads * WINDOW


@pytest.mark.parametrize("resend", [False, True], ids=["kept", "resent"])
def test_503_of_what_was_delivered_and_goaway(
    resend: bool, make_campaign_site: MakeCampaignSite
) -> None:
    site = make_campaign_site(phones=PHONES)
    site.fcm.behave(latency=[0.02, 0.2], goaway_after=GOAWAY_AFTER)
    site.fcm.suffer(mode="accept_then_error", status=503, rate=0.02)
    campaign = site.draft(resend=resend)
    with site.truth.watched(campaign) as seen:
        site.launch(campaign)
        site.awaited(campaign, lambda stand: stand.settled >= PHONES)
        doubtful = site.truth.stand(campaign).outcomes[Outcome.UNKNOWN]
        site.fcm.recover()
        drain = site.over(campaign, seconds=200)
    told = site.fcm.stats()
    policy = "sent again" if resend else "left alone"
    remark = f"{told['goaways']} × GOAWAY; {doubtful} answered 503"
    name = f"503 though delivered, GOAWAY, unknown {policy}"
    faults = f"2 % × 503, GOAWAY after {GOAWAY_AFTER} messages"
    result = prove(
        site,
        campaign,
        name,
        faults,
        seen=seen,
        resend=resend,
        drain=drain,
        remark=remark,
    )
    unknown = site.truth.stand(campaign).outcomes[Outcome.UNKNOWN]
    assert doubtful > PHONES / 100
    assert told["goaways"] > 1
    assert (unknown, result.duplicates) == ((0, doubtful) if resend else (doubtful, 0))
    assert told["shown_again"] == 0


def test_connections_die_and_streams_are_refused(make_campaign_site: MakeCampaignSite) -> None:
    site = make_campaign_site(phones=PHONES)
    site.fcm.suffer(mode="flaky", status=503, rate=STRIKES / PHONES)
    campaign = site.draft()
    with site.truth.watched(campaign) as seen:
        site.launch(campaign)
        drain = site.over(campaign)
    told = site.fcm.stats()
    remark = ", ".join(
        f"{told[name]} {name.replace('_', ' ')}"
        for name in ("dropped_connections", "refused_streams", "goaways")
    )
    prove(site, campaign, "connections die", f"{STRIKES} ×", seen=seen, drain=drain, remark=remark)
    assert min(told[n] for n in ("dropped_connections", "refused_streams", "goaways")) > 0
