"""Kill -9 of workers while they send."""

from __future__ import annotations

import time
import uuid

from smartcity.demo.client import wait_for
from tests.faults.campaign_site import CampaignSite
from tests.faults.processes import Process

PAUSE = 3.0  # seconds between two kills


def kill_senders(site: CampaignSite, campaign: uuid.UUID, most: int | None = None) -> int:
    """Kill a worker in its window every 3 s, and start it again, until each had his turn.

    At most so many; how many there were. What is unknown may be gone through again afterwards.
    """
    kills, due = 0, time.monotonic()
    while kills != most and (worker := _sender(site, campaign, due)):
        worker.kill()
        worker.start()
        site.crew.remove(worker)
        site.crew.append(worker)  # the next is who has lived longest
        kills, due = kills + 1, time.monotonic() + PAUSE
    return kills


def _sender(site: CampaignSite, campaign: uuid.UUID, due: float) -> Process | None:
    """Somebody who is sending at that time or later; none when nobody is left to send to."""

    def look() -> Process | bool | None:
        if site.truth.stand(campaign).gone_through:
            return True
        return site.sender() if time.monotonic() >= due else None

    found = wait_for(look, seconds=60)
    return found if isinstance(found, Process) else None
