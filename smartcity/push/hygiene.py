"""Devices that are no longer reached: how many there are, and when they are dropped.

FCM calls a registration stale after a month without contact, and expires it on Android after 270
days; APNs and browsers have no such term, they tell when an address is gone (firebase.google.com/
docs/cloud-messaging/manage-tokens). We drop every platform's after 270 days: nobody needs them, and
the Law wants nothing kept without need. Stale ones are in no audience (`audience.py`).
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Row, case, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.cache import Refreshed
from smartcity.core.context import per_app
from smartcity.core.db import reading
from smartcity.core.expiry import Over
from smartcity.push.audience import STALE
from smartcity.push.models import Device
from smartcity.settings import Settings

KEPT = timedelta(days=270)
QUARANTINE_KEPT = timedelta(days=30)
_COUNTED_EVERY = 900.0  # seconds: it goes through every device


def devices_over() -> Over:
    """The devices that were not seen for 270 days."""
    return Over(Device, (Device.last_seen_at < clock.now() - KEPT,))


def quarantine_over() -> Over:
    """The devices whose address is of another Firebase project, and that did not come back."""
    return Over(Device, (Device.quarantined_at < clock.now() - QUARANTINE_KEPT,))


class DeviceMetrics(Collector):
    """How many devices of each platform are active, stale, in quarantine; of a quarter hour ago."""

    def collect(self) -> Iterable[Metric]:
        try:
            found = _counts()()
        except SQLAlchemyError:
            return
        labels = ["platform", "state"]
        gauge = GaugeMetricFamily("smartcity_push_devices", "Phones", labels=labels)
        for platform, state, number in found:
            gauge.add_metric([platform, state], number)
        yield gauge


@per_app
def _counts(_settings: Settings) -> Refreshed[Sequence[Row[str, str, int]]]:
    return Refreshed(_count, every=_COUNTED_EVERY)


def _count(_before: object) -> Sequence[Row[str, str, int]]:
    with reading() as session:
        return counted(session)


def counted(session: Session) -> Sequence[Row[str, str, int]]:
    """How many devices of each platform are `active`, `stale` and `quarantined`; reads them all."""
    stale = Device.last_seen_at < clock.now() - STALE
    state = case(
        (Device.quarantined_at.is_not(None), "quarantined"), (stale, "stale"), else_="active"
    )
    by = Device.platform, state.label("state")
    found = select(*by, func.count()).group_by(Device.platform, "state")
    return session.execute(found.order_by(Device.platform, "state")).all()
