"""A place finds its commune: by boundary, by the nearest centre, or not at all."""

import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, event

from smartcity.areas import service
from smartcity.areas.locate import ward_map
from smartcity.areas.models import BoundaryRow
from smartcity.core.db import engine, transaction
from smartcity.core.errors import Invalid
from tests.areas.conftest import Edit, import_file

ISLAND = "11948"  # Bạch Long Vĩ, 60 km from its neighbours
OUTSIDE = {
    "Hà Nội": (21.0285, 105.8542),
    "the open sea": (20.3, 107.3),
    "where no coordinates were given": (0.0, 0.0),
    "latitude and longitude swapped": (20.0, 20.0),
    "Uông Bí, Quảng Ninh": (21.0358, 106.7636),
    "Thái Bình, Hưng Yên": (20.4463, 106.3366),
    "the antimeridian": (20.85, -180.0),
    "not a number": (math.nan, 106.6),
    "infinity": (20.85, math.inf),
}


def assert_every_centre_finds_its_ward(exact: bool) -> None:
    wards = service.reference().wards
    assert len(wards) == 114
    for ward in wards:
        found = service.locate(ward.latitude, ward.longitude)
        assert (found.ward, found.exact) == (ward, exact)
        assert found.agency is not None
        assert found.agency.area_code == ward.code
        assert found.province.code == ward.parent_code


def assert_nothing_outside_is_found() -> None:
    for place, (latitude, longitude) in OUTSIDE.items():
        with pytest.raises(Invalid) as refused:
            pytest.fail(f"{place}: {service.locate(latitude, longitude)}")
        assert set(refused.value.errors) == {"latitude", "longitude"}


def test_without_boundaries_the_nearest_centre_is_found(in_app: Flask) -> None:
    assert_every_centre_finds_its_ward(exact=False)
    assert_nothing_outside_is_found()


def test_with_boundaries_the_commune_is_exact(
    unbounded: None, boxes: dict[str, Any], write: Callable[[Any], Path]
) -> None:
    import_file(write(boxes))
    assert_every_centre_finds_its_ward(exact=True)
    assert_nothing_outside_is_found()


def test_half_a_kilometre_off_shore_still_counts(
    unbounded: None, boxes: dict[str, Any], write: Callable[[Any], Path]
) -> None:
    import_file(write(boxes))
    island = service.reference().areas[ISLAND]
    shore = island.latitude + 0.002
    metre = 1 / 111_195
    near = service.locate(shore + 490 * metre, island.longitude)
    assert (near.ward, near.exact) == (island, False)
    east = island.longitude + 0.002 + 490 * metre / math.cos(math.radians(island.latitude))
    assert service.locate(island.latitude, east).ward is island
    with pytest.raises(Invalid):
        service.locate(shore + 510 * metre, island.longitude)


def test_a_place_on_a_common_border_always_finds_the_same_commune(
    unbounded: None, boxes: dict[str, Any], write: Callable[[Any], Path]
) -> None:
    first, second = boxes["features"][:2]
    first["geometry"] = second["geometry"]
    import_file(write(boxes))
    x, y = second["geometry"]["coordinates"][0][0]
    assert service.locate(y, x).ward.code == first["properties"]["code"]


def test_boundaries_that_lack_a_commune_are_not_used(
    unbounded: None, boxes: dict[str, Any], write: Callable[[Any], Path]
) -> None:
    import_file(write(boxes))
    with transaction() as session:
        session.execute(delete(BoundaryRow).where(BoundaryRow.area_code == ISLAND))
    ward_map().forget()
    assert_every_centre_finds_its_ward(exact=False)


def test_a_commune_that_ended_is_found_no_more(restored: None, edited: Edit) -> None:
    folder = edited(
        "areas.yaml", f'{{code: "{ISLAND}",', f'{{code: "{ISLAND}", valid_to: 2026-01-31,'
    )
    island = service.reference().areas[ISLAND]
    with transaction() as session:
        service.load_province(session, folder)
    assert len(service.reference().wards) == 113
    assert service.locate(island.latitude, island.longitude).ward.code != ISLAND
    assert service.reference().areas[ISLAND].name_vi == island.name_vi


def test_locating_spends_no_statement(in_app: Flask) -> None:
    service.locate(20.95957, 106.32514)
    statements: list[str] = []
    event.listen(engine(), "before_cursor_execute", lambda *call: statements.append(call[2]))
    for _ in range(10):
        service.locate(20.95957, 106.32514)
        service.agency("so-xay-dung")
    assert statements == []


def test_real_boundaries(unbounded: None, real_boundaries: Path) -> None:
    assert import_file(real_boundaries) == service.Summary(114, [], [])
    assert_every_centre_finds_its_ward(exact=True)
    assert_nothing_outside_is_found()
    assert _corners_found(real_boundaries) > 0.999


def test_locating_among_real_boundaries_is_fast(
    unbounded: None, real_boundaries: Path, record_property: Callable[[str, object], None]
) -> None:
    import_file(real_boundaries)
    wards = service.reference().wards
    service.locate(wards[0].latitude, wards[0].longitude)
    started = time.process_time()
    for ward in wards * 5:
        service.locate(ward.latitude, ward.longitude)
    each = (time.process_time() - started) / len(wards * 5)
    record_property("microseconds", round(each * 1e6))  # 30 measured
    assert each < 0.0005


def _corners_found(file: Path) -> float:
    """The part of all boundaries' corners that lie in some commune."""
    document = json.loads(file.read_bytes())
    polygons = [p for f in document["features"] for p in f["geometry"]["coordinates"]]
    corners = [corner for polygon in polygons for corner in polygon[0]][::20]
    found = [service.locate(y, x).exact for x, y in corners]
    return sum(found) / len(found)
