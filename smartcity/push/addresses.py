"""Where devices are reached, read and mended for many at a time, as a campaign's windows ask."""

from collections.abc import Collection
from typing import NamedTuple, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Delete,
    Table,
    Update,
    any_,
    bindparam,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import is_sqlite
from smartcity.push.audience import switched_off
from smartcity.push.models import Device

_DEVICES = cast(Table, Device.__table__)
_UNCHANGED = (
    _DEVICES.c.number == bindparam("one"),
    _DEVICES.c.kind == bindparam("of"),
    _DEVICES.c.value == bindparam("was"),
)
Sent = tuple[int, str, str]  # a device's number, and the kind and value that were sent to


class Address(NamedTuple):
    """One device as a window needs it; `ward` is empty where it did not tell.

    `off`: it switched the category off.
    """

    number: int
    kind: str
    value: str
    platform: str
    ward: str
    locale: str
    quiet_from: int | None
    quiet_to: int | None
    off: bool

    @property
    def quiet(self) -> tuple[int | None, int | None]:
        """Its quiet hours, as `quiet.ends_at` takes them."""
        return self.quiet_from, self.quiet_to


def devices_of(session: Session, numbers: Collection[int], category: str) -> dict[int, Address]:
    """The addresses of some 200 devices by number, in one statement.

    Those that are gone, or in quarantine, are not there.
    """
    columns = (
        Device.number,
        Device.kind,
        Device.value,
        Device.platform,
        func.coalesce(Device.ward, ""),
        Device.locale,
        Device.quiet_from,
        Device.quiet_to,
        switched_off(category),
    )
    query = select(*columns).where(_among(session, numbers), Device.quarantined_at.is_(None))
    found = session.connection().execute(query).all()  # row by row costs twice as much
    return {row[0]: Address._make(row) for row in found}


def _among(session: Session, numbers: Collection[int]) -> ColumnElement[bool]:
    """One parameter on PostgreSQL, however many they are: half the time of one for each."""
    if is_sqlite(session):
        return Device.number.in_(numbers)
    return Device.number == any_(literal(list(numbers), ARRAY(BigInteger)))


def prune_all(session: Session, sent: Collection[Sent]) -> int:
    """Forget devices whose address is still the one that was sent to; how many these were."""
    return _for_each(session, delete(_DEVICES), sent)


def quarantine_all(session: Session, sent: Collection[Sent]) -> int:
    """Send nothing more to addresses of another sender until their phones register anew."""
    return _for_each(session, update(_DEVICES).values(quarantined_at=clock.now()), sent)


def _for_each(session: Session, statement: Update | Delete, sent: Collection[Sent]) -> int:
    """In the order of the numbers, in which everybody locks devices."""
    if not sent:
        return 0
    told = [{"one": number, "of": kind, "was": value} for number, kind, value in sorted(sent)]
    return session.connection().execute(statement.where(*_UNCHANGED), told).rowcount


def prune(session: Session, address: tuple[str, str]) -> None:
    """Forget an address that the push service knows no more, wherever it is still the same."""
    kind, value = address
    session.execute(delete(Device).where(Device.kind == kind, Device.value == value))


def quarantine(session: Session, address: tuple[str, str]) -> None:
    """Send nothing more to an address of another sender until its phone registers anew."""
    kind, value = address
    session.execute(
        update(Device)
        .where(Device.kind == kind, Device.value == value)
        .values(quarantined_at=clock.now())
    )
