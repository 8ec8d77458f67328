"""Phones straight in the database: what tests of thousands need."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.push.models import Device, DeviceChoice

KEY = "k" * 32
BODY = {"kind": "token", "value": "abc:123", "platform": "ios", "app_version": "3.2.1"}


def phone(number: int, **other: Any) -> dict[str, Any]:
    """A phone that was seen now, in which nobody signed in."""
    now: datetime = clock.now()
    made = {
        "number": number,
        "installation_id": uuid.UUID(int=number),
        "kind": "token",
        "value": f"token-{number}",
        "platform": "android",
        "app_version": "3.2.1",
        "app_number": 3_002_001,
        "locale": "vi",
        "ward": None,
        "quiet_from": None,
        "quiet_to": None,
        "quarantined_at": None,
        "last_seen_at": now,
        "created_at": now,
    }
    return {**made, **other}


def add_phones(
    session: Session,
    phones: Iterable[dict[str, Any]],
    chosen: Iterable[tuple[int, str, bool]] = (),
) -> None:
    """Phones, and by number what they chose."""
    session.execute(insert(Device), list(phones))
    choices = [{"device": n, "name": name, "wanted": wanted} for n, name, wanted in chosen]
    if choices:
        session.execute(insert(DeviceChoice), choices)
