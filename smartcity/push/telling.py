"""Telling a citizen something: an inbox row, then a message to each phone that it may go to."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from smartcity.adapters.fcm.envelope import Notification
from smartcity.core import clock
from smartcity.core.db import insert_if_absent
from smartcity.core.text import shortened
from smartcity.core.texts import text
from smartcity.jobs.service import NORMAL, URGENT, Job
from smartcity.push import choices, devices
from smartcity.push.categories import Category, categories, link_allowed
from smartcity.push.models import Device, InboxMessage

NOTIFY = "push.notify"
SEND = "push.send"
LIFETIME = timedelta(days=3)  # later nobody needs to be told by a push; the inbox has it
MOST_OF_BODY = 2_500  # bytes, so that the payload stays under FCM's 4,096; the inbox has it all


def message(
    *,
    citizen: uuid.UUID,
    source: uuid.UUID,
    at: datetime,
    text: str,
    values: dict[str, str],
    link: str,
    category: str = "reports",
) -> Job:
    """The job that tells a citizen something: an inbox row, and a push to each of his phones.

    `source` is the id of what caused it, `at` when that was; `text` a key whose `.title` and
    `.body` the catalogue has; `link` a path in the app; `category` what he may switch off. Raises
    ValueError for a link that is not in the province's list.
    """
    if not link_allowed(link):
        raise ValueError(f"no message may lead to {link}")
    payload = {
        "citizen": str(citizen),
        "source": str(source),
        "at": at.isoformat(),
        "category": category,
        "text": text,
        "values": values,
        "link": link,
    }
    return Job(NOTIFY, payload, priority=_priority(category))


def keep(session: Session, told: Mapping[str, Any]) -> None:
    """Put what a job of `message` tells into the inbox; a second time changes nothing."""
    insert_if_absent(
        session,
        InboxMessage,
        id=uuid.UUID(told["source"]),
        citizen_id=uuid.UUID(told["citizen"]),
        category=told["category"],
        text=told["text"],
        values=told["values"],
        link=told["link"],
        created_at=datetime.fromisoformat(told["at"]),
    )


def sends(session: Session, told: Mapping[str, Any]) -> Sequence[Job]:
    """A job for each of the citizen's phones that is not in quarantine."""
    his = Device.citizen_id == uuid.UUID(told["citizen"]), Device.quarantined_at.is_(None)
    phones = session.scalars(select(Device.installation_id).where(*his))
    priority = _priority(told["category"])
    return [
        Job(SEND, {"device": str(phone), "message": told["source"]}, priority=priority)
        for phone in phones
    ]


@dataclass(frozen=True)
class Parcel:
    """One message for one phone."""

    device: Device
    message: InboxMessage

    @property
    def category(self) -> Category:
        return categories()[self.message.category]

    @property
    def address(self) -> tuple[str, str]:
        return self.device.kind, self.device.value

    @property
    def quiet(self) -> tuple[int | None, int | None]:
        return self.device.quiet_from, self.device.quiet_to

    def notification(self) -> Notification:
        """It as the phone shows it; steps of one thing take each other's place."""
        title, body = (
            text(f"{self.message.text}.{part}", self.device.locale, **self.message.values).strip()
            for part in ("title", "body")
        )
        return Notification(
            title=title,
            body=shortened(body, MOST_OF_BODY),
            link=self.message.link,
            tag=self.message.link.rpartition("/")[2],
            category=self.message.category,
            ttl=int(LIFETIME.total_seconds()),
            critical=self.category.critical,
        )


def parcel(session: Session, payload: Mapping[str, str]) -> Parcel | None:
    """What a job of `sends` is to send; None where there is nothing to be sent any more."""
    device = devices.found(session, uuid.UUID(payload["device"]))
    message = session.get(InboxMessage, uuid.UUID(payload["message"]))
    if device is None or message is None or device.citizen_id != message.citizen_id:
        return None  # gone, or in other hands
    if device.quarantined_at or not choices.wants(choices.of(session, device), message.category):
        return None
    if message.read_at or message.created_at < clock.now() - LIFETIME:
        return None
    return None if _outdated(session, message) else Parcel(device, message)


def _outdated(session: Session, message: InboxMessage) -> bool:
    """Whether something newer stands in its place: it must not come back over that."""
    place = tuple_(InboxMessage.created_at, InboxMessage.id)
    newer = select(InboxMessage.id).where(
        InboxMessage.citizen_id == message.citizen_id,
        InboxMessage.link == message.link,
        place > (message.created_at, message.id),
    )
    return session.scalar(newer.limit(1)) is not None


def _priority(category: str) -> int:
    return URGENT if categories()[category].critical else NORMAL
