"""A campaign's message to a few phones by name, to be looked at: marked, and counted nowhere."""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from smartcity.adapters.fcm.answers import Answer, Reply
from smartcity.adapters.fcm.envelope import Notification
from smartcity.adapters.fcm.quota import Lane, quota
from smartcity.adapters.fcm.sdk import Address, push
from smartcity.audit.service import record
from smartcity.campaigns.drafting import notification
from smartcity.campaigns.listing import find
from smartcity.core.errors import Invalid, Permanent, Temporary, Unavailable
from smartcity.core.ids import new_id
from smartcity.core.texts import text
from smartcity.identity.permissions import Principal
from smartcity.push import service

MOST = 20  # phones at once
MOMENT = 1.0  # seconds that a message waits for the quota


@dataclass(frozen=True)
class Trial:
    """One phone, and what it is to show."""

    device: uuid.UUID
    address: Address
    notification: Notification


Answered = tuple[Trial, Reply]


def prepared(session: Session, campaign_id: uuid.UUID, devices: Sequence[uuid.UUID]) -> list[Trial]:
    """The trials of a campaign; Invalid names a device that nobody registered.

    They carry a tag of their own, so that they take no real message's place.
    """
    campaign = find(session, campaign_id)
    trials = []
    for named in dict.fromkeys(devices):
        device = service.found(session, named)
        if device is None:
            raise Invalid(devices=f"campaign.no_device|device={named}")
        shown = notification(campaign, device.locale)
        title = f"{text('campaign.test', device.locale)} {shown.title}"
        marked = replace(shown, title=title, tag=f"test-{campaign.id}")
        trials.append(Trial(named, (device.kind, device.value), marked))
    return trials


def send(trials: Sequence[Trial]) -> list[Answered]:
    """Send each once, with FCM's answer; not inside a transaction.

    What the quota has no room for is not sent. Unavailable where no phone can be reached.
    """
    return [(trial, _sent(trial)) for trial in trials]


def noted(
    session: Session, who: Principal, campaign_id: uuid.UUID, answers: Sequence[Answered]
) -> list[dict[str, Any]]:
    """Record who tried a campaign on which phones; the answers as they are shown."""
    told = {str(trial.device): reply.answer.value for trial, reply in answers}
    record(session, who.key, "campaign.test_send", ("campaign", campaign_id), answers=told)
    return [
        {"device": trial.device, "answer": reply.answer.value, "detail": reply.detail}
        for trial, reply in answers
    ]


def _sent(trial: Trial) -> Reply:
    if not _has_room():
        return Reply(Answer.NOT_SENT, "quota")
    try:
        return push().send(trial.notification, trial.address, str(new_id()))
    except Temporary as error:
        return Reply(Answer.NOT_SENT, str(error))
    except Permanent:
        raise Unavailable("campaign.no_push") from None


def _has_room() -> bool:
    granted = quota().take(Lane.TRANSACTIONAL, 1)
    if not granted.count:
        time.sleep(min(granted.wait, MOMENT))
        granted = quota().take(Lane.TRANSACTIONAL, 1)
    return bool(granted.count)
