"""Phones tell which messages of campaigns they showed, and which were opened.

The id of such a message names the place of its recipient, `<campaign>.<shard>.<index>`: a receipt
counts when the phone that gives it was frozen there. Ids of the inbox are no such places; they are
taken and counted nowhere.
"""

import math
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from smartcity.campaigns import counts
from smartcity.campaigns.models import Campaign, Receipts, Shard
from smartcity.core import clock
from smartcity.core.db import insert_if_absent, lock_row
from smartcity.push.service import Device

RECEIVED, OPENED = EVENTS = ("received", "opened")
_PLACE = re.compile(r"([0-9a-f-]{36})\.(\d{1,6})\.(\d{1,4})", re.ASCII)
_GRAINS = ((1, 20), (10, 180), (60, math.inf))  # minutes, and until when after the start
_NUMBER = 8  # bytes of a recipient in `Shard.devices`


class Result(StrEnum):
    """What became of one receipt."""

    NOTED = "noted"
    REPEATED = "repeated"
    UNKNOWN = "unknown"
    NOT_YOURS = "not_yours"


class Place(NamedTuple):
    """Where a recipient was frozen."""

    campaign: uuid.UUID
    shard: int
    position: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a phone tells of one message, and when that was by its own clock."""

    mid: str
    event: str
    at: datetime


def note(session: Session, device: Device, told: Sequence[Receipt]) -> list[Result]:
    """Note what a phone tells; a result for each, in order. A repeated receipt changes nothing.

    The minute is the phone's, but none before the first message, nor one to come.
    """
    results = [Result.NOTED if _uuid(receipt.mid) else Result.UNKNOWN for receipt in told]
    counted: dict[uuid.UUID, list[counts.Row]] = {}
    for place, numbers in sorted(_places(told).items()):  # in one order, so that nobody deadlocks
        owner = _owner(session, place)
        if owner != device.number:
            refused = Result.UNKNOWN if owner is None else Result.NOT_YOURS
            results = [refused if n in numbers else was for n, was in enumerate(results)]
            continue
        marks, started = _marks(session, place), _started(session, place.campaign)
        for number in numbers:
            new = _set(marks, place.position, told[number].event)
            results[number] = Result.NOTED if new else Result.REPEATED
            where = _minute(told[number].at, started), device.platform, device.ward or ""
            counted.setdefault(place.campaign, []).extend((*where, name, 1) for name in new)
    for campaign, rows in sorted(counted.items()):
        counts.add(session, campaign, rows)
    return results


def _places(told: Sequence[Receipt]) -> dict[Place, list[int]]:
    """Which receipts are of which place."""
    found: dict[Place, list[int]] = {}
    for number, receipt in enumerate(told):
        named = _PLACE.fullmatch(receipt.mid)
        campaign = _uuid(named[1]) if named else None
        if named and campaign:
            place = Place(campaign, int(named[2]), int(named[3]))
            found.setdefault(place, []).append(number)
    return found


def _uuid(word: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(word)
    except ValueError:
        return None


def _owner(session: Session, place: Place) -> int | None:
    """The number that was frozen at a place; None where there is no such place."""
    begins = _NUMBER * place.position + 1
    number = func.substr(Shard.devices, begins, _NUMBER, type_=Shard.devices.type)
    frozen = session.scalar(select(number).where(_shard_at(place)))
    return int.from_bytes(frozen, "little") if frozen else None


def _shard_at(place: Place) -> ColumnElement[bool]:
    return and_(Shard.campaign_id == place.campaign, Shard.number == place.shard)


def _started(session: Session, campaign: uuid.UUID) -> datetime:
    begun = session.scalar(select(Campaign.launched_at).where(Campaign.id == campaign))
    return begun or clock.now()


def _marks(session: Session, place: Place) -> Receipts:
    """What was told by the shard's recipients, held until the transaction ends."""
    key = {"campaign_id": place.campaign, "shard": place.shard}
    row = select(Receipts).filter_by(**key)
    held = lock_row(session, row)
    if held is None:
        size = session.scalars(select(Shard.size).where(_shard_at(place))).one()
        none = bytes((size + 7) // 8)
        insert_if_absent(session, Receipts, **key, received=none, opened=none, told=0)
        held = session.scalars(row.with_for_update()).one()
    return held


def _set(marks: Receipts, position: int, event: str) -> list[str]:
    """Set the bits that an event implies; which of them were not set."""
    byte, bit = position // 8, 1 << position % 8
    implied = EVENTS if event == OPENED else (RECEIVED,)
    new = [name for name in implied if not getattr(marks, name)[byte] & bit]
    for name in new:
        bits = bytearray(getattr(marks, name))
        bits[byte] |= bit
        setattr(marks, name, bytes(bits))
    marks.told += len(new)
    return new


def _minute(at: datetime, started: datetime) -> datetime:
    """By minutes at first, by hours later: stragglers of weeks must not make a million rows."""
    begun = started.replace(second=0, microsecond=0)
    passed = int((max(min(at, clock.now()), begun) - begun).total_seconds()) // 60
    grain = next(grain for grain, until in _GRAINS if passed < until)
    return begun + timedelta(minutes=passed - passed % grain)
