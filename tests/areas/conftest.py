"""A province folder to edit, boundaries to import, and the database as it was afterwards."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from smartcity.areas import service
from smartcity.areas.models import BoundaryRow
from smartcity.core.db import transaction
from smartcity.reports.category_files import load_categories
from smartcity.settings import Settings
from tests.conftest import shared_data

PROVINCE = Settings().province_dir
Edit = Callable[[str, str, str], Path]


@pytest.fixture
def unbounded(in_app: Flask) -> Iterator[None]:
    """Whatever boundaries the test imports, the next one finds none."""
    yield
    with transaction() as session:
        session.execute(delete(BoundaryRow))


@pytest.fixture
def restored(in_app: Flask) -> Iterator[None]:
    """Whatever province the test loads, the next one finds the demo province."""
    yield
    with transaction() as session:
        service.load_province(session, PROVINCE)
        load_categories(session, PROVINCE)


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """A copy of the demo province with one text replaced: `edited(file, old, new)`."""
    folder = tmp_path / "province"

    def edit(file: str, old: str, new: str) -> Path:
        shutil.copytree(PROVINCE, folder, dirs_exist_ok=True)
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), "utf-8")
        return folder

    return edit


@pytest.fixture
def boxes(in_app: Flask) -> dict[str, Any]:
    """GeoJSON that gives every commune a box of about 400 m around its centre."""
    features = [_box(ward) for ward in service.reference().wards]
    return {"type": "FeatureCollection", "features": features}


def _box(ward: service.Area) -> dict[str, Any]:
    x, y, half = ward.longitude, ward.latitude, 0.002
    west, east, south, north = x - half, x + half, y - half, y + half
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"code": ward.code}, "geometry": geometry}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Any], Path]:
    """Write a boundary file: text or bytes as they are, anything else as JSON."""

    def write(content: Any) -> Path:
        file = tmp_path / "wards.geojson"
        if isinstance(content, bytes):
            file.write_bytes(content)
        else:
            file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return file

    return write


@pytest.fixture
def real_boundaries() -> Path:
    folder = shared_data()
    file = folder / "wards_31_hai_phong.geojson" if folder else None
    if file is None or not file.is_file():
        pytest.skip("wards_31_hai_phong.geojson is not at hand (TEST_SHARED_DATA)")
    return file


def import_file(file: Path) -> service.Summary:
    with transaction() as session:
        return service.import_boundaries(session, file)
