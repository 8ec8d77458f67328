"""Devices whose reports are looked at twice. Officers name them by a report; nobody sees which.

Whoever knows two reports to come from one device might learn who filed the anonymous one.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.db import lock_row
from smartcity.core.errors import Invalid, NotFound
from smartcity.core.expiry import Over
from smartcity.core.ids import new_id
from smartcity.core.paging import Page, newest_first
from smartcity.identity.permissions import Principal
from smartcity.reports.intake.models import BlockedDevice, ReportDevice

LONGEST = timedelta(days=366)


def block(session: Session, officer: Principal, asked: Mapping[str, Any]) -> BlockedDevice:
    """Watch the device that sent a report until a day. Blocked twice, it is watched for either.

    Invalid for a day that is over or over a year away, and for a report whose device is not known
    (any more).
    """
    if not clock.now() < asked["until"] <= clock.now() + LONGEST:
        raise Invalid(until="block.until")
    sent_by = select(ReportDevice.device_index).where(ReportDevice.report_id == asked["report"])
    device = session.scalar(sent_by)
    if device is None:
        raise Invalid(report="block.device_unknown")
    row = BlockedDevice(
        id=new_id(),
        device_index=device,
        report_id=asked["report"],
        reason=asked["reason"],
        until=asked["until"],
        blocked_by=officer.key,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    told = {"until": row.until.isoformat(), "reason": row.reason}
    record(session, officer.key, "device.block", ("blocked_device", row.id), after=told)
    return row


def listed(session: Session, asked: Mapping[str, Any]) -> Page[BlockedDevice]:
    """Blocks, newest first: those that hold, or all that are kept."""
    query = select(BlockedDevice)
    if asked["current"]:
        query = query.where(BlockedDevice.until > clock.now())
    return newest_first(session, query, (BlockedDevice.created_at, BlockedDevice.id), asked)


def end(session: Session, officer: Principal, block_id: uuid.UUID) -> None:
    """End a block; NotFound when there is none."""
    row = lock_row(session, select(BlockedDevice), BlockedDevice.id == block_id)
    if row is None:
        raise NotFound("block.not_found")
    record(session, officer.key, "device.unblock", ("blocked_device", row.id))
    session.delete(row)


def blocks_over() -> Over:
    """The blocks whose day is over."""
    return Over(BlockedDevice, (BlockedDevice.until <= clock.now(),))


def devices_over(before: datetime) -> Over:
    """The devices of reports that are too old to be counted or blocked by."""
    return Over(ReportDevice, (ReportDevice.at < before,))
