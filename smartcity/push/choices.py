"""What a device chose: categories switched off, topics followed. Only what is not the default."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from smartcity.core.db import insert_all
from smartcity.push.categories import categories, topics
from smartcity.push.hours import written
from smartcity.push.models import Device, DeviceChoice


def of(session: Session, device: Device) -> dict[str, bool]:
    """Whether a device wants a category or topic, by name, where it said so."""
    query = select(DeviceChoice.name, DeviceChoice.wanted).where(
        DeviceChoice.device == device.number
    )
    return dict(session.execute(query).all())


def wants(chosen: Mapping[str, bool], category: str) -> bool:
    """Whether a device that chose so gets messages of a category."""
    return categories()[category].critical or chosen.get(category, True)


def wanted(chosen: Mapping[str, bool]) -> dict[str, dict[str, bool]]:
    """Every category and topic of the province, and whether it is wanted."""
    return {
        "categories": {category: wants(chosen, category) for category in categories()},
        "topics": {topic: chosen.get(topic, False) for topic in topics()},
    }


def shown(session: Session, device: Device) -> dict[str, Any]:
    """A device with its choices, as `DeviceOut` dumps it."""
    begin, end = device.quiet_from, device.quiet_to
    hours = None if begin is None or end is None else written((begin, end))
    return {**vars(device), **wanted(of(session, device)), "quiet_hours": hours}


def choose(session: Session, device: Device, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what is named, and show it all; what is not named stays. The caller holds the row."""
    if "quiet_hours" in asked:
        device.quiet_from, device.quiet_to = asked["quiet_hours"] or (None, None)
    switched, followed = asked.get("categories", {}), asked.get("topics", {})
    ours = DeviceChoice.device == device.number
    named = DeviceChoice.name.in_([*switched, *followed])
    session.execute(delete(DeviceChoice).where(ours, named))
    kept = [name for name, on in switched.items() if not on]
    kept += [name for name, on in followed.items() if on]
    rows = [{"device": device.number, "name": n, "wanted": n in followed} for n in sorted(kept)]
    insert_all(session, DeviceChoice, rows)
    return shown(session, device)
