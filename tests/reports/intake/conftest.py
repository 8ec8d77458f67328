"""Boundaries of two wards side by side, and reports looked at by the worker."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import shapely
from flask import Flask
from sqlalchemy import delete

from smartcity.areas import service as areas
from smartcity.areas.locate import ward_map
from smartcity.areas.models import BoundaryRow
from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.reports.models import Report
from tests.helpers import rows, work

WEST, EAST = "10507", "10525"
BORDER = 106.335  # degrees of longitude, where the two meet
LATITUDE = 20.95
METRE = 1 / 103_850  # degrees of longitude there


def at(metres: float) -> dict[str, float]:
    """A place so many metres east of the border between the two wards."""
    return {"latitude": LATITUDE, "longitude": BORDER + metres * METRE}


@pytest.fixture
def bordered(app: Flask) -> Iterator[None]:
    """Boundaries: two wards of some kilometres that meet, every other one a speck far off."""
    with app.app_context():
        with transaction() as session:
            session.add_all(_boundary(ward) for ward in areas.reference().wards)
        ward_map().forget()
    yield
    with app.app_context(), transaction() as session:
        session.execute(delete(BoundaryRow))


def _boundary(ward: areas.Area) -> BoundaryRow:
    shapes = {
        WEST: shapely.box(BORDER - 0.03, LATITUDE - 0.03, BORDER, LATITUDE + 0.03),
        EAST: shapely.box(BORDER, LATITUDE - 0.03, BORDER + 0.03, LATITUDE + 0.03),
    }
    speck = shapely.box(ward.longitude, 20.0, ward.longitude + 0.001, 20.001)
    shape = shapely.to_wkb(shapes.get(ward.code, speck))
    return BoundaryRow(area_code=ward.code, geometry=shape, source="test", imported_at=clock.now())


@pytest.fixture
def looked_at(app: Flask) -> Callable[[], list[Report]]:
    """Let the worker make photos and look at reports; those that there are, in their order."""

    def look() -> list[Any]:
        work(app, "media", "reports")
        return sorted(rows(app, Report), key=lambda report: report.number)

    return look
