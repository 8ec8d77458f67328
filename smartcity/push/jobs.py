"""Telling a citizen: the inbox row and one job a phone, then each phone."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.adapters.firebase import Outcome, PushMessage, push
from smartcity.core.context import settings
from smartcity.core.db import insert_if_absent, reading, transaction
from smartcity.core.errors import Permanent
from smartcity.core.text import shortened
from smartcity.core.texts import text
from smartcity.jobs.service import Job, Lease, enqueue_all, handler
from smartcity.push import service
from smartcity.push.models import Device, InboxMessage

SEND = "push.send"
MOST_OF_BODY = 2_500  # bytes, so that the payload stays under FCM's 4,096; the inbox has it all


@handler(service.NOTIFY, queue="inbox")
def notify(lease: Lease) -> None:
    """Write the inbox row and, where phones can be reached, one `push.send` for each of his."""
    told = lease.payload
    citizen = uuid.UUID(told["citizen"])
    with transaction() as session:
        insert_if_absent(
            session,
            InboxMessage,
            id=uuid.UUID(told["source"]),
            citizen_id=citizen,
            category=told["category"],
            text=told["text"],
            values=told["values"],
            link=told["link"],
            created_at=datetime.fromisoformat(told["at"]),
        )
        phones = _phones(session, citizen) if settings().fcm_credentials else []
        sends = [Job(SEND, {"device": str(p), "message": told["source"]}) for p in phones]
        enqueue_all(session, sends)
        lease.finish(session)


def _phones(session: Session, citizen: uuid.UUID) -> Sequence[uuid.UUID]:
    reachable = Device.citizen_id == citizen, Device.quarantined_at.is_(None)
    return session.scalars(select(Device.installation_id).where(*reachable)).all()


@handler(SEND, queue="push", breaker=True)
def send(lease: Lease) -> None:
    """Send an inbox message to one phone; an address that is gone is pruned."""
    with reading() as session:
        device = service.found(session, uuid.UUID(lease.payload["device"]))
        message = session.get(InboxMessage, uuid.UUID(lease.payload["message"]))
    if device is None or message is None or not _meant_for(device, message):
        return
    outcome = push().send(_composed(device, message))
    if outcome is Outcome.MALFORMED:
        raise Permanent("the push service refuses the message itself")
    with transaction() as session:
        if outcome is Outcome.UNREGISTERED:
            service.prune(session, (device.kind, device.value))
        elif outcome is Outcome.OTHER_SENDER:
            service.quarantine(session, (device.kind, device.value))
        lease.finish(session)


def _meant_for(device: Device, message: InboxMessage) -> bool:
    """Whether the phone is still the citizen's; it may have changed hands meanwhile."""
    return device.citizen_id == message.citizen_id and device.quarantined_at is None


def _composed(device: Device, message: InboxMessage) -> PushMessage:
    title, body = (
        text(f"{message.text}.{part}", device.locale, **message.values).strip()
        for part in ("title", "body")
    )
    return PushMessage(
        kind=device.kind,
        value=device.value,
        title=title,
        body=shortened(body, MOST_OF_BODY),
        link=message.link,
        message_id=str(message.id),
        tag=message.link.rpartition("/")[2],
    )
