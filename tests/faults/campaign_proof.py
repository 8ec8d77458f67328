"""A campaign's frozen audience, the sandbox's journal and the phones' screens, held together."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from smartcity.campaigns.models import Outcome
from tests.faults.campaign_phones import DEAD
from tests.faults.campaign_records import Recipient, Stand
from tests.faults.campaign_site import CampaignSite
from tests.faults.results import Result, database_name, write

SENT = {Outcome.ACCEPTED, Outcome.UNKNOWN}
SCREENS = 500  # of the phones that got it again, whose screens are looked at


@dataclass(frozen=True)
class Found:
    """What is wrong, each a sentence; and how it ended."""

    outcomes: Counter[Outcome]
    lost: list[str]
    twice: list[str]
    repeats: int


def prove(
    site: CampaignSite,
    campaign: uuid.UUID,
    scenario: str,
    faults: str,
    *,
    seen: Sequence[Stand] = (),
    resend: bool = False,
    left: Collection[Outcome] = (),
    drain: float = 0.0,
    remark: str = "",
) -> Result:
    """Compare all there is, write the scenario's row, and fail where anything is not so.

    `left`: outcomes of living phones to which nothing went, that the scenario allows.
    """
    found = compare(site, campaign, resend=resend, left=left)
    stand = site.truth.stand(campaign)
    unknown, dead = (found.outcomes[o] for o in (Outcome.UNKNOWN, Outcome.PRUNED))
    told = [f"{dead} dead, {unknown} unknown", f"{len(seen)} sum checks" if seen else "", remark]
    result = Result(
        f"campaign: {scenario}",
        database_name(site.database),
        found.outcomes.total(),
        faults,
        len(found.lost),
        len(found.twice),
        found.repeats,
        round(drain, 1),
        "; ".join(filter(None, told)),
    )
    write(result)
    wrong = [sentence for look in [*seen, stand] for sentence in look.wrong]
    assert wrong == [], wrong[:10]
    assert found.lost == [], found.lost[:10]
    assert found.twice == [], found.twice[:10]
    return result


def compare(
    site: CampaignSite, campaign: uuid.UUID, *, resend: bool, left: Collection[Outcome]
) -> Found:
    """Whether each phone got its own message, once or in the place of the first, or had no need."""
    arrivals, outcomes = site.fcm.arrivals(), Counter[Outcome]()
    lost, twice, again = [], [], []
    for place in site.truth.recipients(campaign):
        address = site.addresses[place.number]
        came = arrivals.pop(address, {})
        outcomes[place.outcome] += 1
        lost += _lost(place, address, sum(came.values()), left)
        twice += _twice(place, address, came, resend=resend)
        if sum(came.values()) > 1:
            again.append(address)
    lost += [f"{address} is no recipient, and got {came}" for address, came in arrivals.items()]
    for address in again[:SCREENS]:
        shown = site.fcm.screen(address)
        twice += [f"{address} shows {len(shown)}"] if len(shown) != 1 else []
    return Found(outcomes, lost, twice, len(again))


def _lost(place: Recipient, address: str, came: int, left: Collection[Outcome]) -> Iterator[str]:
    if DEAD in address:
        if place.outcome not in {Outcome.PRUNED, Outcome.UNKNOWN, *left}:
            yield f"{address} is dead, and {place.outcome.name}"
    elif place.outcome not in {*SENT, *left}:
        yield f"{address} lives, and is {place.outcome.name}"
    elif place.outcome is Outcome.ACCEPTED and not came:
        yield f"{address} was never reached, and is ACCEPTED"
    elif place.outcome not in SENT and came:
        yield f"{address} was reached, and is {place.outcome.name}"


def _twice(place: Recipient, address: str, came: dict[str, int], *, resend: bool) -> Iterator[str]:
    if came.keys() - {place.mid}:
        yield f"{address} got {sorted(came)}, its own is {place.mid}"
    if sum(came.values()) > 1 and not resend:
        yield f"{address} got it {sum(came.values())} times, and nothing is to be sent again"
