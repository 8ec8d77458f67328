"""The inbox, the devices, and the message that goes to both."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import one_at_a_time
from smartcity.core.errors import NotFound
from smartcity.identity.permissions import Principal
from smartcity.push import brakes
from smartcity.push.addresses import (
    Address,
    devices_of,
    prune,
    prune_all,
    quarantine,
    quarantine_all,
)
from smartcity.push.audience import AudienceRule, Counted, Ward, counted, matching, meets
from smartcity.push.broadcasts import broadcast, recall
from smartcity.push.categories import Category, categories, link_allowed, topics
from smartcity.push.models import Brake, Device
from smartcity.push.personal import (
    erase_devices,
    erase_inbox,
    held_devices,
    held_inbox,
    inbox_over,
)
from smartcity.push.quiet import ends_at, province_quiet_ends
from smartcity.push.telling import NOTIFY, message

__all__ = [
    "NOTIFY",
    "Address",
    "AudienceRule",
    "Brake",
    "Category",
    "Counted",
    "Device",
    "Ward",
    "brakes",
    "broadcast",
    "categories",
    "counted",
    "devices_of",
    "ends_at",
    "erase_devices",
    "erase_inbox",
    "held_devices",
    "held_inbox",
    "inbox_over",
    "link_allowed",
    "matching",
    "meets",
    "message",
    "province_quiet_ends",
    "prune",
    "prune_all",
    "quarantine",
    "quarantine_all",
    "recall",
    "register",
    "topics",
    "unregister",
]


def register(
    session: Session, citizen: Principal, installation_id: uuid.UUID, asked: Mapping[str, Any]
) -> Device:
    """Remember where a citizen's phone is reached; the same address elsewhere is forgotten."""
    one_at_a_time(session, f"installation:{installation_id}")
    one_at_a_time(session, f"address:{asked['kind']}:{asked['value']}")
    address = Device.kind == asked["kind"], Device.value == asked["value"]
    session.execute(delete(Device).where(*address, Device.installation_id != installation_id))
    device = found(session, installation_id) or Device(
        installation_id=installation_id, app_number=0, created_at=clock.now()
    )
    device.citizen_id = uuid.UUID(citizen.id)
    for name, value in asked.items():
        setattr(device, name, value)
    device.quarantined_at = None
    device.last_seen_at = clock.now()
    session.add(device)
    return device


def found(session: Session, installation_id: uuid.UUID) -> Device | None:
    """The phone of an installation."""
    return session.scalar(select(Device).where(Device.installation_id == installation_id))


def unregister(session: Session, citizen: Principal, installation_id: uuid.UUID) -> None:
    """Forget a citizen's phone; NotFound when it is not his."""
    device = found(session, installation_id)
    if device is None or device.citizen_id != uuid.UUID(citizen.id):
        raise NotFound("push.device_not_found")
    session.delete(device)
