"""Registering phones: one row an installation, one owner an address."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import lock_row, one_at_a_time
from smartcity.core.errors import Forbidden, NotFound
from smartcity.push.device_key import digest, fits
from smartcity.push.models import Device
from smartcity.push.versions import app_number

_SEEN_EVERY = timedelta(days=1)


def register(
    session: Session,
    citizen: uuid.UUID | None,
    installation_id: uuid.UUID,
    key: str | None,
    asked: Mapping[str, Any],
) -> Device:
    """Remember where an installation is reached; the same address elsewhere is forgotten.

    Forbidden when the installation has a key, and neither is that given nor is he its owner. Who
    signs in on his phone takes its choices along; what another citizen chose on it is forgotten.
    """
    one_at_a_time(session, f"installation:{installation_id}")
    one_at_a_time(session, f"address:{asked['kind']}:{asked['value']}")
    device = _sole(session, installation_id, asked)
    if device is not None:
        _prove(device, citizen, key)
        if device.citizen_id not in (None, citizen):
            session.execute(delete(Device).where(Device.number == device.number))
            device = None
    device = device or Device(installation_id=installation_id, created_at=clock.now())
    device.citizen_id = citizen
    device.key_hash = digest(key) if key else device.key_hash
    _note(device, asked)
    session.add(device)
    session.flush()
    return device


def found(session: Session, installation_id: uuid.UUID) -> Device | None:
    """The phone of an installation."""
    return session.scalar(select(Device).where(Device.installation_id == installation_id))


def owned(session: Session, citizen: uuid.UUID, installation_id: uuid.UUID) -> Device:
    """A citizen's phone, held until the transaction ends; NotFound when it is not his."""
    device = _held(session, installation_id)
    if device is None or device.citizen_id != citizen:
        raise NotFound("push.device_not_found")
    return _seen(device)


def keyed(session: Session, installation_id: uuid.UUID, key: str) -> Device:
    """A phone on which nobody is signed in, held; NotFound when there is none with this key."""
    device = _held(session, installation_id)
    if device is None or device.citizen_id is not None or not fits(key, device.key_hash):
        raise NotFound("push.device_not_found")
    return _seen(device)


def _held(session: Session, installation_id: uuid.UUID) -> Device | None:
    return lock_row(session, select(Device), Device.installation_id == installation_id)


def _seen(device: Device) -> Device:
    """Once a day: a row that is written anew each time would be worth nothing more."""
    if clock.now() - device.last_seen_at >= _SEEN_EVERY:
        device.last_seen_at = clock.now()
    return device


def _sole(session: Session, installation_id: uuid.UUID, asked: Mapping[str, Any]) -> Device | None:
    """The installation's row, held; another's that has the address is deleted.

    Both are locked in the order of their numbers, as campaigns lock them when they prune.
    """
    here = Device.installation_id == installation_id
    same = and_(Device.kind == asked["kind"], Device.value == asked["value"])
    query = select(Device).where(or_(here, same)).order_by(Device.number).with_for_update()
    devices = {d.installation_id == installation_id: d for d in session.scalars(query)}
    if False in devices:
        session.execute(delete(Device).where(Device.number == devices[False].number))
    return devices.get(True)


def _prove(device: Device, citizen: uuid.UUID | None, key: str | None) -> None:
    """A phone without a key changes hands between citizens by its installation's id alone."""
    known = citizen is not None and (device.citizen_id == citizen or device.key_hash is None)
    if not known and not fits(key, device.key_hash):
        raise Forbidden("push.wrong_key")


def _note(device: Device, asked: Mapping[str, Any]) -> None:
    for name, value in asked.items():
        setattr(device, name, value)
    device.app_number = app_number(asked["app_version"])
    device.quarantined_at = None
    device.last_seen_at = clock.now()
