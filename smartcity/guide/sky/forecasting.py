"""What the source says is taken over each hour; what it said too long ago is dropped."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from smartcity.adapters import sky
from smartcity.adapters.sky import AIR, HOURS, HOURS_BEFORE, WEATHER, Hour
from smartcity.changes import service as changes
from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.db import insert_all, transaction
from smartcity.core.errors import Permanent
from smartcity.guide.models import Forecast
from smartcity.guide.sky import aqi
from smartcity.guide.sky.grid import cells

OPEN_METEO = "Open-Meteo.com (CC BY 4.0)"
WEATHER_KIND, AIR_KIND = "weather", "air"
CHANGED = "sky"  # the kind in `changes`; its refs are the two kinds
Slots = list[dict[str, Any]]
log = structlog.get_logger(__name__)


def update() -> None:
    """Ask for the whole province and keep the answer. Raises Temporary.

    What only a person can mend is logged: the forecast grows old, and an alarm tells.
    """
    _drop_old()
    source = sky.sky()
    if source is None:
        return
    try:
        _take(WEATHER_KIND, source.weather, _weather)
        _take(AIR_KIND, source.air, _air)
    except Permanent as fault:
        log.error("sky.refused", reason=str(fault))


def source_of(address: str) -> str:
    """Whom to name beside figures of this address: what another server says is not Open-Meteo's."""
    host = urlsplit(address).hostname or ""
    return OPEN_METEO if f".{host}".endswith(".open-meteo.com") else host


def _address(kind: str) -> str:
    asked = settings()
    return (asked.sky_air_url if kind == AIR_KIND else "") or asked.sky_url


def _take(
    kind: str,
    ask: Callable[[Sequence[sky.Point]], list[list[Hour]]],
    slots: Callable[[Sequence[Hour]], Slots],
) -> None:
    points, source = cells(), source_of(_address(kind))
    told = ask(list(points.values()))
    rows = [
        {"cell": cell, "kind": kind, "slots": slots(hours), "source": source}
        for cell, hours in zip(points, told, strict=True)
    ]
    with transaction() as session:
        session.execute(delete(Forecast).where(Forecast.kind == kind))
        now = clock.now()
        insert_all(session, Forecast, [{**row, "fetched_at": now} for row in rows])
        changes.appeared(session, CHANGED, kind)


def _weather(hours: Sequence[Hour]) -> Slots:
    return [_slot(hour.at, {name: hour.values[name] for name in WEATHER}) for hour in hours]


def _air(hours: Sequence[Hour]) -> Slots:
    """From the present hour on, each with its index of that hour and the eleven before."""
    found = []
    for place in range(HOURS_BEFORE, len(hours)):
        past = hours[place - HOURS_BEFORE : place + 1][::-1]
        index = aqi.vn_aqi({name: [hour.values[name] for hour in past] for name in AIR})
        values = {name: hours[place].values[name] for name in AIR}
        found.append(_slot(hours[place].at, {**values, "vn_aqi": index}))
    return found


def _slot(at: datetime, values: dict[str, float | int | None]) -> dict[str, Any]:
    return {"at": at.isoformat(timespec="seconds"), **values}


def _drop_old() -> None:
    """All of whose hours are past."""
    with transaction() as session:
        for kind in _too_old(session):
            session.execute(delete(Forecast).where(Forecast.kind == kind))
            changes.vanished(session, CHANGED, kind)


def _too_old(session: Session) -> Sequence[str]:
    until = clock.now() - timedelta(hours=HOURS)
    query = select(Forecast.kind).group_by(Forecast.kind)
    return session.scalars(query.having(func.max(Forecast.fetched_at) < until)).all()
