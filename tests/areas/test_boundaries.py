"""A boundary file is taken whole, or refused whole with what is wrong in it."""

import json
import math
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import shapely
from flask import Flask
from sqlalchemy import select

from smartcity.areas import service
from smartcity.areas.models import BoundaryRow
from smartcity.core.datafile import BadFile
from smartcity.core.db import reading
from tests.areas.conftest import import_file

Write = Callable[[Any], Path]
CODE = "10507"


def stored() -> dict[str, datetime]:
    with reading() as session:
        rows = session.execute(select(BoundaryRow.area_code, BoundaryRow.imported_at))
        return {row.area_code: row.imported_at for row in rows}


def first_feature(boxes: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = boxes["features"][0]
    return found


SPOILT: dict[str, tuple[Callable[[Any, Any], object], str]] = {
    "NaN": (lambda _, ring: ring[1].__setitem__(0, math.nan), "NaN is no JSON number"),
    "open ring": (lambda _, ring: ring.pop(), r"features\[0\] \(10507\).*closed"),
    "collapsed ring": (
        lambda _, ring: ring.__setitem__(slice(None), [ring[0], ring[1], ring[0], ring[0]]),
        r"\(10507\): holds no ground",
    ),
    "text": (lambda _, ring: ring[1].__setitem__(0, "106.3"), r"\(10507\).*must be number"),
    "one coordinate": (lambda _, ring: ring[1].pop(), r"\(10507\)"),
    "swapped": (
        lambda _, ring: [corner.reverse() for corner in ring],
        r"\(10507\): not \[longitude, latitude\]",
    ),
    "no code": (lambda feature, _: feature["properties"].clear(), r"\[0\]: properties.code is not"),
    "a number as code": (
        lambda feature, _: feature["properties"].update(code=10507),
        r"features\[0\]: properties.code is not a text",
    ),
    "no properties": (lambda feature, _: feature.pop("properties"), r"\[0\]: properties.code"),
    "no geometry": (lambda feature, _: feature.update(geometry=None), r"features\[0\] \(10507\)"),
    "a point": (
        lambda feature, ring: feature["geometry"].update(type="Point", coordinates=ring[0]),
        r"\(10507\): a Point is no boundary",
    ),
    "another code": (
        lambda feature, _: feature["properties"].update(code="99999"),
        "no boundary of 10507",
    ),
    "a code twice": (
        lambda feature, _: feature["properties"].update(code="10525"),
        "10525 is there 2 times",
    ),
}


def test_one_bad_feature_refuses_the_file(
    unbounded: None, boxes: dict[str, Any], write: Write, subtests: pytest.Subtests
) -> None:
    import_file(write(boxes))
    before = stored()
    assert len(before) == 114
    for how, (spoil, fault) in SPOILT.items():
        with subtests.test(how):
            spoilt = deepcopy(boxes)
            spoil(first_feature(spoilt), first_feature(spoilt)["geometry"]["coordinates"][0])
            with pytest.raises(BadFile, match=f"^wards.geojson: .*{fault}"):
                import_file(write(spoilt))
            assert stored() == before


def test_a_coordinate_that_no_number_holds_refuses_the_file(
    unbounded: None, boxes: dict[str, Any], write: Write, subtests: pytest.Subtests
) -> None:
    first_feature(boxes)["geometry"]["coordinates"][0][1][0] = "HERE"
    for written in ("1e999", "Infinity", "[" * 100_000 + "]" * 100_000):
        with subtests.test(written[:9]):
            with pytest.raises(BadFile, match=r"^wards.geojson: "):
                import_file(write(json.dumps(boxes).replace('"HERE"', written)))
            assert stored() == {}


def test_a_feature_that_is_none_refuses_the_file(
    unbounded: None, boxes: dict[str, Any], write: Write
) -> None:
    boxes["features"][:4] = [None, [], 1, "text"]
    with pytest.raises(BadFile) as refused:
        import_file(write(boxes))
    told = str(refused.value).splitlines()
    assert told == [
        f"wards.geojson: features[{number}]: properties.code is not a text" for number in range(4)
    ]


NO_COLLECTIONS = (
    b"",
    b"<html></html>",
    b'{"type": "FeatureCollection", "features": [',
    b'{"type": "FeatureCollection"}',
    b'{"type": "Feature", "features": []}',
    b"[]",
    b"31",
    "Hải Phòng".encode("cp1258", "ignore"),
    b"\x00" * 1000,
    b"[" * 100_000,
)


def test_what_is_no_feature_collection_is_refused(
    unbounded: None, write: Write, subtests: pytest.Subtests
) -> None:
    for content in NO_COLLECTIONS:
        with subtests.test(content[:20]):
            with pytest.raises(BadFile, match=r"^wards.geojson: "):
                import_file(write(content))
            assert stored() == {}


def test_a_file_that_is_not_there_is_refused(in_app: Flask, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"absent\.geojson"):
        import_file(tmp_path / "absent.geojson")


def test_faults_are_told_together_but_not_without_end(
    unbounded: None, boxes: dict[str, Any], write: Write
) -> None:
    for feature in boxes["features"]:
        del feature["properties"]["code"]
    with pytest.raises(BadFile) as refused:
        import_file(write(boxes))
    lines = str(refused.value).splitlines()
    assert len(lines) == 21
    assert lines[-1].endswith("and 94 more")


def test_a_shape_that_crosses_itself_is_mended_and_named(
    unbounded: None, boxes: dict[str, Any], write: Write
) -> None:
    ring = first_feature(boxes)["geometry"]["coordinates"][0]
    ring[1], ring[2] = ring[2], ring[1]
    assert import_file(write(boxes)).mended == [CODE]
    ward = service.reference().areas[CODE]
    assert service.locate(ward.latitude, ward.longitude - 0.001).exact is True
    assert service.locate(ward.latitude, ward.longitude + 0.001).exact is True
    assert service.locate(ward.latitude + 0.001, ward.longitude).exact is False  # between them
    with reading() as session:
        drawn = session.get_one(BoundaryRow, CODE).geometry
    assert shapely.from_wkb(drawn).is_valid


def test_codes_of_other_provinces_are_passed_over_and_named(
    unbounded: None, boxes: dict[str, Any], write: Write
) -> None:
    stranger = json.loads(json.dumps(first_feature(boxes)))
    stranger["properties"]["code"] = "00004"
    boxes["features"].append(stranger)
    assert import_file(write(boxes)) == service.Summary(114, [], ["00004"])
    assert "00004" not in stored()


def test_heights_and_holes_are_understood(
    unbounded: None, boxes: dict[str, Any], write: Write
) -> None:
    rings = first_feature(boxes)["geometry"]["coordinates"]
    ward = service.reference().areas[CODE]
    x, y = ward.longitude, ward.latitude
    rings.append([[x, y], [x, y + 0.001], [x + 0.001, y + 0.001], [x, y]])
    rings[0] = [[*corner, 12.5] for corner in rings[0]]
    import_file(write(boxes))
    assert service.locate(y + 0.0008, x + 0.0002).exact is False
    assert service.locate(y - 0.0008, x).exact is True


def test_a_second_import_takes_the_place_of_the_first(
    unbounded: None, boxes: dict[str, Any], write: Write
) -> None:
    import_file(write(boxes))
    ward = service.reference().areas[CODE]
    assert service.locate(ward.latitude, ward.longitude).exact
    for corner in first_feature(boxes)["geometry"]["coordinates"][0]:
        corner[0] += 0.0045
    import_file(write(boxes))
    assert not service.locate(ward.latitude, ward.longitude).exact
    assert len(stored()) == 114
