"""Open reports near a place, nearest first: a handful of columns, and never the whole street."""

import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session

from smartcity.areas.service import METRES_PER_DEGREE
from smartcity.core.db import UtcDateTime, is_sqlite
from smartcity.reports.duplicates.matcher import MOST_OF_TEXT
from smartcity.reports.models import FILED, OPEN, PLACE, Report

MOST = 60  # reports that are looked at: on a day of floods a street has hundreds


@dataclass(frozen=True, slots=True)
class Nearby:
    """What is compared of a report, and what decides who may be told of it."""

    id: uuid.UUID
    reporter_id: uuid.UUID | None
    category: str
    latitude: float
    longitude: float
    public: bool
    public_latitude: float | None
    public_longitude: float | None
    submitted_at: datetime
    folded: str

    @property
    def place(self) -> tuple[float, float]:
        """In degrees."""
        return self.latitude, self.longitude


_COLUMNS: tuple[ColumnElement[Any], ...] = (
    Report.__table__.c.id,
    Report.__table__.c.reporter_id,
    Report.__table__.c.category,
    Report.__table__.c.latitude,
    Report.__table__.c.longitude,
    (Report.__table__.c.visibility == "public").label("public"),
    Report.__table__.c.public_latitude,
    Report.__table__.c.public_longitude,
    Report.__table__.c.submitted_at,
    func.substr(Report.__table__.c.folded, 1, MOST_OF_TEXT),
)
_OPEN = select(*_COLUMNS).where(OPEN, Report.part_of.is_(None)).limit(MOST)
_LATITUDE, _LONGITUDE, _UP, _ACROSS = (
    bindparam(name, type_=Report.__table__.c.latitude.type) for name in ("y", "x", "up", "across")
)
_SINCE = bindparam("since", type_=UtcDateTime())
_BOX = func.box(
    func.point(_LONGITUDE - _ACROSS, _LATITUDE - _UP),
    func.point(_LONGITUDE + _ACROSS, _LATITUDE + _UP),
)
_ON_POSTGRESQL: Select[Any] = _OPEN.where(
    PLACE.op("<@")(_BOX), FILED.op("<@")(func.tstzrange(_SINCE, None))
).order_by(PLACE.op("<->")(func.point(_LONGITUDE, _LATITUDE)))
_ON_SQLITE: Select[Any] = _OPEN.where(
    Report.latitude.between(_LATITUDE - _UP, _LATITUDE + _UP),
    Report.longitude.between(_LONGITUDE - _ACROSS, _LONGITUDE + _ACROSS),
    Report.submitted_at >= _SINCE,
).order_by(func.abs(Report.latitude - _LATITUDE) + func.abs(Report.longitude - _LONGITUDE))


def nearby(
    session: Session, place: tuple[float, float], metres: float, since: datetime
) -> Sequence[Nearby]:
    """The nearest open reports filed since then in a square around a place in degrees."""
    up = metres / METRES_PER_DEGREE
    across = up / math.cos(math.radians(min(abs(place[0]), 89)))
    values = {"y": place[0], "x": place[1], "up": up, "across": across, "since": since}
    statement = _ON_SQLITE if is_sqlite(session) else _ON_POSTGRESQL
    return [Nearby(*row) for row in session.connection().execute(statement, values)]
